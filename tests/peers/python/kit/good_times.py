"""Accepted: to the millisecond at every end, and what becomes of tiers that are over."""

from kit.case import embedded, key, ring
from kit.forge import NOW
from kit.states import state, zeroed

LEEWAY = {"Note": 60_000, "Basket": 60_000, "World": 15_000, "Ladder": 30_500, "all numbers": 15_500, "Till": 45_000,
          "Archive": 60_000}


def add(kit):
    ends(kit)
    leeways(kit)
    defaults(kit)
    clips(kit)
    sessions(kit)
    far(kit)


def ends(kit):
    """The default leeway, half a second of it where the shortest validity is odd."""
    for schema, leeway in LEEWAY.items():
        chain, short = kit.chain(schema, seed="ends"), schema.replace("all ", "").lower()
        kit.accept(f"{short}-as-early-as-can-be", schema, chain.bundle(), state(schema), now_ms=NOW * 1000 - leeway)
        lowest = kit.schemas[schema].tiers[0].valid_for
        kit.accept(f"{short}-as-late-as-can-be", schema, chain.bundle(), state(schema),
                   now_ms=(NOW + lowest) * 1000 + leeway)


def leeways(kit):
    for millis in (0, 1, 1_499):
        chain = kit.chain("Note", seed="leeway")
        kit.accept(f"leeway-of-{millis}-ms-early", "Note", chain.bundle(), state("Note"), leeway_ms=millis, now_ms=NOW * 1000 - millis)
        kit.accept(f"leeway-of-{millis}-ms-late", "Note", chain.bundle(), state("Note"), leeway_ms=millis,
                   now_ms=(NOW + 3_600) * 1000 + millis)
    later = kit.chain("Basket").head(0, later=40)
    kit.accept("child-younger-than-the-clock", "Basket", later.bundle(), state("Basket"), leeway_ms=39_000)


def defaults(kit):
    """Tiers beyond the required ones that are over count as missing, with all below them."""
    ladder, chain = state("Ladder"), kit.chain("Ladder", seed="defaults")
    at = lambda seconds: dict(now_ms=(NOW + seconds) * 1000 + 30_501)
    one, two, three = {"step": 0}, {"step": 0, "name": ""}, {"step": 0, "name": "", "lean": 0}
    kit.accept("ladder-tier-0-over-by-a-millisecond", "Ladder", chain.bundle(), {**ladder, **one}, [0], **at(61))
    kit.accept("ladder-tier-1-over-by-a-millisecond", "Ladder", chain.bundle(), {**ladder, **two}, [0, 1], **at(600))
    kit.accept("ladder-tier-2-over-by-a-millisecond", "Ladder", chain.bundle(), {**ladder, **three}, [0, 1, 2], **at(3_600))
    world, basket = state("World"), state("Basket", least=0)
    kit.accept("world-tier-0-over", "World", kit.chain("World").bundle(), zeroed("World", world), [0], now_ms=(NOW + 1_000) * 1000)
    kit.accept("basket-tier-0-over", "Basket", kit.chain("Basket", values=basket).bundle(), zeroed("Basket", basket), [0],
               now_ms=(NOW + 661) * 1000)
    # What is not restored is not decoded: garbage in the mutable sections of tiers that are over.
    garbled = kit.chain("Ladder", seed="garbled").body(0, mutable=b"\xff" * 9).body(1, mutable=b"\x7f")
    kit.accept("garbage-in-tiers-that-are-over", "Ladder", garbled.bundle(), {**ladder, **two}, [0, 1], **at(600))
    # A tier that is over although the one below it is not: both are missing.
    brief = kit.chain("Ladder", seed="brief").lives(t1=1).lives(t0=500)
    kit.accept("tier-over-above-a-longer-one", "Ladder", brief.bundle(), {**ladder, **two}, [0, 1], now_ms=(NOW + 40) * 1000)
    kit.accept("tier-of-no-life-over", "Ladder", kit.chain("Ladder").lives(t2=0).bundle(), {**ladder, **three}, [0, 1, 2], **at(0))
    kit.accept("tier-of-no-life-within-the-leeway", "Ladder", kit.chain("Ladder").lives(t2=0).bundle(), ladder,
               now_ms=NOW * 1000 + 30_500)
    till = state("Till")
    kit.accept("till-tier-0-over", "Till", kit.chain("Till").bundle(), zeroed("Till", till), [0], now_ms=(NOW + 500) * 1000)


def clips(kit):
    """A longer life than this server's schema allows is clipped, not refused."""
    note, archive = state("Note"), state("Archive")
    long = kit.chain("Note", seed="long").head(0, life=50_000)
    kit.accept("longer-life-than-the-schema", "Note", long.bundle(), note, now_ms=(NOW + 3_600) * 1000)
    child = kit.chain("Archive", seed="child").lives(t0=90_000)
    kit.accept("child-longer-than-the-schema", "Archive", child.bundle(), archive, now_ms=(NOW + 3_600) * 1000)
    kit.accept("root-longer-than-the-session", "Archive", kit.chain("Archive").lives(t1=10**9).bundle(), archive)
    kit.accept("root-longer-than-its-key", "Archive", kit.chain("Archive", ring()).lives(t1=10**6).bundle(), archive, pool=ring())
    later = kit.chain("World", seed="later").head(1, later=100).head(0, later=200)
    kit.accept("each-tier-later-than-its-parent", "World", later.bundle(), state("World"), now_ms=(NOW + 310) * 1000)
    # The parent's end cuts the child's, which says more.
    over = kit.chain("World", seed="over").head(1, life=5).head(0, life=30)
    kit.accept("child-that-outlives-its-parent", "World", over.bundle(), state("World"), now_ms=(NOW + 5) * 1000 + 15_000)
    most = kit.chain("Note", seed="most", pool=ring(key(1, 0, NOW - 5, 10**6, 2 * 10**6))).head(0, life=2**64 - 1 - NOW)
    kit.accept("life-up-to-64-bits", "Note", most.bundle(), note, pool=ring(key(1, 0, NOW - 5, 10**6, 2 * 10**6)))


def sessions(kit):
    day = 86_400
    pool = ring(key(1, 0, NOW - 5, 10 * day, 12 * day))
    renewed = lambda later, **bent: kit.chain("Note", pool, seed="renewed").head(0, later=later, **bent).bundle()
    note = state("Note")
    kit.accept("session-in-its-last-millisecond", "Note", renewed(day - 10, life=3_600), note, pool=pool, now_ms=(NOW + day) * 1000 - 1)
    kit.accept("session-signed-longer-than-the-schema-in-its-last-millisecond", "Note",
               renewed(day - 10, life=3_600, lifetime=2 * day), note, pool=pool, now_ms=(NOW + day) * 1000 - 1)
    kit.accept("session-signed-shorter-in-its-last-millisecond", "Note", renewed(0, lifetime=70), note, pool=pool,
               now_ms=(NOW + 70) * 1000 - 1)
    kit.accept("session-of-the-longest-lifetime", "Note", renewed(0, lifetime=2**64 - 1 - NOW), note, pool=pool)
    kit.accept("born-when-all-before-are-refused", "Note", renewed(0), note, pool=pool, refuse_born_before=NOW)
    kit.accept("born-after-all-before-are-refused", "Note", renewed(0), note, pool=pool, refuse_born_before=NOW - 1)
    kit.accept("renewed-six-hours-after-its-birth", "Note", renewed(6 * 3_600), note, pool=pool, now_ms=(NOW + 6 * 3_600) * 1000)


def far(kit):
    """The first second there is, and the greatest numbers."""
    note = state("Note")
    kit.accept("clock-at-zero", "Note", kit.chain("Note", now=0).bundle(), note, now_ms=0)
    kit.accept("clock-at-zero-within-the-leeway", "Note", kit.chain("Note", now=60).bundle(), note, now_ms=0)
    top, ends = 2**64 - 1, dict(signs=2**40, accepts=2**64 - 1 - NOW)
    pool = ring(key(1, 0, NOW, **ends))
    kit.accept("key-that-is-accepted-for-ever", "Note", kit.chain("Note", pool).bundle(), note, pool=pool)
    for schema, vector in (("Note", [top]), ("Basket", [top, 128]), ("World", [0, top, 2**63]), ("Till", [127, 128, 16_384])):
        chain = kit.chain(schema, seed="counters").counters(*vector)
        kit.accept(f"{schema.lower()}-counters-{'-'.join(map(str, vector))}", schema, chain.bundle(), state(schema))
    chain = kit.chain("Ladder", seed="counters").counters(*range(8))
    kit.accept("ladder-counters-0-to-7", "Ladder", chain.bundle(), state("Ladder"))
    kit.accept("ladder-counters-at-their-greatest", "Ladder", chain.counters(*[top] * 8).bundle(), state("Ladder"))
    for hour in (1, 5):
        now = 10_800 * 200_000 + hour * 3_600
        kit.accept(f"hour-{hour}-of-another-year", "Ladder", kit.chain("Ladder", now=now).bundle(), state("Ladder"), now_ms=now * 1000,
                   pool=embedded())
