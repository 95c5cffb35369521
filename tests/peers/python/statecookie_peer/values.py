"""Python forms of the values that Python has no unambiguous form of, and the leaves both codecs share."""

import struct
from dataclasses import dataclass

from .errors import malformed
from .varint import text, u


@dataclass(frozen=True)
class Some:
    """A present option. An absent one is None."""
    value: object


@dataclass(frozen=True, order=True)
class Duration:
    secs: int
    nanos: int = 0


@dataclass(frozen=True)
class EnumValue:
    """A variant with content (general codec). Unit variants have content ()."""
    variant: str
    content: object = ()


SCALARS = ("u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 bool char duration").split()


def encode_scalar(kind, value):
    """The bytes of one scalar; ValueError or TypeError if the value does not fit it."""
    if kind == "bool":
        if not isinstance(value, bool):
            raise TypeError("bool wanted")
        return b"\1" if value else b"\0"
    if kind == "char":
        if not isinstance(value, str) or len(value) != 1:
            raise ValueError("one character wanted")
        return text(value)
    if kind == "duration":
        if not 0 <= value.nanos < 1_000_000_000:
            raise ValueError("nanoseconds out of range")
        return u(value.secs) + u(value.nanos, 32)
    if kind in ("f32", "f64"):
        try:
            return struct.pack("<f" if kind == "f32" else "<d", value)
        except (OverflowError, struct.error) as error:
            raise ValueError(str(error)) from error
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("integer wanted")
    bits = int(kind[1:])
    if kind[0] == "u":
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{value} is not a {kind}")
        return bytes([value]) if bits == 8 else u(value, bits)
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise ValueError(f"{value} is not an {kind}")
    if bits == 8:
        return bytes([value & 0xFF])
    return u(2 * value if value >= 0 else -2 * value - 1, bits)


def decode_utf8(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("not UTF-8") from error


def decode_scalar(reader, kind):
    """Read one scalar, strictly."""
    if kind == "bool":
        b = reader.byte()
        if b > 1:
            raise malformed("bool is neither 0 nor 1")
        return b == 1
    if kind == "char":
        s = decode_utf8(reader.text())
        if len(s) != 1:
            raise malformed("not exactly one character")
        return s
    if kind == "duration":
        secs, nanos = reader.u(64), reader.u(32)
        if nanos >= 1_000_000_000:
            raise malformed("nanoseconds out of range")
        return Duration(secs, nanos)
    if kind == "f32":
        return struct.unpack("<f", reader.take(4))[0]
    if kind == "f64":
        return struct.unpack("<d", reader.take(8))[0]
    bits = int(kind[1:])
    if bits == 8:
        b = reader.byte()
        return b - 256 if kind == "i8" and b > 127 else b
    n = reader.u(bits)
    if kind[0] == "u":
        return n
    return n >> 1 if n & 1 == 0 else -(n >> 1) - 1
