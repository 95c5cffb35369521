"""Refused for what the client wrote: sections that cannot be decoded (`malformed-value`)."""

from statecookie_peer import MUTABLE, strict
from statecookie_peer.varint import text, u

TOP = 2**64 - 1


def add(kit):
    simple(kit)
    world(kit)
    numbers(kit)
    where_there_is_none(kit)


def refuse(kit, name, schema, tier, section):
    chain = kit.chain(schema, seed=name).body(tier, mutable=section)
    kit.refuse(f"mutable-{name}", "malformed-value", schema, chain.bundle())


def with_field(kit, schema, tier, field, raw):
    """The section of a tier with other bytes for one field."""
    chain = kit.chain(schema)
    fields = chain.schema.of(tier, MUTABLE)
    assert any(f.name == field for f in fields), field
    return b"".join(raw if f.name == field else strict.encode(f.shape, chain.values[f.name]) for f in fields)


def simple(kit):
    note = lambda name, raw: refuse(kit, name, "Note", 0, raw)
    note("section-empty", b"")
    note("text-longer-than-declared", text("abcdefghijklm") + b"\3")
    note("text-longer-than-declared-in-bytes-only", text("äöüäöüä") + b"\3")
    note("text-longer-than-the-section", b"\x0cabc")
    note("text-length-of-64-bits", u(TOP) + b"abc\3")
    note("text-length-not-in-shortest-form", b"\x83\0abc\3")
    note("text-not-utf-8", text(b"a\x80b") + b"\3")
    note("text-with-half-a-surrogate-pair", text(b"\xed\xb0\x80") + b"\3")
    note("text-cut-in-a-character", text("grü".encode()[:3]) + b"\3")
    note("text-in-overlong-utf-8", text(b"\xc1\x81") + b"\3")
    note("number-missing", text("abc"))
    note("byte-left", text("abc") + b"\3\0")
    note("another-section-behind-it", (text("abc") + b"\3") * 2)
    basket = lambda name, raw: refuse(kit, name, "Basket", 0, raw)
    basket("u16-above-16-bits", b"\x80\x80\x04" + text("EUR"))
    basket("u16-of-four-bytes", b"\x82\x80\x80\0" + text("EUR"))
    basket("u16-not-in-shortest-form", b"\x82\0" + text("EUR"))
    basket("u16-without-its-end", b"\x82")
    basket("listed-text-longer-than-declared", b"\2" + text("EURO"))
    ladder = lambda name, tier, raw: refuse(kit, name, "Ladder", tier, raw)
    ladder("bool-of-2", 5, b"\2")
    ladder("bool-of-255", 5, b"\xff")
    ladder("u32-above-32-bits", 3, b"\xff\xff\xff\xff\x10")
    ladder("u32-of-six-bytes", 3, b"\x81\x80\x80\x80\x80\0")
    ladder("i8-of-two-bytes", 2, b"\x01\0")
    ladder("text-of-five-bytes", 1, text("Annaa"))
    ladder("section-of-the-tier-below", 1, b"\5")


def world(kit):
    one = lambda name, field, raw, tier=0: refuse(kit, name, "World", tier, with_field(kit, "World", tier, field, raw))
    one("char-of-two-characters", "letter", text("ab"), 1)
    one("char-of-no-character", "letter", text(""), 1)
    one("char-not-utf-8", "letter", text(b"\xe2\x82"), 1)
    one("char-length-above-the-section", "letter", b"\x7fa", 1)
    one("variant-that-is-not-there", "mode", u(3), 1)
    one("variant-not-in-shortest-form", "mode", b"\x81\0", 1)
    one("variant-above-32-bits", "mode", u(2**32), 1)
    refuse(kit, "section-that-ends-within-an-array", "World", 0, bytes(12))
    refuse(kit, "section-that-ends-within-a-float", "World", 0, bytes(16) + b"\0\0\0")
    one("list-longer-than-declared", "tags", u(4) + b"\0" * 4)
    one("list-longer-than-the-section", "tags", u(3) + b"\x08" + b"a" * 2)
    one("list-count-of-64-bits", "tags", u(TOP))
    one("list-count-not-in-shortest-form", "tags", b"\x80\0")
    one("text-in-a-list-longer-than-declared", "tags", u(1) + text("123456789"))
    one("text-in-a-list-not-utf-8", "tags", u(1) + text(b"\xff"))
    one("duration-with-a-second-of-nanoseconds", "pause", u(1) + u(10**9))
    one("duration-nanoseconds-above-32-bits", "pause", u(1) + u(2**32))
    one("duration-seconds-above-64-bits", "pause", b"\xff" * 9 + b"\x02" + u(0))
    one("duration-seconds-not-in-shortest-form", "pause", b"\x81\0" + u(0))
    one("i64-of-eleven-bytes", "offset", b"\xff" * 10 + b"\1")
    one("nested-text-longer-than-declared", "spot", u(9) + text("homes"))
    one("nested-number-above-its-type", "spot", b"\xff\xff\x07" + text(""))
    one("option-of-2", "digit", b"\2\5")
    one("option-without-its-value", "choice", b"\1")
    one("u128-above-128-bits", "wide", b"\xff" * 18 + b"\x04")
    one("u128-of-twenty-bytes", "wide", b"\x80" * 19 + b"\1")
    one("u128-not-in-shortest-form", "wide", b"\x81" + b"\x80" * 17 + b"\0")
    one("bool-of-3", "ready", b"\3")


def numbers(kit):
    one = lambda name, field, raw: refuse(kit, name, "all numbers", 0, with_field(kit, "all numbers", 0, field, raw))
    one("i16-above-16-bits", "b", b"\x81\x80\x04")
    one("i32-above-32-bits", "c", b"\xfe\xff\xff\xff\x1f")
    one("u64-above-64-bits", "d", b"\x80" * 9 + b"\x02")
    one("i128-above-128-bits", "e", b"\x80" * 18 + b"\x04")
    one("usize-above-64-bits", "f", b"\xff" * 9 + b"\x03")
    one("isize-not-in-shortest-form", "r", b"\xff\0")
    one("outer-list-longer-than-declared", "l", u(3) + b"\0\0\0")
    one("inner-list-longer-than-declared", "l", u(1) + u(4) + b"\1\1\1\1")
    one("inner-list-longer-than-the-section", "l", u(2) + b"\0" + u(200))
    one("option-of-text-longer-than-declared", "m", b"\1" + text("abcd"))
    one("list-of-variants-too-long", "o", u(4) + b"\0\1\2\0")
    one("list-of-variants-with-a-fourth", "o", u(2) + b"\0\3")
    one("list-of-structs-too-long", "p", u(3) + b"\1\0" * 3)
    one("list-of-structs-that-ends-within-one", "p", u(2) + b"\1\0\1")
    one("durations-with-too-many-nanoseconds", "n", u(1) + u(0) + u(2 * 10**9))
    one("array-of-options-of-four", "k", b"\0\4")
    one("char-open-range-surrogate", "q", text(b"\xed\xbf\xbf"))


def where_there_is_none(kit):
    """Tiers without mutable fields have an empty mutable section."""
    for schema, tier in (("Basket", 1), ("World", 2), ("Ladder", 7), ("Ladder", 6), ("Ladder", 4), ("Archive", 1)):
        chain = kit.chain(schema, seed="stray").body(tier, mutable=b"\0")
        kit.refuse(f"{schema.lower()}-stray-byte-in-tier-{tier}", "malformed-value", schema, chain.bundle())
    long = kit.chain("Till", seed="stray").body(2, mutable=bytes(300))
    kit.refuse("till-300-stray-bytes", "malformed-value", "Till", long.bundle())
