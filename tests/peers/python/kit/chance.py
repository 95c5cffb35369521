"""Values by chance for any schema, in the peer's form: within their bounds, near their ends, or outside."""

import math
import random
import struct

import mapping
from kit.states import STATES
from statecookie_peer import IMMUTABLE, Duration, EnumValue, Some
from statecookie_peer import general as g, strict as s
from statecookie_peer.bounds import OneOf, Range, Signed, within
from statecookie_peer.schema import STRICT

LETTERS = "ab z\0éßя€𝄞"
FLOATS = (0.0, -0.0, 1.0, -1.5, 0.1, 360.0, 500.0, 5e-324, 1e308, math.inf, -math.inf)


class Dice(random.Random):
    """A generator with the draws that are wanted here."""

    def one_in(self, n):
        return self.randrange(n) == 0

    def whole(self, low, high):
        """A whole number of any size between the two, the ends more often than chance."""
        match self.randrange(6):
            case 0:
                return low
            case 1:
                return high
            case 2:
                return min(high, low + self.randrange(3))
            case 3:
                return max(low, min(high, self.randrange(-200, 201)))
            case 4:
                bits = self.randrange(1, 129)
                return max(low, min(high, self.getrandbits(bits) - (1 << bits - 1 if low < 0 else 0)))
        return self.randint(low, high)

    def text(self, most):
        out = ""
        for _ in range(self.randrange(most + 1)):
            letter = self.choice(LETTERS)
            if len((out + letter).encode()) > most:
                break
            out += letter
        return out

    def f32(self, number):
        """The nearest number that an f32 holds."""
        return struct.unpack("<f", struct.pack("<f", number))[0] if abs(number) < 3e38 or math.isinf(number) else 0.5


def scalar(dice, kind):
    """Any value of the kind but NaN."""
    match kind:
        case "bool":
            return dice.one_in(2)
        case "char":
            return dice.choice(LETTERS)
        case "duration":
            return Duration(dice.whole(0, 2**64 - 1), dice.whole(0, 999_999_999))
        case "f32" | "f64":
            number = dice.choice(FLOATS) if dice.one_in(2) else dice.uniform(-1000, 1000)
            return dice.f32(number) if kind == "f32" else number
    bits = int(kind[1:])
    return dice.whole(0, 2**bits - 1) if kind[0] == "u" else dice.whole(-2**(bits - 1), 2**(bits - 1) - 1)


def general(dice, shape, depth=0):
    """Any value of a signed type, not too large."""
    deep = depth > 6
    down = lambda inner: general(dice, inner, depth + 1)
    some = lambda: range(0 if deep else dice.randrange(4))
    match shape:
        case g.GScalar(kind):
            return scalar(dice, kind)
        case g.GLater(inner) | g.GNewtype(inner):
            return down(inner)
        case g.GString():
            return dice.text(dice.choice((3, 20, 130)))
        case g.GBytes():
            return dice.randbytes(dice.randrange(20))
        case g.GUnit():
            return ()
        case g.GOption(inner):
            return None if deep or dice.one_in(3) else Some(down(inner))
        case g.GTuple(items):
            return tuple(map(down, items))
        case g.GSeq(g.GUnit()):
            return []
        case g.GSeq(inner):
            return [down(inner) for _ in some()]
        case g.GMap(key, value):
            return sorted({down(key): down(value) for _ in some()}.items())
        case g.GStruct(fields):
            return {name: down(inner) for name, inner in fields}
        case g.GEnum(variants):
            v = variants[0] if deep else dice.choice(variants)
            if v.kind == "unit":
                return EnumValue(v.name)
            return EnumValue(v.name, down(mapping.WRAP[v.kind](v.content)))
    raise TypeError(shape)


def strict(dice, shape, lengths, leaf):
    """Any value of a mutable type; `leaf` draws its numbers."""
    down = lambda inner, rest: strict(dice, inner, rest, leaf)
    match shape:
        case s.Scalar(kind):
            return leaf(kind)
        case s.String():
            return dice.text(lengths[0])
        case s.Array(length, inner):
            return [down(inner, lengths) for _ in range(length)]
        case s.Sequence(inner):
            return [down(inner, lengths[1:]) for _ in range(dice.randrange(lengths[0] + 1))]
        case s.Option(inner):
            return None if dice.one_in(3) else Some(down(inner, lengths))
        case s.Enum(variants):
            return dice.choice(variants)
        case s.Struct(members):
            return {m.name: strict(dice, m.shape, m.bound.lengths, _leaf(dice, m.bound, {})) for m in members}
    raise TypeError(shape)


def mutable(dice, f, immutables, tries=12):
    """A value of the field within its bound; None if none was found."""
    for _ in range(tries):
        if isinstance(f.bound.rule, OneOf):
            value = dice.choice(f.bound.rule.values)
        else:
            value = strict(dice, f.shape, f.bound.lengths, _leaf(dice, f.bound, immutables))
        if within(f.shape, f.bound, value, immutables):
            return value
    return None


def outside(dice, f, immutables, tries=12):
    """A value of the field outside its bound; None if none was found."""
    for _ in range(tries):
        value = strict(dice, f.shape, f.bound.lengths, lambda kind: scalar(dice, kind))
        if not within(f.shape, f.bound, value, immutables):
            return value
    return None


def _leaf(dice, bound, immutables):
    """Draws leaves: near the ends of a range more often than not."""
    rule = bound.rule
    ends = rule.function(immutables) if isinstance(rule, Signed) and immutables else None
    low, high = (rule.low, rule.high) if isinstance(rule, Range) else (ends[:2] if ends else (None, None))

    def draw(kind):
        if dice.one_in(4) or kind in ("bool", "char"):
            return scalar(dice, kind)
        at = dice.choice([end for end in (low, high) if end is not None] or [None])
        if at is None:
            return scalar(dice, kind)
        if kind == "duration":
            return Duration(max(0, at.secs + dice.randrange(-1, 2)), dice.choice((at.nanos, 0, 999_999_999)))
        if kind in ("f32", "f64"):
            span = low + dice.random() * (high - low) if None not in (low, high) and math.isfinite(high - low) else at
            number = dice.choice((at, math.nextafter(at, 0), span)) if math.isfinite(at) else at
            return dice.f32(number) if kind == "f32" else number
        number = dice.randint(low, high) if None not in (low, high) and low <= high and dice.one_in(2) else at + dice.randrange(-2, 3)
        bits = int(kind[1:])
        least, most = (0, 2**bits - 1) if kind[0] == "u" else (-2**(bits - 1), 2**(bits - 1) - 1)
        return max(least, min(most, number))

    return draw


def state(dice, schema):
    """A valid state: an honest one with many fields drawn anew, as long as it stays valid."""
    values = {f.name: mapping.from_json(f.shape, STATES[schema.name][f.name]) for f in schema.fields}
    return changed(dice, schema, values, range(schema.n))


def changed(dice, schema, values, tiers):
    """The state with fields of these tiers drawn anew, as long as it stays valid."""
    for f in schema.fields:
        if f.tier not in tiers or dice.one_in(3):
            continue
        immutables = {i.name: values[i.name] for i in schema.fields if i.cls == IMMUTABLE and i.tier >= f.tier}
        value = mutable(dice, f, immutables) if f.cls in STRICT else general(dice, f.shape)
        if value is None and f.cls in STRICT:
            continue
        other = {**values, f.name: value}
        if valid(schema, other, f.cls == IMMUTABLE):
            values = other
    return values


def valid(schema, values, signed_bounds=False):
    """The struct's own validation holds, and signed bounds where asked for; other bounds were held when the values were drawn."""
    immutables = {f.name: values[f.name] for f in schema.fields if f.cls == IMMUTABLE}
    depend = [f for f in schema.fields if f.cls in STRICT and isinstance(f.bound.rule, Signed)] if signed_bounds else ()
    bounded = all(within(f.shape, f.bound, values[f.name], immutables) for f in depend)
    return bounded and (schema.validate is None or bool(schema.validate(values)))
