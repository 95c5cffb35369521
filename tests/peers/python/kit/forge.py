"""Chains of cookies of which every part can be bent before it is signed, as a server of the pool could do it, or after.

It knows sections 4 to 8 and 10 of the page through the peer's own functions, but for the header: that stays a row of named
bytes, so that it can say what no honest issuer writes.
"""

import copy
import hashlib
from dataclasses import dataclass, field

import mapping
from kit.states import state
from statecookie_peer import IMMUTABLE, MUTABLE, PRIVATE
from statecookie_peer.crypt import child_prefix, full_tag, pad, root_prefix, seal
from statecookie_peer.varint import u, u32le
from statecookie_peer.wire import BUNDLE, BUNDLE_DERIVED, UPDATE, build_blob, shape_byte

NOW = 1_800_000_000


class Dice:
    """Bytes that look random and follow from a name."""

    def __init__(self, name):
        self.name, self.drawn = name.encode(), 0

    def __call__(self, count):
        out = b""
        while len(out) < count:
            out += hashlib.sha256(self.name + u(self.drawn)).digest()
            self.drawn += 1
        return out[:count]


@dataclass
class Part:
    """One cookie before it is signed. A head of None is worked out when it is."""
    tier: int
    head: dict
    immutable: bytes
    plaintext: bytes
    mutable: bytes
    private: bytes = None               # stands for the sealed plaintext
    sign: object = None                 # stands for the tag: function of (sign key, prefix, head, sections)
    spans: dict = field(default_factory=dict)


class Chain:
    """One session's cookies, from the root down, issued at `now` (seconds) by the newest key unless bent."""

    def __init__(self, kit, schema, pool, values=None, *, now=NOW, identity=None, seed="", issued_as=None):
        self.schema = issued_as or kit.schemas[schema]
        self.pool = mapping.pool({"pool": pool, "schema": schema}, {schema: self.schema})
        self.key = self.pool.keys.signing(now * 1000) or self.pool.keys.find(now // 10_800, now * 1000)
        self.identity, self.now, self.dice = identity, now, Dice(seed or schema)
        given = values or state(schema)
        self.values = {f.name: mapping.from_json(f.shape, given[f.name]) for f in self.schema.fields}
        self.derived = self.schema.encode_derived(self.values)
        self.parts = [self._part(tier) for tier in range(self.schema.n - 1, -1, -1)]

    def _part(self, tier):
        schema, root = self.schema, tier == self.schema.n - 1
        of = lambda cls: schema.encode_section(tier, cls, self.values)
        has = {cls: bool(schema.of(tier, cls)) for cls in (IMMUTABLE, PRIVATE)}
        head = {"shape": bytes([shape_byte(tier, schema.n, has[IMMUTABLE], has[PRIVATE])])}
        if root:
            head |= {"version": b"\1", "required": bytes([schema.required_default()]), "hash": schema.hash,
                     "key": u32le(self.key.id), "session": self.dice(16), "branch": self.dice(4), "sequence": u(0),
                     "born": u(self.now), "lifetime": u(schema.session_max)}
        else:
            head |= {"link": None} | {f"counter {k}": u(0) for k in range(schema.n - 1, tier - 1, -1)}
        head |= {"later": u(0), "life": u(self._life(tier))}
        head |= {"immutable length": None} if has[IMMUTABLE] else {}
        head |= {"private length": None} if has[PRIVATE] else {}
        plaintext = pad(of(PRIVATE), schema.pad) if has[PRIVATE] else b""
        return Part(tier, head, of(IMMUTABLE), plaintext, of(MUTABLE))

    def _life(self, tier):
        ends = [self.key.accept_until - self.now, self.schema.session_max]
        return min([t.valid_for for t in self.schema.tiers[tier:]] + ends)

    def part(self, tier):
        return self.parts[self.schema.n - 1 - tier]

    def head(self, tier, **changes):
        """Bends named fields of a header before it is signed: numbers become varints. `_` stands for a space."""
        for name, value in changes.items():
            name = name.replace("_", " ")
            assert name in self.part(tier).head, name
            self.part(tier).head[name] = u(value) if isinstance(value, int) else value
        return self

    def body(self, tier, **changes):
        """Bends `immutable`, `plaintext`, `private`, `mutable` or `sign` of a cookie."""
        for name, value in changes.items():
            assert hasattr(self.part(tier), name), name
            setattr(self.part(tier), name, value)
        return self

    def counters(self, *vector):
        """The vector of the whole chain, in every cookie of it."""
        top = self.schema.n - 1
        for part in self.parts:
            for tier, counter in zip(range(top, part.tier - 1, -1), vector):
                part.head["sequence" if part.tier == top else f"counter {tier}"] = u(counter)
        return self

    def lives(self, **by_tier):
        """Signed lives, by tier: `t0=10` gives tier 0 ten seconds."""
        for name, life in by_tier.items():
            self.head(int(name[1:]), life=life)
        return self

    def own(self, tier, **values):
        """The client's own values of a tier, in the form of the vectors."""
        fields = {f.name: f for f in self.schema.of(tier, MUTABLE)}
        given = {name: mapping.from_json(fields[name].shape, value) for name, value in values.items()}
        return self.body(tier, mutable=self.schema.encode_section(tier, MUTABLE, {**self.values, **given}))

    def copy(self):
        other = copy.copy(self)
        other.parts = [copy.copy(p) for p in self.parts]
        for p in other.parts:
            p.head, p.spans = dict(p.head), {}
        return other

    def cookies(self):
        """The signed cookies, from the root down."""
        sub = lambda label: self.pool.subkey(self.key, label)
        prefix, above, out = root_prefix(self.identity), None, []
        for part in self.parts:
            parts = dict(part.head)
            if "link" in parts and parts["link"] is None:
                parts["link"] = above[:4]
            if parts.get("immutable length", b"") is None:
                parts["immutable length"] = u(len(part.immutable))
            if parts.get("private length", b"") is None:
                parts["private length"] = u(len(part.plaintext))
            head, private = b"".join(parts.values()), part.private or b""
            if "private length" in parts and part.private is None:
                context = prefix + head + part.immutable
                private = seal(sub("encrypt"), sub("hedge"), context, part.plaintext, self.dice.__class__("n")(24))
            tag = (part.sign or full_tag)(sub("sign"), prefix, head, part.immutable, private)
            parts |= {"immutable": part.immutable, "nonce": private[:24], "ciphertext": private[24:-16],
                      "AEAD tag": private[24:][-16:], "tag": tag[:16], "mutable": part.mutable}
            part.spans = _spans(parts)
            out.append(b"".join(parts.values()))
            prefix, above = child_prefix(tag), tag
        return out

    def deriving(self, **values):
        """The client's own derived values, in the form of the vectors."""
        fields = {f.name: f for f in self.schema.derived}
        given = {name: mapping.from_json(fields[name].shape, value) for name, value in values.items()}
        self.derived = self.schema.encode_derived({**self.values, **given})
        return self

    def bundle(self, count=8, kind=None, padded=False):
        """Of kind 2 where there are derived values, unless another kind is said."""
        return self._blob(self.cookies()[:count], kind, padded)

    def _blob(self, cookies, kind=None, padded=False):
        kind = kind if kind is not None else BUNDLE if self.derived is None else BUNDLE_DERIVED
        return build_blob(kind, cookies, self.derived if kind == BUNDLE_DERIVED else None, padded)

    def update(self, padded=False):
        return self.bundle(kind=UPDATE, padded=padded)

    def flipped(self, tier, name, at=-1, bits=1):
        """The bundle with bits of one named part changed on the way."""
        cookies, part = self.cookies(), self.part(tier)
        start, end = part.spans[name]
        assert start < end, name
        place = (start if at >= 0 else end) + at
        index = self.parts.index(part)
        raw = bytearray(cookies[index])
        raw[place] ^= bits
        cookies[index] = bytes(raw)
        return self._blob(cookies)


def _spans(parts):
    spans, at = {}, 0
    for name, raw in parts.items():
        spans[name] = at, at + len(raw)
        at += len(raw)
    return spans
