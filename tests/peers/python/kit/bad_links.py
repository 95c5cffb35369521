"""Refused for cookies that do not stand below each other, and for what the root claims: schema, tiers, key."""

from dataclasses import replace

from kit.case import embedded, key, ring
from kit.forge import NOW
from kit.states import state
from statecookie_peer import general, strict
from statecookie_peer.bounds import Bound, OneOf, Range
from statecookie_peer.varint import u32le
from statecookie_peer.wire import BUNDLE, UPDATE, build_blob


def add(kit):
    links(kit)
    order(kit)
    schemas(kit)
    descriptions(kit)
    missing(kit)
    unknown_keys(kit)
    expired_keys(kit)


def links(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "unlinked", schema, blob, **given)
    chain = kit.chain("Ladder", seed="links").counters(3, 1, 4, 1, 5, 9, 2, 6)
    for tier, at in ((6, 0), (6, 3), (3, 1), (0, 2)):
        refuse(f"link-of-tier-{tier}-altered-in-byte-{at}", "Ladder", chain.flipped(tier, "link", at))
    for tier, counter in ((6, 7), (5, 7), (5, 6), (0, 7), (0, 4), (0, 1)):
        refuse(f"vector-of-tier-{tier}-with-another-counter-{counter}", "Ladder", chain.flipped(tier, f"counter {counter}"))
    refuse("tag-of-the-root-altered-where-it-is-linked", "Ladder", chain.flipped(7, "tag", 0))
    refuse("tag-of-a-child-altered-where-it-is-linked", "Ladder", chain.flipped(2, "tag", 3, 0x80))
    refuse("sequence-of-the-root-altered", "Ladder", chain.flipped(7, "sequence"))
    world = kit.chain("World", seed="links")
    refuse("vector-shorter-than-its-parents-signed", "World", world.copy().head(2, sequence=5).head(1, counter_2=6).bundle())
    refuse("link-of-zeros", "World", world.copy().head(1, link=bytes(4)).bundle())
    refuse("link-that-is-the-parents-link", "World",
           build_blob(BUNDLE, _relinked(world.cookies(), 2, world.cookies()[1][1:5])))
    refuse("link-that-is-the-end-of-the-parents-tag", "World", build_blob(BUNDLE, _relinked(world.cookies(), 1, _tag(world, 2)[-4:])))
    refuse("link-byte-for-byte-reversed", "World", build_blob(BUNDLE, _relinked(world.cookies(), 1, _tag(world, 2)[3::-1])))


def _tag(chain, tier):
    cookie = chain.cookies()[chain.schema.n - 1 - tier]
    start, end = chain.part(tier).spans["tag"]
    return cookie[start:end]


def _relinked(cookies, index, link):
    raw = cookies[index]
    return [*cookies[:index], raw[:1] + link + raw[5:], *cookies[index + 1:]]


def order(kit):
    refuse = lambda name, schema, cookies, kind=BUNDLE: kit.refuse(name, "unlinked", schema, build_blob(kind, cookies))
    ladder = kit.chain("Ladder", seed="order").cookies()
    refuse("two-in-the-middle-swapped", "Ladder", [*ladder[:3], ladder[4], ladder[3], *ladder[5:]])
    refuse("a-tier-in-the-middle-left-out", "Ladder", [*ladder[:5], *ladder[6:]])
    refuse("the-last-but-one-left-out", "Ladder", [*ladder[:6], ladder[7]])
    refuse("a-tier-twice", "Ladder", [*ladder[:4], ladder[3], *ladder[4:7]])
    refuse("the-root-twice", "Basket", [kit.chain("Basket").cookies()[0]] * 2)
    refuse("upside-down", "Ladder", ladder[::-1])
    refuse("the-root-last", "Ladder", [*ladder[1:], ladder[0]])
    refuse("a-full-update-twice", "Note", kit.chain("Note").cookies() * 2, UPDATE)
    world, other = kit.chain("World", seed="a").cookies(), kit.chain("World", seed="b").cookies()
    refuse("lowest-tier-of-another-session", "World", [*world[:2], other[2]])
    refuse("middle-tier-of-another-session", "World", [world[0], other[1], world[2]])
    refuse("lower-tiers-of-another-session", "World", [world[0], *other[1:]])
    later = kit.chain("World", seed="a").counters(0, 1, 0).head(1, later=9).cookies()
    refuse("older-lowest-under-a-newer-parent", "World", [*later[:2], world[2]])
    refuse("newer-lowest-under-an-older-parent", "World", [*world[:2], later[2]])
    same = kit.chain("World", seed="a").head(1, later=9).cookies()
    refuse("lowest-of-a-twin-parent-with-the-same-vector", "World", [*same[:2], world[2]])
    till = kit.chain("Till", seed="a").cookies()
    refuse("lowest-tier-of-another-schema", "World", [*world[:2], till[2]])
    basket = kit.chain("Basket", seed="a").cookies()
    refuse("child-of-fewer-tiers", "World", [world[0], basket[1]])
    refuse("child-of-more-tiers", "Basket", [basket[0], world[1]])
    refuse("note-above-a-lowest-tier", "Basket", [kit.chain("Note").cookies()[0], basket[1]])


def schemas(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "unknown-schema", schema, blob, **given)
    for mine, other in (("Basket", "all numbers"), ("World", "Till"), ("Note", "Ladder"), ("Archive", "Basket"), ("Ladder", "Note")):
        refuse(f"{other.replace('all ', '').lower()}-shown-to-{mine.lower()}", mine, kit.chain(other).bundle())
    chain = kit.chain("World", seed="schemas")
    for at in (0, 3):
        refuse(f"schema-hash-altered-in-byte-{at}", "World", chain.flipped(2, "hash", at))
    swapped = chain.copy().head(2, hash=chain.schema.hash[::-1])
    refuse("schema-hash-most-significant-byte-first", "World", swapped.bundle())
    refuse("schema-hash-of-zeros", "World", chain.copy().head(2, hash=bytes(4)).bundle())
    # The hash fits, the number of tiers does not: one tier more, and one less.
    more = kit.chain("Till", seed="more").head(2, hash=kit.schemas["Basket"].hash)
    refuse("hash-of-two-tiers-over-three", "Basket", more.bundle())
    less = kit.chain("Note", seed="less").head(0, hash=kit.schemas["Archive"].hash)
    refuse("hash-of-two-tiers-over-one", "Archive", less.bundle())
    refuse("unknown-schema-before-bits-of-sections", "Till", kit.chain("World").bundle(1))


def descriptions(kit):
    """Servers of the pool whose schema differs in one thing that the description holds: signed well, under their own keys."""
    note, numbers = kit.schemas["Note"], kit.schemas["all numbers"]
    fields = lambda sch, one, **bent: replace(sch, fields=tuple(replace(f, **bent) if f.name == one else f for f in sch.fields))
    world = kit.schemas["World"]
    spot = next(f.shape for f in world.fields if f.name == "spot")
    other_spot = replace(spot, members=(replace(spot.members[0], bound=Bound(Range(0, 98))), spot.members[1]))
    mode = next(f.shape for f in world.fields if f.name == "mode")
    rows = [
        ("Note", "version", replace(note, version=2)),
        ("Note", "name", replace(note, name="note")),
        ("Note", "padding", replace(note, pad=32)),
        ("Note", "name-of-a-signed-field", fields(note, "author", name="writer")),
        ("Note", "type-of-a-signed-field", fields(note, "author", declared_type="String")),
        ("Note", "length-of-a-text", fields(note, "text", bound=Bound(lengths=(13,)))),
        ("Note", "high-end", fields(note, "quality", bound=Bound(Range(0, 5)))),
        ("Note", "excluded-end", fields(note, "quality", bound=Bound(Range(0, 4, True)))),
        ("Note", "range-without-its-low-end", fields(note, "quality", bound=Bound(Range(None, 4)))),
        ("Note", "order-of-fields", replace(note, fields=(note.fields[1], note.fields[0], *note.fields[2:]))),
        ("Note", "class-of-a-field", fields(note, "quality", shape=general.GScalar("u8"), bound=Bound(), cls=0)),
        ("all numbers", "order-of-listed-values", fields(numbers, "j", bound=Bound(OneOf((0.1, 0.0, float("-inf")))))),
        ("all numbers", "type-of-a-number", fields(numbers, "c", shape=strict.Scalar("i64"))),
        ("World", "bound-of-a-nested-field", fields(world, "spot", shape=other_spot)),
        ("World", "name-of-a-variant", fields(world, "mode", shape=replace(mode, variants=("Walk", "Jog", "Fly")))),
        ("World", "path-of-a-check", fields(world, "step", bound=replace(_bound(world, "step"), rule=_check(world)))),
    ]
    for schema, name, other in rows:
        given = state(schema)
        if name == "name-of-a-signed-field":
            given["writer"] = given.pop("author")
        chain = kit.chain(schema, values=given, seed=name, issued_as=other)
        kit.refuse(f"{schema.replace('all ', '').lower()}-by-a-server-with-another-{name}", "unknown-schema", schema, chain.bundle())


def _bound(schema, name):
    return next(f.bound for f in schema.fields if f.name == name)


def _check(schema):
    return replace(_bound(schema, "step").rule, path="is_odd")


def missing(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "missing-tier", schema, blob, **given)
    ladder = kit.chain("Ladder", seed="missing")
    for count in (1, 4):
        refuse(f"ladder-of-{count}-cookies", "Ladder", ladder.bundle(count))
    refuse("ladder-of-4-cookies-padded", "Ladder", ladder.bundle(4, padded=True))
    refuse("world-without-its-middle-tier", "World", kit.chain("World").bundle(1))
    refuse("archive-without-its-lowest-tier", "Archive", kit.chain("Archive").bundle(1))
    refuse("numbers-without-the-lowest-tier", "all numbers", kit.chain("all numbers").bundle(1))
    refuse("root-that-requires-a-tier-that-may-be-missing", "Basket", kit.chain("Basket").head(1, required=b"\2").bundle(1))
    refuse("root-that-requires-all-of-eight", "Ladder", ladder.copy().head(7, required=b"\x08").bundle(7))
    less = kit.chain("Archive", seed="less").head(1, required=b"\1")
    refuse("root-that-requires-less-than-the-schema", "Archive", less.bundle(1))
    refuse("root-of-eight-that-requires-itself-only", "Ladder", ladder.copy().head(7, required=b"\1").bundle(3))
    refuse("required-raised-on-the-way", "World", kit.chain("World").copy().head(2, required=b"\3").bundle(2))
    stale = kit.chain("World", now=NOW - 10**6).bundle(1)
    refuse("missing-tier-before-an-expired-key", "World", stale)


def unknown_keys(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "unknown-key", schema, blob, **given)
    period, start = NOW // 10_800, NOW // 10_800 * 10_800
    ahead = kit.chain("Note", seed="ahead", now=start).head(0, born=start - 10_800, key=u32le(period))
    refuse("embedded-key-a-millisecond-too-early", "Note", ahead.bundle(), now_ms=(start - 10_800) * 1000 - 1)
    for name, number in (("two-periods-ahead", period + 2), ("greatest", 2**32 - 1)):
        refuse(f"embedded-key-{name}", "Basket", kit.chain("Basket").head(1, key=u32le(number)).bundle())
    refuse("key-id-most-significant-byte-first", "Note", kit.chain("Note", ring()).head(0, key=(1).to_bytes(4, "big")).bundle(),
           pool=ring())
    refuse("key-of-a-ring-altered-in-its-last-byte", "Ladder", kit.chain("Ladder", ring()).flipped(7, "key"), pool=ring())
    gone = ring(key(2, 9, NOW - 60))
    refuse("key-that-was-taken-out-of-the-ring", "Till", kit.chain("Till", ring()).bundle(), pool=gone)
    refuse("period-shown-to-a-ring", "Till", kit.chain("Till").bundle(), pool=ring())
    refuse("key-of-a-ring-shown-to-periods", "Till", kit.chain("Till", ring(key(2**31, 3, NOW - 60))).bundle())
    refuse("unknown-key-before-a-bad-tag", "World", kit.chain("World", ring(), seed="x").head(2, key=u32le(77))
           .body(2, sign=lambda *_: bytes(32)).bundle(), pool=ring())
    fast = embedded(rotation=100, skew=30)
    refuse("period-of-another-rotation", "Note", kit.chain("Note", fast).bundle())


def expired_keys(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "key-expired", schema, blob, **given)
    pool = ring(key(1, 0, NOW - 100, 200, 4_000), key(2, 80, NOW + 100))
    end, chain = NOW + 3_900, kit.chain("Note", pool).head(0, later=3_900)
    refuse("key-in-its-first-refused-millisecond", "Note", chain.bundle(), pool=pool, now_ms=end * 1000)
    refuse("key-has-no-leeway", "Note", chain.bundle(), pool=pool, now_ms=end * 1000, leeway_ms=3_599_999)
    refuse("key-a-year-later", "Note", chain.bundle(), pool=pool, now_ms=(end + 31_536_000) * 1000)
    refuse("expired-key-before-a-bad-tag", "Note", chain.flipped(0, "tag"), pool=pool, now_ms=end * 1000)
    refuse("expired-key-before-an-ended-session", "Note", chain.copy().head(0, lifetime=1).bundle(), pool=pool, now_ms=end * 1000)
    refuse("expired-key-before-a-revoked-session", "Note", chain.bundle(), pool=pool, now_ms=end * 1000, refuse_born_before=end)
    start = NOW // 10_800 * 10_800
    for schema in ("Note", "Archive"):
        longest = kit.schemas[schema].tiers[-1].valid_for
        refuse(f"{schema.lower()}-embedded-key-in-its-first-refused-millisecond", schema, kit.chain(schema).bundle(),
               now_ms=(start + 10_800 + longest + 60) * 1000)
    quick = embedded(rotation=600, skew=45)
    begun = NOW // 600 * 600
    refuse("embedded-key-of-another-rotation-and-skew", "Basket", kit.chain("Basket", quick).bundle(), pool=quick,
           now_ms=(begun + 600 + 10_800 + 45) * 1000)
    refuse("embedded-key-0-long-ago", "Note", kit.chain("Note", now=5).bundle())
