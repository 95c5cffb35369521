"""Section 12: the client's jar. It holds no keys and checks no tag."""

from dataclasses import dataclass
from enum import Enum

from . import general
from .bounds import within
from .errors import DerivedMissing, NotIssuable
from .schema import IMMUTABLE
from .varint import Reader
from .wire import BUNDLE, BUNDLE_DERIVED, MAX_BLOB, build_blob, parse_blob

SPARE = 8


class Status(Enum):
    UNCHANGED = "Unchanged"
    MERGED = "Merged"
    OTHER_SESSION = "OtherSession"


@dataclass(frozen=True)
class Outcome:
    """What a merge did, and whether the client should now ask for a full update."""
    status: Status
    needs_full: bool


def identity_of(cookie):
    """Two cookies are the same if their signed parts are; the rest is the order in which spare ones go."""
    return cookie.tier, cookie.vector, cookie.tag, cookie.signed_part


class Jar:
    def __init__(self, schema=None):
        """Without a schema it knows of no derived fields, and leaves their lack to the server."""
        self.schema = schema
        self._derived = {}      # name -> the client's value
        self._cookies = {}      # identity_of -> Cookie, mutable section as issued
        self._own = {}          # tier -> (identity_of, own mutable section)

    # -- merging ---------------------------------------------------------------------------------

    def merge(self, update):
        """Take an update; WireError (`malformed`, `unlinked`, `unknown-version`) leaves the jar as it was."""
        return self._take(parse_blob(update, for_client=True).cookies)

    def union(self, other):
        """Take what another jar of the client holds (not its own values)."""
        return self._take(tuple(other._cookies.values()))

    def _take(self, cookies):
        if self._is_other_session(cookies):
            return Outcome(Status.OTHER_SESSION, self.needs_full)
        before = dict(self._cookies)
        if any(c.root for c in cookies) and not any(c.root for c in self._cookies.values()):
            tiers = cookies[0].tiers        # orphans of another number of tiers give way to the first root
            self._cookies = {k: c for k, c in self._cookies.items() if c.tiers == tiers}
        for c in cookies:
            held = self._cookies.get(identity_of(c))
            if held is None or _content(c) > _content(held):
                self._cookies[identity_of(c)] = c
        self._normalize()
        self._drop_own()
        changed = {k: _content(c) for k, c in before.items()} != {k: _content(c) for k, c in self._cookies.items()}
        return Outcome(Status.MERGED if changed else Status.UNCHANGED, self.needs_full)

    def _is_other_session(self, cookies):
        if not self._cookies or not cookies:
            return False
        mine = next((c for c in self._cookies.values() if c.root), None)
        theirs = next((c for c in cookies if c.root), None)
        if theirs is None:
            return next(iter(self._cookies.values())).tiers != cookies[0].tiers
        return mine is not None and _session(mine) != _session(theirs)

    def _normalize(self):
        """The normal form, then at most 8 cookies of each tier outside the best chain."""
        best = self.best_chain()
        if best:
            top = best[-1].vector
            self._cookies = {k: c for k, c in self._cookies.items() if c.vector >= top[:len(c.vector)]}
        in_best = {identity_of(c) for c in best}
        for tier in range(8):
            spare = sorted(k for k in self._cookies if k[0] == tier and k not in in_best)
            for k in spare[:-SPARE]:
                del self._cookies[k]

    # -- chains ----------------------------------------------------------------------------------

    def _chains_to(self):
        """For each cookie that hangs on a root: the chain down to it whose tags are greatest."""
        chains = {}
        for c in sorted(self._cookies.values(), key=lambda c: -c.tier):
            if c.root:
                chains[identity_of(c)] = (c,)
                continue
            above = [chain for chain in chains.values()
                     if chain[-1].tier == c.tier + 1 and chain[-1].tiers == c.tiers
                     and chain[-1].vector == c.vector[:-1] and chain[-1].tag[:4] == c.link]
            if above:
                chains[identity_of(c)] = max(above, key=_tags) + (c,)
        return list(chains.values())

    def best_chain(self):
        """The greatest chain from the root to tier 0, or ()."""
        whole = [c for c in self._chains_to() if c[-1].tier == 0]
        return max(whole, key=lambda c: (c[-1].vector, _tags(c)), default=())

    def presented(self):
        """What a bundle holds: the best chain, or ()."""
        return self.best_chain()

    @property
    def needs_full(self):
        """No chain, or a cookie beyond the best one."""
        best = self.best_chain()
        if not best:
            return True
        top = best[-1].vector
        return any(c.vector > top[:len(c.vector)] for c in self._cookies.values())

    # -- own values ------------------------------------------------------------------------------

    def set_own(self, tier, section):
        """The client's own mutable section of a tier, over the cookie now presented for it."""
        for c in self.presented():
            if c.tier == tier:
                self._own[tier] = identity_of(c), bytes(section)
                return
        raise KeyError(tier)

    def own(self, tier):
        """The client's own section of a tier, or None."""
        return self._own[tier][1] if tier in self._own else None

    def _drop_own(self):
        now = {c.tier: identity_of(c) for c in self.presented()}
        self._own = {t: (k, s) for t, (k, s) in self._own.items() if now.get(t) == k}

    # -- derived values --------------------------------------------------------------------------

    def set_derived(self, name, value):
        """A value the client worked out; it stays until another is set or the session is given up."""
        f = next(f for f in self.schema.derived if f.name == name)
        if not within(f.shape, f.bound, value, self._immutables()):
            raise ValueError(f"{name} is outside its bound")
        self._derived[name] = value

    def missing(self):
        """The first derived field without a value; one that a newer signed bound leaves outside counts as not set."""
        immutables = self._immutables() if self.schema and self.schema.derived else {}
        for f in self.schema.derived if self.schema else ():
            if f.name not in self._derived or not within(f.shape, f.bound, self._derived[f.name], immutables):
                return f.name
        return None

    def _immutables(self):
        values = {}
        for c in self.presented():
            reader = Reader(c.immutable)
            values |= {f.name: general.decode(reader, f.shape) for f in self.schema.of(c.tier, IMMUTABLE)}
        return values

    def bundle(self, padded=False):
        """The bytes to present, or None; DerivedMissing while a derived field has no value."""
        chain = self.presented()
        if not chain:
            return None
        raws = [c.with_mutable(self._own[c.tier][1] if c.tier in self._own else c.mutable).raw for c in chain]
        missing = self.missing()
        if missing is not None:
            raise DerivedMissing(missing)
        derived = self.schema.encode_derived(self._derived) if self.schema else None
        blob = build_blob(BUNDLE if derived is None else BUNDLE_DERIVED, raws, derived, padded)
        if len(blob) > MAX_BLOB:
            raise NotIssuable("bundle too large")
        return blob

    def clear(self):
        """Forget the session (logout, or before a new one is taken)."""
        self._cookies, self._own, self._derived = {}, {}, {}

    def state(self):
        """Comparable form of what is held: order-independent."""
        return frozenset((k, _content(c)) for k, c in self._cookies.items())


def _tags(chain):
    return tuple((c.tag, c.signed_part) for c in chain)


def _content(cookie):
    return cookie.mutable, cookie.signed_part


def _session(root):
    return root.root.session_id, root.root.schema_hash, root.tiers
