"""Refused for the first of two faults: every step of section 11 before the next, and the order within a step."""

from kit.bad_mutable import with_field
from kit.case import key, ring
from kit.forge import NOW
from kit.states import state
from statecookie_peer.varint import text, u, u32le
from statecookie_peer.wire import BUNDLE, UPDATE, build_blob


def add(kit):
    structure(kit)
    claims(kit)
    signed(kit)
    values(kit)


def structure(kit):
    """In the order of the bytes: a cookie whole, then its link; padding, beginning and end last."""
    world = kit.chain("World", seed="order")
    cookies = world.cookies()
    bent = lambda index, change: [*cookies[:index], change(cookies[index]), *cookies[index + 1:]]
    unlink = lambda raw: raw[:1] + bytes([raw[1] ^ 1]) + raw[2:]
    refuse = lambda name, reason, cookies, kind=BUNDLE, end=b"": kit.refuse(
        f"order-{name}", reason, "World", build_blob(kind, cookies) + end)
    refuse("cookie-that-ends-early-before-its-link", "malformed", bent(1, lambda raw: unlink(raw)[:20]))
    refuse("link-before-the-next-cookie-ends-early", "unlinked", [cookies[0], unlink(cookies[1]), cookies[2][:9]])
    top = bytes([255] * 9 + [1])
    over = lambda **bent: kit.chain("World", seed="order").head(1, **bent).cookies()[1]
    refuse("own-times-above-64-bits-before-a-link", "malformed", [cookies[0], unlink(over(later=top, life=1))])
    refuse("link-before-times-above-64-bits-with-its-parents", "unlinked", [cookies[0], unlink(over(life=top))])
    refuse("padding-after-times-above-64-bits-with-its-parents", "malformed", [cookies[0], over(life=top)], end=b"\1")
    refuse("link-before-padding", "unlinked", bent(2, unlink), end=b"\1")
    refuse("link-before-a-derived-section", "unlinked", bent(1, unlink), 2, b"\0")
    refuse("link-before-a-missing-root", "unlinked", bent(2, unlink)[1:])
    refuse("link-before-a-partial-update", "unlinked", bent(2, unlink)[1:], UPDATE)
    refuse("version-of-the-root-before-a-link", "unknown-version",
           [cookies[0][:1] + b"\7" + cookies[0][2:], unlink(cookies[1]), cookies[2]])
    refuse("required-before-a-link", "malformed", [cookies[0][:2] + b"\0" + cookies[0][3:], unlink(cookies[1]), cookies[2]])
    refuse("reserved-kind-before-its-cookies", "malformed", bent(0, lambda raw: raw[:1] + b"\2" + raw[2:]), 3)
    refuse("tier-before-a-link", "malformed", bent(1, lambda raw: bytes([raw[0] | 7]) + unlink(raw)[1:]))
    refuse("derived-section-that-does-not-fit-before-padding", "malformed", cookies, 2, b"\x02a")


def claims(kit):
    """Sections that do not fit, missing tiers, keys: one after the other, and before any tag."""
    pool = ring(key(1, 0, NOW - 100, 200, 4_000), key(2, 80, NOW + 100))
    late = (NOW + 3_900) * 1000
    tag = lambda *_: bytes(32)
    refuse = lambda name, reason, schema, chain, count=8, **given: kit.refuse(
        f"order-{name}", reason, schema, chain.bundle(count), **given)
    basket = lambda: kit.chain("Basket", seed="claims")
    refuse("schema-before-missing-tiers", "unknown-schema", "World", kit.chain("Till"), 1)
    refuse("schema-before-its-key", "unknown-schema", "Basket", basket().head(1, hash=b"none", key=u32le(1)))
    refuse("schema-before-its-tag", "unknown-schema", "Basket", basket().head(1, hash=b"none").body(1, sign=tag))
    extra = kit.chain("Ladder", seed="claims")
    extra.part(3).head |= {"shape": bytes([extra.part(3).head["shape"][0] | 0x40]), "immutable length": None}
    refuse("sections-before-missing-tiers", "malformed", "Ladder", extra.head(7, required=b"\x08"), 5)
    refuse("sections-before-their-key", "malformed", "Ladder", extra.copy().head(7, key=u32le(1)))
    refuse("missing-tiers-before-an-unknown-key", "missing-tier", "World", kit.chain("World").head(2, key=u32le(1)), 1)
    refuse("missing-tiers-before-a-bad-tag", "missing-tier", "World", kit.chain("World").body(2, sign=tag), 1)
    refuse("unknown-key-before-the-end-of-a-session", "unknown-key", "Basket", basket().head(1, key=u32le(2**31), lifetime=0))
    note = kit.chain("Note", pool, seed="claims")
    refuse("expired-key-before-its-times", "key-expired", "Note", note, pool=pool, now_ms=late)
    refuse("expired-key-before-what-it-holds", "key-expired", "Note", note.copy().body(0, immutable=b""), pool=pool, now_ms=late)


def signed(kit):
    """Tier by tier: the tag, then revoked, ended, early, over."""
    tag = lambda *_: bytes(32)
    refuse = lambda name, reason, schema, chain, **given: kit.refuse(f"order-{name}", reason, schema, chain.bundle(), **given)
    world, at = lambda: kit.chain("World", seed="signed"), lambda after: dict(now_ms=(NOW + after) * 1000)
    refuse("tag-before-revoked", "bad-tag", "World", world().body(2, sign=tag), refuse_born_before=NOW + 1)
    refuse("tag-before-the-end-of-the-session", "bad-tag", "World", world().head(2, lifetime=0).body(2, sign=tag))
    refuse("tag-before-its-not-before", "bad-tag", "World", world().head(1, later=500).body(1, sign=tag))
    refuse("tag-before-the-end-of-its-life", "bad-tag", "World", world().lives(t1=0).body(1, sign=tag), **at(100))
    refuse("tag-before-what-it-holds", "bad-tag", "World", world().body(0, sign=tag, mutable=b"\xff"))
    refuse("early-above-before-a-bad-tag-below", "not-yet-valid", "World", world().head(1, later=500).body(0, sign=tag))
    refuse("over-above-before-a-bad-tag-below", "expired", "World", world().lives(t1=0).body(0, sign=tag), **at(100))
    refuse("bad-tag-below-a-tier-that-counts-as-missing", "bad-tag", "Ladder",
           kit.chain("Ladder", seed="signed").lives(t2=0).body(1, sign=tag), **at(100))
    refuse("bad-tag-of-a-tier-that-would-be-over", "bad-tag", "Ladder", kit.chain("Ladder", seed="signed").lives(t0=0).body(0, sign=tag),
           **at(100))
    refuse("bad-tag-before-what-a-higher-tier-holds", "bad-tag", "World", world().body(1, mutable=b"").body(0, sign=tag))
    refuse("early-before-what-a-higher-tier-holds", "not-yet-valid", "World", world().body(2, immutable=b"").head(0, later=90))


def values(kit):
    """All decryption; then tier by tier the immutable, the private, the mutable section, field by field; validation last."""
    refuse = lambda name, reason, schema, chain, count=8, **given: kit.refuse(
        f"order-{name}", reason, schema, chain.bundle(count), **given)
    broken = bytes(24 + 16 + 16)
    ladder = lambda: kit.chain("Ladder", seed="values")
    refuse("decryption-below-before-a-value-above", "internal-mismatch", "Ladder", ladder().body(4, private=broken).body(5, mutable=b"\7"))
    refuse("decryption-below-before-a-section-above", "internal-mismatch", "Ladder", ladder().body(4, private=broken).body(7, immutable=b""))
    refuse("value-above-before-a-private-section-below", "malformed-value", "Ladder",
           ladder().body(5, mutable=b"\7").body(4, plaintext=b"\7\2" + bytes(14)))
    refuse("immutable-below-before-a-value-below-it", "internal-mismatch", "Ladder",
           ladder().body(4, immutable=b"\1").own(3, level=0))
    refuse("range-above-before-a-section-below-that-ends-early", "out-of-range", "Ladder", ladder().own(2, lean=9).body(1, mutable=b"\5"))
    basket = lambda: kit.chain("Basket", seed="values")
    refuse("first-field-out-of-range-before-the-second-malformed", "out-of-range", "Basket", basket().body(0, mutable=u(21) + text("EURO")))
    refuse("first-field-malformed-before-the-second-out-of-range", "malformed-value", "Basket",
           basket().body(0, mutable=b"\x82\0" + text("CHF")))
    refuse("out-of-range-before-bytes-left", "out-of-range", "Basket", basket().body(0, mutable=u(2) + text("CHF") + b"\0"))
    refuse("out-of-range-before-a-stray-byte-above", "out-of-range", "Basket", basket().body(1, mutable=b"\0").own(0, quantity=99))
    refuse("internal-mismatch-before-a-stray-byte", "internal-mismatch", "Archive",
           kit.chain("Archive", seed="values").body(1, mutable=b"\0").body(0, immutable=b"\1"))
    refuse("stray-byte-before-validation", "malformed-value", "World", kit.chain("World", seed="values").own(1, step=1002).body(2, mutable=b"\0"))
    refuse("private-section-before-a-default-out-of-range", "internal-mismatch", "Basket", basket().body(1, plaintext=b"\xfa" * 16), 1)
    refuse("private-section-not-used-up-before-a-default-out-of-range", "internal-mismatch", "Basket",
           basket().body(1, plaintext=u(250) + bytes(30)), 1)
    kit.refuse("order-padding-not-zero-before-a-default-of-a-tier-that-is-over", "internal-mismatch", "Basket",
               basket().body(1, plaintext=u(250) + bytes(13) + b"\7").bundle(), now_ms=(NOW + 700) * 1000)
    below = state("Till", floor=-50, ceiling=-20, amount=-30, last=-40)
    till = kit.chain("Till", seed="values", values=below)
    refuse("mutable-section-not-used-up-before-a-default-out-of-range", "malformed-value", "Till",
           till.body(1, mutable=till.part(1).mutable + b"\0"), 2)
    refuse("immutable-section-not-used-up-before-a-value-below", "internal-mismatch", "Till",
           kit.chain("Till", seed="values").body(1, immutable=kit.chain("Till").part(1).immutable + b"\0", mutable=b""))
    refuse("default-out-of-range-before-validation", "out-of-range", "Till",
           kit.chain("Till", seed="values", values=state("Till", floor=11, ceiling=4_000, amount=3_000)), 2)
    refuse("range-before-validation", "out-of-range", "Till", kit.chain("Till", seed="values").own(1, amount=4_000).own(0, tip=101))
    nested = kit.chain("World", seed="values")
    half = nested.part(0).mutable
    end = half.index(text("home"))
    refuse("nested-field-out-of-range-before-its-neighbour", "out-of-range", "World",
           nested.body(0, mutable=half[:end - 1] + b"\x64" + text("homes") + half[end + 5:]))
    refuse("element-of-a-list-malformed-before-an-earlier-one-out-of-range", "malformed-value", "all numbers",
           _with(kit, "l", u(2) + u(1) + b"\x64" + u(9)))
    refuse("struct-of-a-list-out-of-range-before-the-next-malformed", "out-of-range", "all numbers", _with(kit, "p", u(2) + b"\x64\0" + b"\1\7"))



def _with(kit, field, raw):
    return kit.chain("all numbers", seed=field).body(0, mutable=with_field(kit, "all numbers", 0, field, raw))
