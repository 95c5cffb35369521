"""Accepted: derived values at every end of their bounds, and under the cookies of a session that lives."""

import mapping
from kit.case import ring
from kit.forge import NOW
from kit.states import state, zeroed
from statecookie_peer import Issuer, Jar

# Name, and the client's derived values.
VALUES = [
    ("position-zero", {"position_ms": 0}),
    ("position-at-its-signed-end", {"position_ms": 5_400_000}),
    ("volume-zero", {"volume": 0}),
    ("volume-at-its-end", {"volume": 100}),
    ("text-empty", {"subtitle": ""}),
    ("text-of-greatest-length", {"subtitle": "äöü"}),
    ("text-with-a-zero-byte", {"subtitle": "a\0b"}),
    ("nested-low-end", {"viewport": {"width": 1, "zoom": 0.5}}),
    ("nested-high-end", {"viewport": {"width": 7680, "zoom": 1.0}}),
    ("all-at-once", {"position_ms": 127, "volume": 1, "subtitle": "x", "viewport": {"width": 128, "zoom": 1.0}}),
]


def add(kit):
    for name, values in VALUES:
        kit.accept(f"derived-{name}", "Film", kit.chain("Film", seed=name).deriving(**values).bundle(), state("Film", **values))
    tiers(kit)
    lives(kit)


def tiers(kit):
    """The values of a missing tier are the client's all the same."""
    silent = {"subtitle": "", "position_ms": 9}
    chain = lambda: kit.chain("Film", seed="tiers").deriving(**silent)
    missing = zeroed("Film", state("Film", **silent))
    kit.accept("derived-without-the-lowest-tier", "Film", chain().bundle(1), missing, [0])
    kit.accept("derived-with-the-lowest-tier-over", "Film", chain().bundle(), missing, [0], now_ms=(NOW + 700) * 1000)
    own = chain().own(0, quality=1).bundle(padded=True)
    kit.accept("derived-beside-own-values", "Film", own, state("Film", quality=1, **silent))
    short = state("Film", length_ms=0, position_ms=0)
    kit.accept("derived-under-a-signed-end-of-zero", "Film", kit.chain("Film", values=short).bundle(), short)


def lives(kit):
    """What the peer's jar presents after each update: the values stay until the client sets others."""
    pool, schema = ring(), kit.schemas["Film"]
    issuer = Issuer(mapping.pool({"pool": pool, "schema": "Film"}, kit.schemas), random=lambda n: bytes(range(n)))
    session, jar, values = issuer.new_session(NOW * 1000, b"user:7"), Jar(schema), state("Film")
    given = lambda: {f.name: mapping.from_json(f.shape, values[f.name]) for f in schema.fields}
    jar.merge(issuer.update(session, given(), now_ms=NOW * 1000))
    for f in schema.derived:
        jar.set_derived(f.name, given()[f.name])
    present = lambda name: kit.accept(f"derived-{name}", "Film", jar.bundle(), dict(values), pool=pool, identity=b"user:7",
                                      now_ms=(NOW + 9) * 1000)
    present("of-a-bound-session")
    values["quality"] = 1
    jar.merge(issuer.update(session, given(), {0}, (NOW + 5) * 1000))
    present("that-outlived-a-partial-update")
    values["length_ms"] = 5_000_000
    jar.merge(issuer.update(session, given(), {1}, (NOW + 6) * 1000))
    present("at-a-signed-end-that-moved-to-them")
