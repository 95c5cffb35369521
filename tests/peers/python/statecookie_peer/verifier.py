"""Section 11: a server's verifier."""

import hmac
from dataclasses import dataclass, field
from typing import Optional

from . import general, strict
from .bounds import within
from .crypt import TAG, child_prefix, full_tag, open_private, root_prefix
from .errors import Refused, WireError, malformed
from .schema import DERIVED, IMMUTABLE, MUTABLE, PRIVATE, STRICT
from .varint import U64_MAX, Reader
from .wire import MAX_BLOB, parse_blob


@dataclass(frozen=True)
class Restored:
    """An accepted state, and what an issuer needs to go on with it."""
    values: dict
    defaulted: tuple            # tiers that take their defaults, from the root down
    cookies: tuple              # all presented cookies, also those of expired `or_default` tiers
    full_tags: tuple
    identity: Optional[bytes]

    @property
    def root(self):
        return self.cookies[0].root


def _plus(*terms):
    """Sums saturate at 64 bits, in seconds and in milliseconds."""
    return min(sum(terms), U64_MAX)


def _ms(seconds):
    return min(seconds * 1000, U64_MAX)


def default_leeway_ms(schema):
    """60 s or half the shortest validity, whichever is less."""
    return min(60_000, min(t.valid_for for t in schema.tiers) * 500)


@dataclass
class Verifier:
    """`refuse_born_before` in seconds, `leeway_ms` in milliseconds."""
    pool: object
    leeway_ms: Optional[int] = None
    refuse_born_before: int = 0
    refuse_sessions: frozenset = frozenset()
    max_blob: int = MAX_BLOB
    schema: object = field(init=False)

    def __post_init__(self):
        self.schema = self.pool.schema
        if self.leeway_ms is None:
            self.leeway_ms = default_leeway_ms(self.schema)

    def resume(self, blob, now_ms, identity=None):
        """Check a bundle or a full update; Restored, or Refused at the first failure.

        `identity` is None where sessions are not bound to one.
        """
        schema = self.schema
        if len(blob) > self.max_blob:                                           # 1
            raise Refused("too-large")
        try:                                                                    # 2
            parsed = parse_blob(blob, for_client=False)
        except WireError as error:
            raise Refused(error.reason, error.tier, None, error.detail) from error
        cookies = parsed.cookies
        root = cookies[0]
        self._check_schema(parsed)                                              # 3
        self._check_tiers(cookies)                                              # 4
        if schema.derived and parsed.derived is None:
            raise Refused("missing-derived", schema.derived[0].tier, schema.derived[0].name)
        key = self.pool.keys.find(root.root.key_id, now_ms)                     # 5
        if key is None:
            raise Refused("unknown-key", root.tier)
        if key.revoked:
            raise Refused("key-revoked", root.tier)
        if now_ms >= _ms(key.accept_until):
            raise Refused("key-expired", root.tier)
        live, tags = self._check_signed(cookies, key, now_ms, identity)         # 6
        values, defaulted = self._fields(cookies[:live], parsed.derived, key)   # 7
        if schema.validate is not None and not schema.validate(values):         # 8
            raise Refused("invalid")
        return Restored(values, defaulted, cookies, tags, identity)

    def _check_schema(self, blob):
        schema, cookies = self.schema, blob.cookies
        root = cookies[0]
        if root.tiers != schema.n or root.root.schema_hash != schema.hash:
            raise Refused("unknown-schema", root.tier)
        if blob.derived is not None and not schema.derived:
            raise Refused("malformed", None, None, "a derived section without derived fields")
        for c in cookies:
            fits = (bool(c.shape & 0x40) == bool(schema.of(c.tier, IMMUTABLE))
                    and bool(c.shape & 0x80) == bool(schema.of(c.tier, PRIVATE)))
            if not fits:
                raise Refused("malformed", c.tier, None, "sections do not fit the schema")

    def _check_tiers(self, cookies):
        n, present = self.schema.n, len(cookies)
        if present < cookies[0].root.required:
            raise Refused("missing-tier", n - 1 - present)
        for tier in range(n - 1 - present, -1, -1):
            if not self.schema.tiers[tier].or_default:
                raise Refused("missing-tier", tier)

    def _check_signed(self, cookies, key, now_ms, identity):
        """Step 6. How many cookies (from the root down) count, and all full tags."""
        schema, info = self.schema, cookies[0].root
        sign = self.pool.subkey(key, "sign")
        prefix, limit, tags, live = root_prefix(identity), info.absolute_end, [], len(cookies)
        for position, c in enumerate(cookies):
            tag = full_tag(sign, prefix, c.header, c.immutable, c.private)
            if not hmac.compare_digest(tag[:TAG], c.tag):
                raise Refused("bad-tag", c.tier)
            if position == 0:
                if info.born < self.refuse_born_before or info.session_id in self.refuse_sessions:
                    raise Refused("revoked", c.tier)
                if now_ms >= _ms(min(info.absolute_end, _plus(info.born, schema.session_max))):
                    raise Refused("session-ended", c.tier)
            if now_ms < _ms(c.not_before) - self.leeway_ms:
                raise Refused("not-yet-valid", c.tier)
            if position < live:
                limit = min(c.not_after, _plus(c.not_before, schema.tiers[c.tier].valid_for), limit)
                if now_ms > _plus(_ms(limit), self.leeway_ms):
                    droppable = position >= info.required and all(t.or_default for t in schema.tiers[:c.tier + 1])
                    if not droppable:
                        raise Refused("expired", c.tier)
                    live = position
            tags.append(tag)
            prefix = child_prefix(tag)
        return live, tuple(tags)

    def _fields(self, cookies, derived, key):
        """Step 7. All values, and the tiers that took their defaults."""
        schema, values = self.schema, {}
        encrypt = self.pool.subkey(key, "encrypt")
        by_tier = {c.tier: c for c in cookies}
        plain = {c.tier: self._decrypt(encrypt, c) for c in cookies if c.private}
        defaulted = []
        for tier in range(schema.n - 1, -1, -1):
            c = by_tier.get(tier)
            if c is None:
                defaulted.append(tier)
                values.update((f.name, f.default) for f in schema.fields if f.tier == tier and f.cls != DERIVED)
                for f in schema.of(tier, MUTABLE):
                    self._check_bound(f, values)
                continue
            self._section(general, c.immutable, tier, IMMUTABLE, "internal-mismatch", values)
            if c.private:
                self._section(general, plain[tier], tier, PRIVATE, "internal-mismatch", values)
            if schema.of(tier, MUTABLE):
                self._section(strict, c.mutable, tier, MUTABLE, "malformed-value", values)
        self._derived(derived, values)
        for c in cookies:
            if c.mutable and not schema.of(c.tier, MUTABLE):
                raise Refused("malformed-value", c.tier, None, "a mutable section without mutable fields")
        return values, tuple(defaulted)

    def _decrypt(self, encrypt, cookie):
        try:
            return open_private(encrypt, cookie.private)
        except WireError as error:
            raise Refused("internal-mismatch", cookie.tier, None, error.detail) from error

    def _check_bound(self, f, values):
        immutables = {i.name: values[i.name] for i in self.schema.fields if i.cls == IMMUTABLE and i.name in values}
        if not within(f.shape, f.bound, values[f.name], immutables):
            raise Refused("out-of-range", f.tier, f.name)

    def _section(self, codec, raw, tier, cls, reason, out):
        """Adds the values of one section, which must be used up (a private one: but for its padding)."""
        reader, name = Reader(raw), None
        try:
            for f in self.schema.of(tier, cls):
                name = f.name
                out[name] = (codec.decode(reader, f.shape, f.bound.lengths) if cls in STRICT
                             else codec.decode(reader, f.shape))
                if cls == MUTABLE:
                    self._check_bound(f, out)
            name = None
            if cls == PRIVATE:
                if reader.left >= self.schema.pad or any(reader.take(reader.left)):
                    raise malformed("padding of private values")
            reader.end()
        except WireError as error:
            found = "out-of-range" if error.reason == "out-of-range" else reason
            raise Refused(found, tier, name, error.detail) from error

    def _derived(self, raw, out):
        """The client's values, one behind the other: where they end, the next field has none."""
        reader, f, is_over = Reader(raw or b""), None, False
        try:
            for f in self.schema.derived:
                is_over = reader.left == 0
                out[f.name] = strict.decode(reader, f.shape, f.bound.lengths)
                self._check_bound(f, out)
            f, is_over = None, False
            reader.end()
        except WireError as error:
            found = "missing-derived" if is_over else "malformed-value"
            found = "out-of-range" if error.reason == "out-of-range" else found
            raise Refused(found, f and f.tier, f and f.name, error.detail) from error
