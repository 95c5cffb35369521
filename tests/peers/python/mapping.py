"""Maps the JSON of the vectors to the peer's objects, and its values back."""

import math

from statecookie_peer import (DERIVED, IMMUTABLE, MUTABLE, PRIVATE, Duration, EmbeddedKeys, EnumValue, Field, Key, KeyList, Pool,
                              Schema, Some, Tier, Verifier)
from statecookie_peer import general as g, strict as s
from statecookie_peer.bounds import AnyValue, Bound, Check, OneOf, Range, Signed

WRAP = {"newtype": g.GNewtype, "tuple": g.GTuple, "struct": g.GStruct}
CLASSES = {"immutable": IMMUTABLE, "private": PRIVATE, "mutable": MUTABLE, "derived": DERIVED}

# What a second language has to port by hand: functions of the application, and signed bounds.
CHECKS = {"is_even": lambda n: n % 2 == 0}
def _adds_up(values):
    whole = values["amount"] <= 1000 or values["confirmed"]
    paid = values["amount"] + values["tip"] <= values["limit"]
    return whole and paid and len(values["places"]) <= values["slots"]


VALIDATES = {
    "quality > 0 or subtitle is empty": lambda values: values["quality"] > 0 or not values["subtitle"],
    "step <= 1000": lambda values: values["step"] <= 1000,
    "(amount <= 1000 or confirmed) and amount + tip <= limit and count(places) <= slots": _adds_up,
}


def _least_to_twice_the_limit(values):
    high = values["limit"] * 2
    return (values["least"], high, False) if high < 2**16 else None


def _around(values):
    low, high = values["floor"] - 10, values["ceiling"] + 10
    return (low, high, False) if low >= -2**63 and high < 2**63 else None


SIGNED = {
    "self.least..=self.limit*2": _least_to_twice_the_limit,
    "self.floor..=self.ceiling": lambda values: (values["floor"], values["ceiling"], False),
    "-self.rate..self.rate*2.0": lambda values: (-values["rate"], values["rate"] * 2.0, True),
    "1..self.slots.saturating_sub(1)": lambda values: (1, max(values["slots"] - 1, 0), True),
    "0..=self.length_ms": lambda values: (0, values["length_ms"], False),
    "self.floor-10..=self.ceiling+10": _around,
}
ZEROS = {"bool": False, "char": "\0", "duration": Duration(0), "f32": 0.0, "f64": 0.0}


def schema(row):
    tiers = sorted(row["tiers"], key=lambda t: t["number"])
    return Schema(
        row["name"], row["version"],
        tuple(Tier(t["valid_for"], t["renew_after"], t["or_default"]) for t in tiers),
        tuple(map(_field, row["fields"])), row["session_max"], row["pad"],
        validate=VALIDATES[row["validate"]] if "validate" in row else None)


def _field(row):
    cls = CLASSES[row["class"]]
    if cls not in (MUTABLE, DERIVED):
        return Field(row["name"], row["tier"], cls, row["type"], _general(row["shape"], {}))
    shape = _strict(row["shape"])
    return Field(row["name"], row["tier"], cls, row["type"], shape, _bound(row["bound"], shape), _zero(shape))


def _general(row, named):
    """`named`: the shapes around this one that it may hold again."""
    match row["kind"]:
        case "scalar":
            return g.GScalar(row["scalar"])
        case "text":
            return g.GString()
        case "bytes":
            return g.GBytes()
        case "unit":
            return g.GUnit()
        case "newtype":
            return g.GNewtype(_general(row["item"], named))
        case "option":
            return g.GOption(_general(row["item"], named))
        case "sequence":
            return g.GSeq(_general(row["item"], named))
        case "tuple":
            return g.GTuple(tuple(_general(item, named) for item in row["items"]))
        case "map":
            return g.GMap(_general(row["key"], named), _general(row["value"], named))
        case "struct":
            return g.GStruct(_pairs(row["fields"], named))
        case "enum":
            return g.GEnum(tuple(_variant(variant, named) for variant in row["variants"]))
        case "named":
            later = g.GLater()
            later.kind = _general(row["shape"], {**named, row["name"]: later})
            return later
        case "again":
            return named[row["name"]]
    raise ValueError(row)


def _variant(row, named):
    if "newtype" in row:
        return g.GVariant(row["name"], "newtype", _general(row["newtype"], named))
    if "tuple" in row:
        return g.GVariant(row["name"], "tuple", tuple(_general(item, named) for item in row["tuple"]))
    if "struct" in row:
        return g.GVariant(row["name"], "struct", _pairs(row["struct"], named))
    return g.GVariant(row["name"])


def _pairs(rows, named):
    return tuple((name, _general(shape, named)) for name, shape in rows)


def _strict(row):
    match row["kind"]:
        case "scalar":
            return s.Scalar(row["scalar"])
        case "text":
            return s.String()
        case "array":
            return s.Array(row["len"], _strict(row["item"]))
        case "sequence":
            return s.Sequence(_strict(row["item"]))
        case "option":
            return s.Option(_strict(row["item"]))
        case "enum":
            return s.Enum(tuple(row["variants"]))
        case "struct":
            members = ((m, _strict(m["shape"])) for m in row["fields"])
            return s.Struct(tuple(s.Member(m["name"], shape, _bound(m["bound"], shape)) for m, shape in members))
    raise ValueError(row)


def _bound(row, shape):
    at = s.leaf(shape)
    match row["rule"]:
        case "any":
            rule = AnyValue()
        case "range":
            rule = Range(_end(at, row.get("low")), _end(at, row.get("high")), row["high_excluded"])
        case "one_of":
            rule = OneOf(tuple(from_json(shape, v) for v in row["values"]))
        case "check":
            rule = Check(row["path"], CHECKS[row["path"]])
        case "signed":
            rule = Signed(row["range"], SIGNED[row["range"]])
    return Bound(rule, tuple(row["lengths"]))


def _end(at, value):
    if value is None or not isinstance(value, str) or at == s.Scalar("char"):
        return value
    if at == s.Scalar("duration"):
        secs, _, nanos = value.removesuffix("s").partition(".")
        return Duration(int(secs), int(nanos.ljust(9, "0")))
    return float(value) if at.kind in ("f32", "f64") else int(value)


def _zero(shape):
    match shape:
        case s.Scalar(kind):
            return ZEROS.get(kind, 0)
        case s.String():
            return ""
        case s.Array(length, inner):
            return [_zero(inner)] * length
        case s.Sequence(_):
            return []
        case s.Option(_):
            return None
        case s.Struct(members):
            return {m.name: _zero(m.shape) for m in members}
        case s.Enum(variants):
            return variants[0]


def pool(case, schemas):
    config, sch = case["pool"], schemas[case["schema"]]
    return Pool(config["name"], _keys(config["keys"], sch), sch)


def verifier(case, schemas):
    config = case["pool"]
    given = {"refuse_born_before": config.get("refuse_born_before", 0), "leeway_ms": config.get("leeway_ms"),
             "refuse_sessions": frozenset(bytes.fromhex(s) for s in config.get("refuse_sessions", []))}
    if "max_bytes" in config:
        given["max_blob"] = config["max_bytes"]
    return Verifier(pool(case, schemas), **given)


def _keys(config, sch):
    if "embedded" in config:
        root = config["embedded"]
        return EmbeddedKeys(bytes.fromhex(root["secret"]), sch.tiers[-1].valid_for, root["skew"], root["rotation"])
    return KeyList([Key(k["id"], bytes.fromhex(k["secret"]), k["activates_at"], k["sign_until"], k["accept_until"],
                        k.get("revoked", False)) for k in config["ring"]])


def to_json(shape, value):
    """A value in the form of the vectors: that of serde, numbers of 128 bits as text."""
    match shape:
        case s.Scalar("u128" | "i128") | g.GScalar("u128" | "i128"):
            return str(value)
        case s.Scalar("f32" | "f64") | g.GScalar("f32" | "f64"):
            return value if math.isfinite(value) else str(value).replace("nan", "NaN")
        case g.GLater(inner):
            return to_json(inner, value)
        case g.GUnit():
            return None
        case g.GBytes():
            return list(value)
        case s.Scalar("duration") | g.GScalar("duration"):
            return {"secs": value.secs, "nanos": value.nanos}
        case s.Array(_, inner) | s.Sequence(inner) | g.GSeq(inner):
            return [to_json(inner, v) for v in value]
        case s.Option(inner) | g.GOption(inner):
            return None if value is None else to_json(inner, value.value)
        case s.Struct(members):
            return {m.name: to_json(m.shape, value[m.name]) for m in members}
        case g.GStruct(fields):
            return {name: to_json(inner, value[name]) for name, inner in fields}
        case g.GTuple(items):
            return [to_json(i, v) for i, v in zip(items, value, strict=True)]
        case g.GMap(_, inner):
            return {k: to_json(inner, v) for k, v in value}
        case g.GEnum(variants):
            variant = next(v for v in variants if v.name == value.variant)
            if variant.kind == "unit":
                return variant.name
            return {variant.name: to_json(WRAP[variant.kind](variant.content), value.content)}
        case g.GNewtype(inner):
            return to_json(inner, value)
    return value


def from_json(shape, value):
    """The peer's form of a value of the vectors."""
    match shape:
        case s.Scalar("u128" | "i128") | g.GScalar("u128" | "i128"):
            return int(value)
        case s.Scalar("f32" | "f64") | g.GScalar("f32" | "f64"):
            return float(value)
        case g.GLater(inner):
            return from_json(inner, value)
        case g.GUnit():
            return ()
        case g.GBytes():
            return bytes(value)
        case s.Scalar("duration") | g.GScalar("duration"):
            return Duration(value["secs"], value["nanos"])
        case s.Array(_, inner) | s.Sequence(inner) | g.GSeq(inner):
            return [from_json(inner, v) for v in value]
        case s.Option(inner) | g.GOption(inner):
            return None if value is None else Some(from_json(inner, value))
        case s.Struct(members):
            return {m.name: from_json(m.shape, value[m.name]) for m in members}
        case g.GStruct(fields):
            return {name: from_json(inner, value[name]) for name, inner in fields}
        case g.GTuple(items):
            return tuple(from_json(i, v) for i, v in zip(items, value, strict=True))
        case g.GMap(_, inner):
            return [(k, from_json(inner, v)) for k, v in sorted(value.items())]
        case g.GEnum(variants):
            if isinstance(value, str):
                return EnumValue(value)
            (name, content), = value.items()
            variant = next(v for v in variants if v.name == name)
            return EnumValue(name, from_json(WRAP[variant.kind](variant.content), content))
        case g.GNewtype(inner):
            return from_json(inner, value)
    return value
