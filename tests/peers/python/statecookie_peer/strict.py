"""The strict codec (mutable fields): shapes, greatest lengths, encoding and decoding.

Python forms: int, float, bool, str, Duration, Some/None, list (array and sequence), the variant's name
(field-less enum), dict (struct).
"""

from dataclasses import dataclass

from .errors import WireError, malformed
from .values import SCALARS, Some, decode_scalar, decode_utf8, encode_scalar
from .varint import text, u


@dataclass(frozen=True)
class Scalar:
    kind: str

    def __post_init__(self):
        if self.kind not in SCALARS:
            raise ValueError(f"no scalar {self.kind}")


@dataclass(frozen=True)
class String:
    pass


@dataclass(frozen=True)
class Array:
    length: int
    inner: object


@dataclass(frozen=True)
class Sequence:
    inner: object


@dataclass(frozen=True)
class Option:
    inner: object


@dataclass(frozen=True)
class Enum:
    variants: tuple


@dataclass(frozen=True)
class Member:
    """A field of a nested struct, with its own bound (bounds.Bound)."""
    name: str
    shape: object
    bound: object


@dataclass(frozen=True)
class Struct:
    members: tuple


def levels(shape):
    """How many lengths a bound over this shape needs (those inside a struct belong to its members)."""
    match shape:
        case String():
            return 1
        case Sequence(inner):
            return 1 + levels(inner)
        case Array(_, inner) | Option(inner):
            return levels(inner)
    return 0


def leaf(shape):
    """What the rule of a bound speaks about: the innermost element of arrays, sequences and options."""
    while isinstance(shape, (Array, Sequence, Option)):
        shape = shape.inner
    return shape


def decode(reader, shape, lengths=()):
    """Read a value; `lengths` are the greatest lengths from the outside in."""
    match shape:
        case Scalar(kind):
            return decode_scalar(reader, kind)
        case String():
            n = reader.count()
            if n > lengths[0]:
                raise malformed("string longer than declared")
            return decode_utf8(reader.take(n))
        case Array(length, inner):
            return [decode(reader, inner, lengths) for _ in range(length)]
        case Sequence(inner):
            n = reader.count()
            if n > lengths[0]:
                raise malformed("sequence longer than declared")
            return [decode(reader, inner, lengths[1:]) for _ in range(n)]
        case Option(inner):
            flag = reader.byte()
            if flag > 1:
                raise malformed("option is neither 0 nor 1")
            return Some(decode(reader, inner, lengths)) if flag else None
        case Enum(variants):
            index = reader.u(32)
            if index >= len(variants):
                raise malformed("no such variant")
            return variants[index]
        case Struct(members):
            return {m.name: _member(reader, m) for m in members}
    raise TypeError(f"not a strict shape: {shape!r}")


def _member(reader, member):
    """A field of a nested struct is held against its bound before the next is read."""
    from .bounds import within          # which itself needs the shapes of this module

    value = decode(reader, member.shape, member.bound.lengths)
    if not within(member.shape, member.bound, value, {}):
        raise WireError("out-of-range", member.name)
    return value


def encode(shape, value):
    """The bytes of a value (lengths are checked by decoding again)."""
    match shape:
        case Scalar(kind):
            return encode_scalar(kind, value)
        case String():
            return text(value)
        case Array(length, inner):
            if len(value) != length:
                raise ValueError("wrong array length")
            return b"".join(encode(inner, v) for v in value)
        case Sequence(inner):
            return u(len(value)) + b"".join(encode(inner, v) for v in value)
        case Option(inner):
            return b"\0" if value is None else b"\1" + encode(inner, value.value)
        case Enum(variants):
            return u(variants.index(value))
        case Struct(members):
            return b"".join(encode(m.shape, value[m.name]) for m in members)
    raise TypeError(f"not a strict shape: {shape!r}")
