"""Sections 5 and 8: cookies, updates and bundles as bytes. Nothing here needs a key or a schema."""

from dataclasses import dataclass, replace
from typing import Optional

from .crypt import AEAD_TAG, NONCE, TAG
from .errors import WireError, malformed
from .varint import Reader, U64_MAX, u, u32le

UPDATE, BUNDLE, BUNDLE_DERIVED = 0, 1, 2
FORMAT = 1
MAX_BLOB = 65_524


@dataclass(frozen=True)
class RootInfo:
    """What only a root's header says."""
    required: int
    schema_hash: bytes
    key_id: int
    session_id: bytes
    branch: bytes
    born: int
    lifetime: int

    @property
    def absolute_end(self):
        return self.born + self.lifetime


@dataclass(frozen=True)
class Cookie:
    """A parsed cookie, with the received bytes of its parts.

    `not_before` and `not_after` are absolute if the parents are known, else relative to the unknown parent's.
    """
    shape: int
    vector: tuple
    root: Optional[RootInfo]
    link: Optional[bytes]
    not_before: int
    not_after: int
    header: bytes
    immutable: bytes
    private: bytes
    tag: bytes
    mutable: bytes

    @property
    def tier(self):
        return self.shape & 7

    @property
    def tiers(self):
        return (self.shape >> 3 & 7) + 1

    @property
    def signed_part(self):
        return self.header + self.immutable + self.private + self.tag

    @property
    def raw(self):
        return self.signed_part + self.mutable

    def with_mutable(self, section):
        return replace(self, mutable=section)


def shape_byte(tier, tiers, immutable, private):
    return tier | (tiers - 1) << 3 | bool(immutable) << 6 | bool(private) << 7


def _sum(a, b):
    if a + b > U64_MAX:
        raise malformed("a time above 64 bits")
    return a + b


def root_header(shape, info, sequence, not_before, not_after, lengths):
    """`lengths`: the immutable and private length as far as the shape announces them."""
    return (bytes([shape, FORMAT, info.required]) + info.schema_hash + u32le(info.key_id) + info.session_id
            + info.branch + u(sequence) + u(info.born) + u(info.lifetime) + u(not_before - info.born)
            + u(not_after - not_before) + b"".join(map(u, lengths)))


def child_header(shape, link, vector, parent_not_before, not_before, not_after, lengths):
    return (bytes([shape]) + link + b"".join(map(u, vector)) + u(not_before - parent_not_before)
            + u(not_after - not_before) + b"".join(map(u, lengths)))


def parse_cookie(raw, above=None):
    """Parse one cookie. `above` is the cookie before it in a blob, against which it is held once it was parsed whole."""
    r = Reader(raw)
    tier = None
    try:
        shape = r.byte()
        tier, tiers = shape & 7, (shape >> 3 & 7) + 1
        if tier >= tiers:
            raise malformed("tier not below the number of tiers")
        is_root = tier == tiers - 1
        if is_root:
            info, link, vector, base = _root_fields(r, tiers)
        else:
            info, link, vector, base = _child_fields(r, tiers - tier, above)
        later, life = r.u(), r.u()
        _sum(_sum(base if is_root else 0, later), life)     # the cookie's own; its parent's times come once it is linked
        immutable_length = r.u() if shape & 0x40 else 0
        private_length = r.u() + NONCE + AEAD_TAG if shape & 0x80 else 0
        header = r.data[:r.pos]
        sections = r.take(immutable_length), r.take(private_length), r.take(TAG), r.take(r.left)
        if above is not None:
            _check_below(above, tier, tiers, link, vector)
        not_before = _sum(base, later)
        return Cookie(shape, vector, info, link, not_before, _sum(not_before, life), header, *sections)
    except WireError as error:
        if error.tier is None:
            error.tier = tier
        raise


def _root_fields(r, tiers):
    if r.byte() != FORMAT:
        raise WireError("unknown-version", "version of the root")
    required = r.byte()
    if not 1 <= required <= tiers:
        raise malformed("required is 0 or above the number of tiers")
    schema_hash, key_id, session_id, branch = r.take(4), int.from_bytes(r.take(4), "little"), r.take(16), r.take(4)
    vector = (r.u(),)
    born = r.u()
    lifetime = r.u()
    _sum(born, lifetime)
    return RootInfo(required, schema_hash, key_id, session_id, branch, born, lifetime), None, vector, born


def _check_below(above, tier, tiers, link, vector):
    if tiers != above.tiers or tier != above.tier - 1:
        raise WireError("unlinked", "tiers do not stand below each other")
    if link != above.tag[:4]:
        raise WireError("unlinked", "link")
    if vector[:-1] != above.vector:
        raise WireError("unlinked", "sequence vector")


def _child_fields(r, counters, above):
    link = r.take(4)
    vector = tuple(r.u() for _ in range(counters))
    return None, link, vector, above.not_before if above else 0


@dataclass(frozen=True)
class Blob:
    kind: int
    cookies: tuple
    derived: Optional[bytes] = None


def parse_blob(blob, *, for_client):
    """Parse an update (client) or a bundle or full update (server), in the order of the bytes."""
    r = Reader(blob)
    first = r.byte()
    if first >> 5 != FORMAT:
        raise WireError("unknown-version", "format version of the blob")
    kind, count = first >> 3 & 3, (first & 7) + 1
    if kind == 3 or for_client and kind != UPDATE:
        raise malformed("kind")
    cookies = []
    for _ in range(count):
        above = cookies[-1] if cookies else None
        cookies.append(parse_cookie(r.take(r.u()), above))
    derived = r.text() if kind == BUNDLE_DERIVED else None
    if r.left and (r.left > 3 or len(r.data) % 4 or any(r.take(r.left))):
        raise malformed("padding")
    if kind == UPDATE and cookies[-1].tier != 0:
        raise malformed("an update ends with tier 0")
    if not for_client and not cookies[0].root:
        raise malformed("does not begin with the root")
    return Blob(kind, tuple(cookies), derived)


def build_blob(kind, cookies, derived=None, padded=False):
    """Frame raw cookies (bytes) as a blob."""
    out = bytes([FORMAT << 5 | kind << 3 | len(cookies) - 1]) + b"".join(u(len(c)) + c for c in cookies)
    if derived is not None:
        out += u(len(derived)) + derived
    return out + bytes(-len(out) % 4) if padded else out
