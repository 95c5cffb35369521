"""The general codec (immutable and private fields) over types given as data, at most 64 levels deep.

Python forms: Some/None, tuple (fixed length), list (sequence), list of pairs (map), dict (struct),
() (unit), EnumValue (every enum), str, bytes, int, float, bool, Duration; a newtype is its inner value.
"""

from dataclasses import dataclass

from .errors import malformed
from .values import Duration, EnumValue, Some, decode_scalar, decode_utf8, encode_scalar
from .varint import U64_MAX, text, u

MAX_DEPTH = 64
NANOS = 1_000_000_000


@dataclass(frozen=True)
class GScalar:
    """A scalar by its Rust name; `usize` and `isize` are written "u64" and "i64"."""
    kind: str


@dataclass(frozen=True)
class GString:
    pass


@dataclass(frozen=True)
class GBytes:
    pass


@dataclass(frozen=True)
class GUnit:
    """Unit or unit struct."""


@dataclass(frozen=True)
class GOption:
    inner: object


@dataclass(frozen=True)
class GNewtype:
    inner: object


@dataclass(frozen=True)
class GTuple:
    """Tuple, tuple struct, or an array as `GTuple((inner,) * n)`."""
    items: tuple


@dataclass(frozen=True)
class GSeq:
    inner: object


@dataclass(frozen=True)
class GMap:
    key: object
    value: object


@dataclass(frozen=True)
class GStruct:
    """Fields as pairs (name, type)."""
    fields: tuple


@dataclass(frozen=True)
class GVariant:
    """kind: "unit", "newtype" (content: a type), "tuple" (types) or "struct" (pairs)."""
    name: str
    kind: str = "unit"
    content: object = ()


@dataclass(frozen=True)
class GEnum:
    variants: tuple


@dataclass(eq=False)
class GLater:
    """A type that holds itself: made empty, filled once its content is known. It is no level of its own."""
    kind: object = None


def _deeper(depth):
    if depth >= MAX_DEPTH:
        raise malformed("nested too deep")
    return depth + 1


def decode(reader, kind, depth=0):
    """Read a value of the type `kind`."""
    match kind:
        case GScalar("duration"):
            _deeper(depth)          # as the struct it is
            return _duration(reader)
        case GScalar(name):
            return decode_scalar(reader, name)
        case GLater(inner):
            return decode(reader, inner, depth)
        case GString():
            return decode_utf8(reader.text())
        case GBytes():
            return reader.text()
        case GUnit():
            return ()
        case GOption(inner):
            flag = reader.byte()
            if flag > 1:
                raise malformed("option is neither 0 nor 1")
            return Some(decode(reader, inner, _deeper(depth))) if flag else None
        case GNewtype(inner):
            return decode(reader, inner, _deeper(depth))
        case GTuple(items):
            down = _deeper(depth)
            return tuple(decode(reader, item, down) for item in items)
        case GSeq(inner):
            down = _deeper(depth)
            return _counted(reader, lambda: decode(reader, inner, down))
        case GMap(key, value):
            down = _deeper(depth)
            return _counted(reader, lambda: (decode(reader, key, down), decode(reader, value, down)))
        case GStruct(fields):
            down = _deeper(depth)
            return {name: decode(reader, item, down) for name, item in fields}
        case GEnum(variants):
            index = reader.u(32)
            if index >= len(variants):
                raise malformed("no such variant")
            v = variants[index]
            if v.kind == "unit":
                return EnumValue(v.name)
            down = _deeper(depth)
            if v.kind == "newtype":
                return EnumValue(v.name, decode(reader, v.content, down))
            if v.kind == "tuple":
                return EnumValue(v.name, tuple(decode(reader, i, down) for i in v.content))
            return EnumValue(v.name, {n: decode(reader, i, down) for n, i in v.content})
    raise TypeError(f"not a general type: {kind!r}")


def _duration(reader):
    """Nanoseconds of a second and more are carried over, as the page says of the standard type."""
    secs, nanos = reader.u(64), reader.u(32)
    if secs + nanos // NANOS > U64_MAX:
        raise malformed("seconds above 64 bits")
    return Duration(secs + nanos // NANOS, nanos % NANOS)


def _counted(reader, element):
    """As many elements as the count says; a count above the bytes that they took is refused."""
    n = reader.count()
    start = reader.pos
    found = [element() for _ in range(n)]
    if n > reader.pos - start:
        raise malformed("count above the bytes of the elements")
    return found


def encode(kind, value):
    """The bytes of a value. Depth and count rules are the decoder's; an issuer decodes what it encoded."""
    match kind:
        case GScalar(name):
            return encode_scalar(name, value)
        case GLater(inner):
            return encode(inner, value)
        case GString() | GBytes():
            return text(value)
        case GUnit():
            return b""
        case GOption(inner):
            return b"\0" if value is None else b"\1" + encode(inner, value.value)
        case GNewtype(inner):
            return encode(inner, value)
        case GTuple(items):
            return b"".join(encode(i, v) for i, v in zip(items, value, strict=True))
        case GSeq(inner):
            return u(len(value)) + b"".join(encode(inner, v) for v in value)
        case GMap(key, item):
            return u(len(value)) + b"".join(encode(key, k) + encode(item, v) for k, v in value)
        case GStruct(fields):
            return b"".join(encode(i, value[n]) for n, i in fields)
        case GEnum(variants):
            index = [v.name for v in variants].index(value.variant)
            v = variants[index]
            if v.kind == "unit":
                return u(index)
            wrap = {"newtype": GNewtype, "tuple": GTuple, "struct": GStruct}[v.kind]
            content = wrap(v.content)
            return u(index) + encode(content, value.content)
    raise TypeError(f"not a general type: {kind!r}")
