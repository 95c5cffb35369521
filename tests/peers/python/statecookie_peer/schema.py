"""Section 3: a schema as data, its canonical description and its hash."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable, Optional

from . import general, strict
from .bounds import AnyValue, Bound, Check, OneOf, Range, Signed
from .varint import Reader, text, u, u32le

IMMUTABLE, PRIVATE, MUTABLE, DERIVED = 0, 1, 2, 3
STRICT = MUTABLE, DERIVED


@dataclass(frozen=True)
class Tier:
    """Times in whole seconds. None of this enters the description."""
    valid_for: int
    renew_after: Optional[int] = None
    or_default: bool = False


@dataclass(frozen=True)
class Field:
    """One field. `shape` is a general type for immutable and private fields, a strict shape for the others."""
    name: str
    tier: int
    cls: int
    declared_type: str
    shape: object
    bound: Bound = Bound()
    default: object = None


@dataclass(frozen=True, eq=False)
class Schema:
    name: str
    version: int
    tiers: tuple                    # tiers[0] is tier 0, tiers[-1] the root
    fields: tuple                   # in the order of declaration
    session_max: int
    pad: int = 16
    validate: Optional[Callable] = field(default=None)

    def __post_init__(self):
        if not 1 <= len(self.tiers) <= 8:
            raise ValueError("1 to 8 tiers")
        if self.pad < 1:
            raise ValueError("pad is at least 1")
        for f in self.fields:
            if not 0 <= f.tier < len(self.tiers):
                raise ValueError(f"{f.name}: no such tier")
            if f.cls in STRICT and strict.levels(f.shape) != len(f.bound.lengths):
                raise ValueError(f"{f.name}: one length for each level of variable length")

    @property
    def n(self):
        return len(self.tiers)

    def of(self, tier, cls):
        """The fields of one tier and class in the order of declaration."""
        return self._sections.get((tier, cls), ())

    @cached_property
    def _sections(self):
        found = {}
        for f in self.fields:
            found.setdefault((f.tier, f.cls), []).append(f)
        return found

    @cached_property
    def derived(self):
        """Derived fields as they travel: from the root's tier down, then as declared."""
        return tuple(f for tier in range(self.n - 1, -1, -1) for f in self.of(tier, DERIVED))

    @cached_property
    def description(self):
        return (text("statecookie schema 1") + text(self.name) + u(self.version) + u(self.pad) + u(self.n)
                + u(len(self.fields)) + b"".join(map(_field, self.fields)))

    @cached_property
    def hash(self):
        return u32le(fnv1a(self.description))

    def encode_section(self, tier, cls, values):
        """The concatenated encodings of the fields of a tier and class."""
        codec = strict if cls in STRICT else general
        return b"".join(codec.encode(f.shape, values[f.name]) for f in self.of(tier, cls))

    def encode_derived(self, values):
        """What stands in the derived section; None where there are no derived fields."""
        return b"".join(strict.encode(f.shape, values[f.name]) for f in self.derived) if self.derived else None

    def required_default(self):
        """The smallest `required` under which no tier that lacks `or_default` may be missing."""
        needed = [t for t in range(self.n) if not self.tiers[t].or_default]
        return self.n - min(needed, default=self.n - 1)


def fnv1a(data):
    h = 2166136261
    for b in data:
        h = (h ^ b) * 16777619 % 2**32
    return h


def _field(f):
    out = text(f.name) + u(f.tier) + u(f.cls) + text(f.declared_type)
    return out + _shape(f.shape) + _bound(f.shape, f.bound) if f.cls in STRICT else out


def _shape(shape):
    match shape:
        case strict.Scalar(kind):
            return u(0) + text(kind)
        case strict.String():
            return u(1)
        case strict.Array(length, inner):
            return u(2) + u(length) + _shape(inner)
        case strict.Sequence(inner):
            return u(3) + _shape(inner)
        case strict.Option(inner):
            return u(4) + _shape(inner)
        case strict.Enum(variants):
            return u(5) + u(len(variants)) + b"".join(map(text, variants))
        case strict.Struct(members):
            return u(6) + u(len(members)) + b"".join(
                text(m.name) + _shape(m.shape) + _bound(m.shape, m.bound) for m in members)
    raise TypeError(f"not a strict shape: {shape!r}")


def _bound(shape, bound):
    at = strict.leaf(shape)
    return u(len(bound.lengths)) + b"".join(map(u, bound.lengths)) + _rule(shape, at, bound.rule)


def _rule(shape, at, rule):
    match rule:
        case AnyValue():
            return u(0)
        case Range(low, high, excluded):
            flags = (low is not None) | (high is not None) << 1 | bool(excluded) << 2
            ends = [v for v in (low, high) if v is not None]
            return u(1) + u(flags) + b"".join(text(strict.encode(at, v)) for v in ends)
        case OneOf(values):
            return u(2) + u(len(values)) + b"".join(text(strict.encode(shape, v)) for v in values)
        case Check(path):
            return u(3) + text(path)
        case Signed(written):
            return u(4) + text(written)
    raise TypeError(f"not a rule: {rule!r}")
