"""A small schema, pool and session that the tests share."""

from statecookie_peer import (IMMUTABLE, MUTABLE, PRIVATE, Field, Issuer, Key, KeyList, Pool, Schema, Tier,
                              Verifier)
from statecookie_peer import general as g, strict as s
from statecookie_peer.bounds import Bound, OneOf, Range, Signed

NOW = 1_700_000_000_000
KEY = Key(7, bytes(range(32)), 0, 2**40, 2**40)


def quantity_ends(values):
    high = values["limit"] * 2
    return None if high >= 2**32 else (1, high, False)


def schema(**changes):
    given = dict(
        name="shop", version=3, session_max=86_400,
        tiers=(Tier(600, or_default=True), Tier(3600), Tier(10_800)),
        fields=(
            Field("user", 2, IMMUTABLE, "u64", g.GScalar("u64")),
            Field("secret", 2, PRIVATE, "String", g.GString()),
            Field("limit", 1, IMMUTABLE, "u32", g.GScalar("u32")),
            Field("amount", 1, MUTABLE, "u32", s.Scalar("u32"), Bound(Signed("1..=limit*2", quantity_ends))),
            Field("theme", 0, MUTABLE, "Theme", s.Enum(("Light", "Dark")), default="Light"),
            Field("note", 0, MUTABLE, "String", s.String(), Bound(lengths=(12,)), default=""),
            Field("zoom", 0, MUTABLE, "f32", s.Scalar("f32"), Bound(Range(0.5, 4.0)), default=1.0),
        ))
    return Schema(**{**given, **changes})


VALUES = dict(user=300, secret="pssst", limit=10, amount=20, theme="Dark", note="hé", zoom=1.5)


def pool(sch=None, keys=None):
    return Pool("test pool", keys or KeyList([KEY]), sch or schema())


def fixed_random(n):
    return bytes(range(1, n + 1))


def start(p=None, now=NOW, identity=None):
    """(issuer, session, first full update)."""
    issuer = Issuer(p or pool(), random=fixed_random)
    session = issuer.new_session(now, identity)
    return issuer, session, issuer.update(session, VALUES, now_ms=now)
