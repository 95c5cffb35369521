"""Accepted: whole chains of every schema, keys, identities, and which cookies need not be there."""

from kit.case import embedded, key, ring
from kit.forge import NOW
from kit.states import state, zeroed
from statecookie_peer.wire import UPDATE

POOLS = {"embedded": embedded(), "ring": ring()}


def add(kit):
    whole(kit)
    keys(kit)
    identities(kit)
    fewer(kit)
    sizes(kit)


def whole(kit):
    """Every schema under both sources of keys, as an update (where nothing is derived) and as a bundle, with and without padding."""
    for schema in kit.schemas:
        short = schema.replace("all ", "").lower()
        for source, pool in POOLS.items():
            for padded in (False, True):
                chain = kit.chain(schema, pool, seed=f"{schema} {source} {padded}")
                end = "-padded" if padded else ""
                if chain.derived is None:
                    kit.accept(f"{short}-{source}-update{end}", schema, chain.update(padded), state(schema), pool=pool)
                kit.accept(f"{short}-{source}-bundle{end}", schema, chain.bundle(padded=padded), state(schema), pool=pool)


def keys(kit):
    """Windows of keys have no leeway, and begin before a key signs."""
    start, whole_day = NOW // 10_800 * 10_800, dict(signs=86_400, accepts=90_060)
    note = lambda pool, **given: kit.chain("Note", pool, seed="keys", **given).head(0, life=200_000).bundle()
    values = state("Note")
    late = (start + 10_800 + 3_600 + 60) * 1000
    # The root itself is over by then; this one was signed in the last second of the period.
    last = kit.chain("Note", seed="last", now=start + 10_799).bundle()
    kit.accept("embedded-key-in-its-last-second", "Note", last, values, now_ms=(start + 10_799 + 3_600) * 1000)
    younger = kit.chain("Note", seed="younger", now=start).head(0, later=10_900, life=3_600).bundle()
    kit.accept("embedded-key-a-millisecond-before-it-is-refused", "Note", younger, values, now_ms=late - 1)
    ahead = kit.chain("Note", seed="ahead", now=start).head(0, born=start - 10_800).bundle()
    kit.accept("embedded-key-of-the-next-period", "Note", ahead, values, now_ms=(start - 10_800) * 1000)
    kit.accept("embedded-key-0", "Note", kit.chain("Note", seed="zero", now=3).bundle(), values, now_ms=4_000)
    quick = embedded(rotation=7, skew=1)
    kit.accept("embedded-rotation-of-seven-seconds", "Note", note(quick), values, pool=quick)
    later = ring(key(4, 90, NOW - 60), key(5, 9, NOW + 50, **whole_day))
    chain = kit.chain("Note", later, seed="later", now=NOW + 50).head(0, born=NOW).bundle()
    kit.accept("ring-key-before-it-activates", "Note", chain, values, pool=later, now_ms=NOW * 1000)
    brief = ring(key(5, 9, NOW - 10, 20, 3_680))
    chain = kit.chain("Note", brief, seed="brief", now=NOW - 1).head(0, later=310, life=3_600).bundle()
    kit.accept("ring-key-a-millisecond-before-it-is-refused", "Note", chain, values, pool=brief, now_ms=(NOW + 3_670) * 1000 - 1)
    for name, number in (("0", 0), ("of-four-bytes", 0x01020304), ("of-all-ones", 2**32 - 1)):
        pool = ring(key(number, 40, NOW - 60))
        kit.accept(f"ring-key-id-{name}", "Note", kit.chain("Note", pool).bundle(), values, pool=pool)
    for name, pool in (("empty", ring(name="")), ("long", ring(name="p" * 200)), ("not-ascii", ring(name="プール"))):
        kit.accept(f"pool-name-{name}", "Note", kit.chain("Note", pool).bundle(), values, pool=pool)


def identities(kit):
    for name, identity in (("empty", b""), ("a-zero-byte", b"\0"), ("of-127-bytes", b"i" * 127), ("of-128-bytes", b"i" * 128),
                           ("of-300-bytes", bytes(range(100)) * 3), ("not-utf-8", b"\xff\xfe")):
        for schema in ("Note", "Ladder"):
            chain = kit.chain(schema, seed=name, identity=identity)
            kit.accept(f"{schema.lower()}-bound-to-identity-{name}", schema, chain.bundle(), state(schema), identity=identity)


def fewer(kit):
    """`or_default` tiers that are not there take defaults; what the root requires is the least."""
    ladder = state("Ladder")
    for count, zeros in ((7, {"step": 0}), (6, {"step": 0, "name": ""}), (5, {"step": 0, "name": "", "lean": 0})):
        kit.accept(f"ladder-of-{count}-cookies", "Ladder", kit.chain("Ladder").bundle(count), {**ladder, **zeros}, range(8 - count))
    kit.accept("world-without-its-lowest-tier", "World", kit.chain("World").bundle(2), zeroed("World", state("World")), [0])
    kit.accept("till-without-its-lowest-tier", "Till", kit.chain("Till").bundle(2), zeroed("Till", state("Till")), [0])
    free = state("Basket", least=0)
    kit.accept("basket-without-its-lowest-tier", "Basket", kit.chain("Basket", values=free).bundle(1), zeroed("Basket", free), [0])
    chain = kit.chain("Ladder").head(7, required=b"\1")
    kit.accept("required-is-1-all-are-there", "Ladder", chain.bundle(), ladder)
    kit.accept("required-is-1-and-the-schema-is-content", "Ladder", chain.bundle(5),
               {**ladder, "step": 0, "name": "", "lean": 0}, [0, 1, 2])
    kit.accept("required-is-all-and-all-are-there", "Ladder", kit.chain("Ladder").head(7, required=b"\x08").bundle(), ladder)
    short = kit.chain("Ladder").head(7, required=b"\7").bundle(7)
    kit.accept("required-is-7-and-7-are-there", "Ladder", short, {**ladder, "step": 0}, [0])


def sizes(kit):
    chain = kit.chain("World", seed="sizes")
    blob = chain.bundle()
    kit.accept("as-long-as-the-limit", "World", blob, state("World"), max_bytes=len(blob))
    padded = kit.chain("Till", seed="sizes").bundle(padded=True)
    kit.accept("as-long-as-the-limit-with-its-padding", "Till", padded, state("Till"), max_bytes=len(padded))
    # The greatest blob there is: 65,524 bytes.
    long = state("Note", author="")
    least = len(kit.chain("Note", values=long, seed="long").bundle())
    long["author"] = "a" * (65_524 - least - 12)
    blob = kit.chain("Note", values=long, seed="long").bundle()
    while len(blob) < 65_524:
        long["author"] += "b"
        blob = kit.chain("Note", values=long, seed="long").bundle()
    assert len(blob) == 65_524, len(blob)
    kit.accept("65524-bytes", "Note", blob, long)
    for count in (127, 128):
        wide = state("Note", author="é" * (count // 2) + "x" * (count % 2))
        kit.accept(f"text-of-{count}-bytes", "Note", kit.chain("Note", values=wide).bundle(kind=UPDATE), wide)
