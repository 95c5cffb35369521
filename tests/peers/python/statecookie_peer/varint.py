"""Section 1: varints, `str`, fixed little-endian numbers, and a strict reader over one byte string."""

from .errors import malformed

U64_MAX = 2**64 - 1


def u(value, bits=64):
    """Encode an unsigned number of at most `bits` bits as a varint in shortest form."""
    if not 0 <= value < 1 << bits:
        raise ValueError(f"{value} does not fit into {bits} bits")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(value):
    """`str(x)`: a length in bytes, then the bytes (UTF-8 for a Python str)."""
    raw = value.encode("utf-8") if isinstance(value, str) else bytes(value)
    return u(len(raw)) + raw


def u32le(value):
    return value.to_bytes(4, "little")


def u64le(value):
    return value.to_bytes(8, "little")


class Reader:
    """A cursor over bytes; every read that is not possible raises WireError("malformed")."""

    def __init__(self, data, pos=0):
        self.data, self.pos = bytes(data), pos
        self.end_at = len(self.data)

    @property
    def left(self):
        return self.end_at - self.pos

    def take(self, count):
        start, end = self.pos, self.pos + count
        if end > self.end_at:
            raise malformed(f"{count} bytes wanted, {self.left} left")
        self.pos = end
        return self.data[start:end]

    def byte(self):
        at = self.pos
        if at >= self.end_at:
            raise malformed("a byte wanted, none left")
        self.pos = at + 1
        return self.data[at]

    def u(self, bits=64):
        """A varint in shortest form whose value has at most `bits` bits."""
        at = self.pos
        if at < self.end_at and self.data[at] < 0x80:     # most are of one byte
            self.pos = at + 1
            return self.data[at]
        value = shift = 0
        while True:
            if shift >= bits:
                raise malformed("varint too long")
            b = self.byte()
            value |= (b & 0x7F) << shift
            if b < 0x80:
                break
            shift += 7
        if b == 0 and shift:
            raise malformed("varint not in shortest form")
        if value >> bits:
            raise malformed(f"varint above {bits} bits")
        return value

    def count(self):
        """An element count, or the length of a string: never above the bytes left in the section."""
        n = self.u()
        if n > self.left:
            raise malformed("count above the bytes left")
        return n

    def text(self):
        """The bytes of a `str`."""
        return self.take(self.count())

    def end(self):
        if self.left:
            raise malformed(f"{self.left} bytes too many")
