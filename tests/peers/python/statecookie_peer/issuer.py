"""Section 10: an issuer of updates."""

import os
from dataclasses import dataclass, field
from typing import Optional

from . import general, strict
from .bounds import within
from .crypt import TAG, child_prefix, full_tag, pad, root_prefix, seal, seal_with_nonce
from .errors import NotIssuable, WireError
from .schema import IMMUTABLE, MUTABLE, PRIVATE
from .varint import Reader, U64_MAX
from .wire import MAX_BLOB, UPDATE, RootInfo, build_blob, child_header, root_header, shape_byte


@dataclass
class Issued:
    """What the issuer remembers of the last cookie of a tier."""
    counter: int
    not_before: int
    not_after: int
    full_tag: bytes
    issued_at: int
    cookie: bytes = b""


@dataclass
class Session:
    """A server's live session. `tiers[k]` is None as long as tier k has no cookie."""
    session_id: bytes
    branch: bytes
    born: int
    absolute_end: int
    required: int
    identity: Optional[bytes] = None
    key_id: Optional[int] = None
    tiers: list = field(default_factory=list)
    must_be_full: bool = True

    def vector(self, tier):
        """The counters from the root down to `tier`."""
        return tuple(self.tiers[t].counter for t in range(len(self.tiers) - 1, tier - 1, -1))


class Issuer:
    """Makes the updates of sessions of one pool. `random(n)` may be replaced for reproducible bytes."""

    def __init__(self, pool, random=os.urandom):
        self.pool, self.schema, self.random = pool, pool.schema, random

    def new_session(self, now_ms, identity=None, session_id=None, branch=None, required=None):
        """A session that begins now. Its first update is full, with all counters 0."""
        born = now_ms // 1000
        return Session(session_id or self.random(16), branch or self.random(4), born,
                       born + self.schema.session_max, required or self.schema.required_default(),
                       identity, None, [None] * self.schema.n, True)

    def adopt(self, restored, for_good=True, branch=None):
        """Go on with an accepted bundle: for good (next update full, fresh branch) or for one request."""
        info, n = restored.root, self.schema.n
        tiers = [None] * n
        for c, tag in zip(restored.cookies, restored.full_tags):
            tiers[c.tier] = Issued(c.vector[-1], c.not_before, c.not_after, tag, c.not_before, c.raw)
        new_branch = (branch or self.random(4)) if for_good else info.branch
        return Session(info.session_id, new_branch, info.born, info.absolute_end, info.required,
                       restored.identity, info.key_id, tiers, for_good)

    def due_at(self, session, tier):
        """The time (seconds, may be x.5) from which a tier's cookie is due; None if it is never renewed."""
        t = session.tiers[tier]
        if t.not_after >= session.absolute_end:
            return None
        own = self.schema.tiers[tier]
        after = own.valid_for / 2 if own.renew_after is None else own.renew_after
        return t.not_before + after * min(t.not_after - t.not_before, own.valid_for) / own.valid_for

    def reissued(self, session, touched, now_ms):
        """The highest tier k to re-issue (k..0 are), before counters at their maximum are looked at; None for none."""
        n = self.schema.n
        key = self.pool.keys.signing(now_ms)
        if key is None:
            raise NotIssuable("no key to sign with")
        if session.must_be_full or session.key_id != key.id or session.tiers[n - 1] is None:
            return n - 1
        missing = [t for t in range(n) if session.tiers[t] is None]
        # A missing tier's counter is unknown: its lowest present parent is re-issued, so that 0 is new.
        wanted = set(touched) | ({max(missing) + 1} if missing else set())
        return max(wanted, default=None)

    def update(self, session, values, touched=(), now_ms=0, *, branch=None, session_id=None,
               nonces=None, padded=False):
        """The next update, full or partial, or None if nothing is to be re-issued.

        `nonces` maps a tier to the 24-byte nonce of its private section (default: random and hedged).
        `branch` and `session_id` replace the session's where a new one is due anyway.
        """
        schema, n = self.schema, self.schema.n
        top = self.reissued(session, touched, now_ms)
        if top is None:
            return None
        now, key = now_ms // 1000, self.pool.keys.signing(now_ms)
        self._check_values(values)
        fresh = session.tiers[n - 1] is None
        old = list(session.tiers)
        while not fresh and top < n and old[top] is not None and old[top].counter == U64_MAX:
            top += 1
        new_id = session.session_id
        if top == n:                                        # the root's counter stands at its maximum
            top, new_id, fresh = n - 1, session_id or self.random(16), True
        info = RootInfo(session.required, schema.hash, key.id, new_id, branch or session.branch,
                        session.born, session.absolute_end - session.born)
        tiers, cookies = list(old), []
        for tier in range(top, -1, -1):
            counter = old[tier].counter + 1 if tier == top and not fresh else 0
            parent = tiers[tier + 1] if tier < n - 1 else None
            previous = old[tier].not_before if old[tier] else 0
            above = tuple(tiers[t].counter for t in range(n - 1, tier, -1))
            tiers[tier] = self._cookie(tier, info, (*above, counter), parent, previous, now, key, values,
                                       session.identity, (nonces or {}).get(tier))
            cookies.append(tiers[tier].cookie)
        blob = build_blob(UPDATE, cookies, padded=padded)
        whole = build_blob(UPDATE, [tiers[t].cookie for t in range(n - 1, -1, -1)])
        if max(len(blob), len(whole)) > MAX_BLOB:
            raise NotIssuable("too large")
        session.tiers, session.session_id, session.branch = tiers, new_id, info.branch
        session.key_id, session.must_be_full = key.id, False
        return blob

    def _cookie(self, tier, info, vector, parent, previous, now, key, values, identity, nonce):
        schema, n = self.schema, self.schema.n
        valid_for = schema.tiers[tier].valid_for
        if parent is None:
            not_before = max(now, previous, info.born)
            not_after = min(now + valid_for, info.absolute_end, key.accept_until)
        else:
            not_before = max(now, previous, parent.not_before)
            not_after = min(now + valid_for, parent.not_after)
        not_after = max(not_after, not_before)
        has_immutable, has_private = bool(schema.of(tier, IMMUTABLE)), bool(schema.of(tier, PRIVATE))
        immutable = schema.encode_section(tier, IMMUTABLE, values)
        plaintext = pad(schema.encode_section(tier, PRIVATE, values), schema.pad)
        mutable = schema.encode_section(tier, MUTABLE, values)
        lengths = ([len(immutable)] if has_immutable else []) + ([len(plaintext)] if has_private else [])
        shape = shape_byte(tier, n, has_immutable, has_private)
        if parent is None:
            prefix = root_prefix(identity)
            header = root_header(shape, info, vector[0], not_before, not_after, lengths)
        else:
            prefix = child_prefix(parent.full_tag)
            header = child_header(shape, parent.full_tag[:4], vector, parent.not_before, not_before, not_after, lengths)
        private = b""
        if has_private:
            encrypt = self.pool.subkey(key, "encrypt")
            if nonce is not None:
                private = seal_with_nonce(encrypt, nonce, plaintext)
            else:
                private = seal(encrypt, self.pool.subkey(key, "hedge"), prefix + header + immutable, plaintext,
                               self.random(24))
        tag = full_tag(self.pool.subkey(key, "sign"), prefix, header, immutable, private)
        raw = header + immutable + private + tag[:TAG] + mutable
        return Issued(vector[-1], not_before, not_after, tag, now, raw)

    def _check_values(self, values):
        """Refuse to issue what the pool would refuse to accept: sections must decode, bounds must hold."""
        schema, immutables = self.schema, {}
        try:
            for tier in range(schema.n - 1, -1, -1):
                for cls in (IMMUTABLE, PRIVATE, MUTABLE):
                    raw = schema.encode_section(tier, cls, values)
                    reader = Reader(pad(raw, schema.pad) if cls == PRIVATE else raw)
                    for f in schema.of(tier, cls):
                        if cls == MUTABLE:
                            strict.decode(reader, f.shape, f.bound.lengths)
                        else:
                            general.decode(reader, f.shape)
                immutables.update((f.name, values[f.name]) for f in schema.of(tier, IMMUTABLE))
                for f in schema.of(tier, MUTABLE):
                    self._check_bound(f, values, immutables)
            reader = Reader(schema.encode_derived(values) or b"")
            for f in schema.derived:
                strict.decode(reader, f.shape, f.bound.lengths)
                self._check_bound(f, values, immutables)
        except WireError as error:
            raise NotIssuable(str(error)) from error
        if schema.validate is not None and not schema.validate(values):
            raise NotIssuable("invalid")

    @staticmethod
    def _check_bound(f, values, immutables):
        if not within(f.shape, f.bound, values[f.name], immutables):
            raise NotIssuable(f"{f.name} is outside its bound")
