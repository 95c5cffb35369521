"""Refused for times, each to the millisecond: revoked and ended sessions, cookies that do not begin yet or are over."""

from kit.case import key, ring
from kit.forge import NOW
from kit.states import state

DAY = 86_400
TOP = 2**64 - 1
LEEWAY = {"Note": 60_000, "Basket": 60_000, "World": 15_000, "Ladder": 30_500, "all numbers": 15_500, "Till": 45_000,
          "Archive": 60_000}
# Never in the way.
LONG = ring(key(1, 0, NOW - 10, 100 * DAY, 200 * DAY))
EVER = ring(key(1, 0, NOW - 10, 100 * DAY, TOP - NOW + 10))


def add(kit):
    revoked(kit)
    revoked_keys(kit)
    revoked_sessions(kit)
    ended(kit)
    early(kit)
    over(kit)


def revoked(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "revoked", schema, blob, **given)
    note = kit.chain("Note")
    refuse("born-a-second-before", "Note", note.bundle(), refuse_born_before=NOW + 1)
    refuse("born-before-the-end-of-time", "Note", note.bundle(), refuse_born_before=TOP // 1000)
    refuse("born-at-the-beginning-of-time", "Note", kit.chain("Note", LONG).head(0, born=0, lifetime=TOP, later=NOW).bundle(),
           pool=LONG, refuse_born_before=1)
    old = kit.chain("Ladder", LONG, now=NOW).head(7, born=NOW - 3_600, later=3_600)
    refuse("renewed-since-but-born-before", "Ladder", old.bundle(), pool=LONG, refuse_born_before=NOW)
    bound = kit.chain("Basket", identity=b"user:42")
    refuse("bound-and-born-before", "Basket", bound.bundle(), identity=b"user:42", refuse_born_before=NOW + 1)
    refuse("revoked-before-the-end-of-the-session", "Note", kit.chain("Note").head(0, lifetime=0).bundle(), refuse_born_before=NOW + 1)
    refuse("revoked-before-its-not-before", "Note", kit.chain("Note").head(0, later=1_000).bundle(), refuse_born_before=NOW + 1)
    refuse("revoked-before-the-end-of-its-life", "Note", note.bundle(), refuse_born_before=NOW + 1, now_ms=(NOW + 4_000) * 1000)
    refuse("revoked-before-the-bad-tag-of-a-child", "World", kit.chain("World").flipped(0, "tag"), refuse_born_before=NOW + 1)
    refuse("revoked-before-what-it-holds", "Note", kit.chain("Note").body(0, mutable=b"").bundle(), refuse_born_before=NOW + 1)


def revoked_sessions(kit):
    note = kit.chain("Note", seed="alone")
    told = lambda chain: dict(refuse_sessions=[chain.part(chain.schema.n - 1).head["session"].hex(), bytes(16).hex()])
    refuse = lambda name, reason, schema, chain, **given: kit.refuse(name, reason, schema, chain.bundle(), **told(chain), **given)
    refuse("session-alone-revoked", "revoked", "Note", note)
    refuse("session-of-eight-tiers-alone-revoked", "revoked", "Ladder", kit.chain("Ladder", seed="alone"))
    refuse("session-alone-revoked-before-its-end", "revoked", "Note", note.copy().head(0, lifetime=0))
    refuse("session-alone-revoked-before-its-not-before", "revoked", "Note", note.copy().head(0, later=1_000))
    refuse("bad-tag-before-session-alone-revoked", "bad-tag", "Note", note.copy().body(0, sign=lambda *_: bytes(32)))
    bound = kit.chain("Basket", seed="alone", identity=b"user:42")
    refuse("session-alone-revoked-and-bound", "revoked", "Basket", bound, identity=b"user:42")
    refuse("session-alone-revoked-of-somebody-else", "bad-tag", "Basket", bound, identity=b"user:43")
    kit.accept("beside-a-session-alone-revoked", "Note", kit.chain("Note", seed="beside").bundle(), state("Note"), **told(note))


def revoked_keys(kit):
    """Whatever its times are, and before the tag and all that it covers."""
    old, new = key(1, 0, NOW - 5_000), key(2**32 - 1, 70, NOW - 400)
    pool, lost = ring(old, new), ring({**old, "revoked": True}, new)
    refuse = lambda name, schema, chain, reason="key-revoked", **given: kit.refuse(name, reason, schema, chain.bundle(), pool=lost, **given)
    of = lambda schema, **given: kit.chain(schema, ring(old), **given)
    refuse("signed-before-its-key-was-revoked", "Note", of("Note"))
    refuse("key-of-eight-tiers-revoked", "Ladder", of("Ladder"))
    refuse("key-revoked-before-it-activates", "Basket", of("Basket"), now_ms=(NOW - 5_001) * 1000)
    refuse("key-revoked-and-expired", "Note", of("Note"), now_ms=(NOW - 5_000 + 120_000) * 1000)
    refuse("key-revoked-before-a-bad-tag", "World", of("World").body(2, sign=lambda *_: bytes(32)))
    refuse("key-revoked-before-the-sessions-end", "Note", of("Note").head(0, lifetime=0))
    refuse("key-revoked-before-revoked-sessions", "Note", of("Note"), refuse_born_before=NOW + 1)
    bound = of("Basket", identity=b"user:42")
    refuse("key-revoked-and-bound", "Basket", bound, identity=b"user:42")
    note = kit.chain("Note", ring(new), seed="beside")
    kit.accept("beside-a-revoked-key", "Note", note.bundle(), state("Note"), pool=lost)
    gone = kit.chain("Note", pool, seed="gone").head(0, key=b"\7\0\0\0")
    refuse("unknown-key-beside-a-revoked-one", "Note", gone, "unknown-key")
    kit.refuse("missing-tiers-before-a-revoked-key", "missing-tier", "World", of("World").bundle(1), pool=lost)


def ended(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "session-ended", schema, blob, **given)
    late = kit.chain("Note", LONG, seed="late").head(0, later=DAY - 10, life=3_600)
    at = lambda after, **given: dict(pool=LONG, now_ms=(NOW + after) * 1000, **given)
    refuse("session-at-its-end", "Note", late.bundle(), **at(DAY))
    refuse("session-has-no-leeway", "Note", late.bundle(), **at(DAY, leeway_ms=3_599_999))
    refuse("session-a-second-after-its-end", "Note", late.bundle(), **at(DAY + 1))
    refuse("session-signed-longer-ends-by-the-schema", "Note", late.copy().head(0, lifetime=DAY + 100).bundle(), **at(DAY))
    refuse("session-signed-for-ever-ends-by-the-schema", "Note", late.copy().head(0, lifetime=TOP - NOW).bundle(), **at(DAY))
    refuse("session-signed-shorter-ends-by-its-signature", "Note", late.copy().head(0, lifetime=70, later=0).bundle(), **at(70))
    refuse("session-of-no-lifetime", "Note", kit.chain("Note").head(0, lifetime=0).bundle(), now_ms=NOW * 1000)
    basket = kit.chain("Basket", LONG).head(1, later=8 * 3_600 - 1)
    refuse("session-of-eight-hours-at-its-end", "Basket", basket.bundle(), **at(8 * 3_600))
    born = kit.chain("Note", LONG).head(0, born=0, lifetime=TOP, later=NOW)
    refuse("session-born-at-the-beginning-of-time", "Note", born.bundle(), pool=LONG)
    refuse("ended-before-its-not-before", "Note", kit.chain("Note").head(0, lifetime=0, later=500).bundle())
    refuse("ended-before-the-end-of-its-life", "Note", kit.chain("Note", LONG).bundle(), **at(DAY))
    refuse("ended-before-the-bad-tag-of-a-child", "World", kit.chain("World", LONG).flipped(1, "immutable"), **at(DAY))
    # Sums saturate: the last millisecond that a clock can show is the end of everything.
    last = kit.chain("Note", EVER).head(0, born=TOP - 5, lifetime=5, later=0, life=0)
    kit.refuse("key-at-the-last-millisecond", "key-expired", "Note", last.bundle(), pool=EVER, now_ms=TOP)


def early(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "not-yet-valid", schema, blob, **given)
    for schema, leeway in LEEWAY.items():
        short = schema.replace("all ", "").lower()
        refuse(f"{short}-a-millisecond-too-early", schema, kit.chain(schema).bundle(), now_ms=NOW * 1000 - leeway - 1)
    refuse("without-leeway-a-millisecond-too-early", "Basket", kit.chain("Basket").bundle(), leeway_ms=0, now_ms=NOW * 1000 - 1)
    refuse("with-a-configured-leeway", "Basket", kit.chain("Basket").bundle(), leeway_ms=599_000, now_ms=(NOW - 599) * 1000 - 1)
    for tier in (2, 1, 0):
        chain = kit.chain("World", seed="later").head(tier, later=17)
        refuse(f"tier-{tier}-issued-later-than-this-clock", "World", chain.bundle(), now_ms=(NOW + 2) * 1000 - 1)
    added = kit.chain("Ladder", seed="added")
    for tier in range(7):
        added.head(tier, later=5)
    refuse("lowest-later-by-five-seconds-in-each-tier", "Ladder", added.bundle(), now_ms=(NOW + 35) * 1000 - 30_501)
    far = kit.chain("Note", LONG).head(0, later=TOP - NOW, life=0, lifetime=TOP - NOW)
    refuse("not-before-the-greatest-there-is", "Note", far.bundle(), pool=LONG)
    lost = kit.chain("Ladder", seed="lost").head(0, later=TOP - NOW, life=0)
    refuse("not-before-of-an-or-default-tier-the-greatest", "Ladder", lost.bundle())
    # A tier that counts as missing is still checked, and what is below a tier that is over.
    below = kit.chain("Ladder", seed="below").lives(t1=1).head(0, later=100)
    refuse("too-early-below-a-tier-that-is-over", "Ladder", below.bundle(), now_ms=(NOW + 40) * 1000)
    refuse("root-too-early-before-a-child-that-is-over", "World", kit.chain("World").head(2, later=500).lives(t1=0).bundle())
    refuse("too-early-before-what-it-holds", "Basket", kit.chain("Basket").body(0, mutable=b"\xff").head(0, later=200).bundle())
    refuse("clock-at-zero", "Note", kit.chain("Note", now=61).bundle(), now_ms=0)
    hard = kit.chain("Note", now=61).bundle()
    refuse("clock-at-zero-and-the-leeway-too", "Note", hard, now_ms=999)


def over(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "expired", schema, blob, **given)
    for schema, tier in (("Note", 0), ("Basket", 1), ("World", 1), ("Ladder", 3), ("all numbers", 0), ("Till", 1), ("Archive", 0)):
        short, life = schema.replace("all ", "").lower(), kit.schemas[schema].tiers[tier].valid_for
        refuse(f"{short}-tier-{tier}-over-by-a-millisecond", schema, kit.chain(schema, LONG).bundle(), pool=LONG,
               now_ms=(NOW + life) * 1000 + LEEWAY[schema] + 1)
    refuse("without-leeway-over-by-a-millisecond", "Note", kit.chain("Note").bundle(), leeway_ms=0, now_ms=(NOW + 3_600) * 1000 + 1)
    refuse("root-over-and-its-children-too", "Ladder", kit.chain("Ladder", LONG).bundle(), pool=LONG, now_ms=(NOW + 22_000) * 1000)
    refuse("root-of-no-life", "Note", kit.chain("Note").lives(t0=0).bundle(), now_ms=(NOW + 60) * 1000 + 1)
    refuse("longer-than-the-schema-and-over-by-it", "Note", kit.chain("Note").lives(t0=50_000).bundle(), now_ms=(NOW + 3_660) * 1000 + 1)
    short = kit.chain("World", seed="short").head(1, life=5).head(0, life=30)
    refuse("middle-tier-of-five-seconds-over", "World", short.bundle(), now_ms=(NOW + 20) * 1000 + 1)
    lower = kit.chain("Archive", seed="lower", pool=LONG).lives(t1=40).head(0, life=3_600)
    refuse("child-over-with-its-parent-although-it-says-more", "Archive", lower.bundle(), pool=LONG, now_ms=(NOW + 101) * 1000)
    numbers = kit.chain("all numbers", seed="clip").head(1, life=7_000).head(0, later=6_990, life=31)
    refuse("child-cut-to-its-parents-end", "all numbers", numbers.bundle(), now_ms=(NOW + 7_000) * 1000 + 15_501)
    needed = kit.chain("Ladder", seed="needed").head(7, required=b"\x08")
    refuse("or-default-tier-over-that-the-root-requires", "Ladder", needed.bundle(), now_ms=(NOW + 61) * 1000 + 30_501)
    seven = kit.chain("Ladder", seed="seven").head(7, required=b"\7").lives(t1=10, t0=10)
    refuse("or-default-tier-above-the-lowest-that-the-root-requires", "Ladder", seven.bundle(), now_ms=(NOW + 41) * 1000)
    less = kit.chain("Archive", seed="less").head(1, required=b"\1")
    refuse("tier-over-that-only-the-schema-requires", "Archive", less.bundle(), now_ms=(NOW + 3_660) * 1000 + 1)
    refuse("over-before-what-it-holds", "Note", kit.chain("Note").body(0, mutable=b"", plaintext=b"").bundle(),
           now_ms=(NOW + 3_700) * 1000)
    refuse("over-before-the-bad-tag-of-a-child", "World", kit.chain("World", LONG).flipped(0, "tag"), pool=LONG, now_ms=(NOW + 2_000) * 1000)
    refuse("over-before-a-child-that-is-too-early", "World", kit.chain("World", seed="x").lives(t1=0).head(0, later=900).bundle(),
           now_ms=(NOW + 16) * 1000)
