"""Refused for the derived section: none, too short, not decodable, outside a bound; and for what comes before it."""

from kit.forge import NOW
from kit.states import state
from statecookie_peer.varint import text, u, u32le
from statecookie_peer.wire import BUNDLE, BUNDLE_DERIVED, UPDATE, build_blob


def add(kit):
    missing(kit)
    malformed(kit)
    outside(kit)
    order(kit)
    values_last(kit)
    elsewhere(kit)


def pieces(kit):
    """The honest values of the film's derived fields, one by one."""
    values = state("Film")
    view = values["viewport"]
    return [u(values["volume"]), u(values["position_ms"]), text(values["subtitle"]), u(view["width"]) + b"\0\0\0\x40"]


def refuse(kit, name, reason, section, chain=None, count=8, **given):
    """`section`: what stands in the derived section; None for none."""
    chain = chain or kit.chain("Film", seed=name)
    cookies = chain.cookies()[:count]
    kind = BUNDLE if section is None else BUNDLE_DERIVED
    kit.refuse(f"derived-{name}", reason, "Film", build_blob(kind, cookies, section), **given)


def missing(kit):
    parts = pieces(kit)
    assert b"".join(parts) == kit.chain("Film").derived
    refuse(kit, "no-section", "missing-derived", None)
    refuse(kit, "no-section-and-no-lowest-tier", "missing-derived", None, count=1)
    kit.refuse("derived-update-as-it-came", "missing-derived", "Film", kit.chain("Film").update())
    kit.refuse("derived-update-padded", "missing-derived", "Film", kit.chain("Film").update(padded=True))
    for count, name in enumerate(("volume", "position", "subtitle", "viewport")):
        refuse(kit, f"section-ends-before-the-{name}", "missing-derived", b"".join(parts[:count]))
    refuse(kit, "section-ends-before-those-of-a-missing-tier", "missing-derived", parts[0], count=1)


def malformed(kit):
    volume, position, subtitle, viewport = pieces(kit)
    bad = lambda name, *parts: refuse(kit, name, "malformed-value", b"".join(parts))
    bad("byte-left", volume, position, subtitle, viewport, b"\0")
    bad("position-cut-off", volume, position[:-1])
    bad("position-not-shortest", volume, b"\x85\0", subtitle, viewport)
    bad("position-above-32-bits", volume, u(2**32), subtitle, viewport)
    bad("text-longer-than-declared", volume, position, text("abcdefg"), viewport)
    bad("text-not-utf-8", volume, position, text(b"a\x80"), viewport)
    bad("text-cut-off", volume, position, subtitle[:-1])
    bad("text-length-alone", volume, position, subtitle[:1])
    bad("struct-cut-off-between-its-fields", volume, position, subtitle, viewport[:-4])
    bad("struct-cut-off-in-its-last-field", volume, position, subtitle, viewport[:-1])
    bad("struct-width-above-16-bits", volume, position, subtitle, u(65_536), b"\0\0\0\x40")


def outside(kit):
    volume, position, subtitle, viewport = pieces(kit)
    out = lambda name, *parts, **given: refuse(kit, name, "out-of-range", b"".join(parts), **given)
    out("volume-above", u(101), position, subtitle, viewport)
    out("position-above-its-signed-end", volume, u(5_400_001), subtitle, viewport)
    out("position-at-its-types-end", volume, u(2**32 - 1), subtitle, viewport)
    out("values-in-the-order-of-declaration", position, volume, subtitle, viewport)
    short = kit.chain("Film", values=state("Film", length_ms=10, position_ms=10))
    out("position-of-another-film", volume, u(11), subtitle, viewport, chain=short)
    out("nested-width-zero", volume, position, subtitle, u(0), b"\0\0\0\x40")
    out("nested-width-above", volume, position, subtitle, u(7681), b"\0\0\0\x40")
    out("nested-zoom-unlisted", volume, position, subtitle, u(9), b"\0\0\x40\x40")
    out("nested-zoom-not-a-number", volume, position, subtitle, u(9), b"\0\0\xc0\x7f")
    out("volume-above-before-a-missing-position", u(101))
    out("volume-above-before-what-is-no-position", u(101), b"\x80\0")
    out("nested-width-zero-before-its-missing-zoom", volume, position, subtitle, u(0))
    out("those-of-a-missing-tier", volume, u(5_400_001), text(""), viewport, count=1)


def order(kit):
    """No section: after missing tiers, before any key."""
    film, none = lambda: kit.chain("Film", seed="order"), lambda *_: bytes(32)
    refuse(kit, "order-schema-before-no-section", "unknown-schema", None, film().head(1, hash=b"none"))
    refuse(kit, "order-missing-tier-before-no-section", "missing-tier", None, film().head(1, required=b"\2"), 1)
    refuse(kit, "order-missing-tier-before-no-values", "missing-tier", b"", film().head(1, required=b"\2"), 1)
    refuse(kit, "order-no-section-before-an-unknown-key", "missing-derived", None, film().head(1, key=u32le(2**31)))
    refuse(kit, "order-no-section-before-a-bad-tag", "missing-derived", None, film().body(1, sign=none))
    refuse(kit, "order-no-section-before-the-end-of-the-session", "missing-derived", None, film().head(1, lifetime=0))
    refuse(kit, "order-unknown-key-before-no-values", "unknown-key", b"", film().head(1, key=u32le(2**31)))
    refuse(kit, "order-bad-tag-before-no-values", "bad-tag", b"", film().body(0, sign=none))
    refuse(kit, "order-end-of-the-session-before-no-values", "session-ended", b"", film().head(1, lifetime=0))
    refuse(kit, "order-expired-before-no-values", "expired", b"", film(), now_ms=(NOW + 10_861) * 1000)


def values_last(kit):
    """Values are read when the fields of all cookies are, and before stray bytes and validation."""
    film, parts = lambda: kit.chain("Film", seed="last"), pieces(kit)
    refuse(kit, "order-mismatch-before-no-values", "internal-mismatch", b"", film().body(1, immutable=b"\xff"))
    refuse(kit, "order-malformed-section-before-no-values", "malformed-value", b"", film().body(0, mutable=b""))
    refuse(kit, "order-malformed-section-before-a-volume-above", "malformed-value", u(101), film().body(0, mutable=b"\1\1"))
    refuse(kit, "order-section-outside-before-no-values", "out-of-range", b"", film().own(0, quality=9))
    refuse(kit, "order-section-outside-before-a-byte-left", "out-of-range", b"".join(parts) + b"\0", film().own(0, quality=9))
    refuse(kit, "order-no-values-before-stray-bytes", "missing-derived", b"", film().body(1, mutable=b"\0"))
    refuse(kit, "order-volume-above-before-stray-bytes", "out-of-range", u(101), film().body(1, mutable=b"\0"))
    refuse(kit, "order-no-viewport-before-validation", "missing-derived", b"".join(parts[:3]), film().own(0, quality=0))
    refuse(kit, "validated-with-own-values", "invalid", b"".join(parts), film().own(0, quality=0))
    refuse(kit, "validated-with-a-default", "invalid", b"".join(parts), film(), 1)


def elsewhere(kit):
    """A schema without derived fields has no bundles of kind 2; which schema it is, is asked first."""
    note, glider = kit.chain("Note", seed="elsewhere"), kit.chain("Glider", seed="elsewhere")
    for chain, schema in ((note, "Note"), (glider, "Glider")):
        for name, section in (("no-values", b""), ("values", b"\1\2\3")):
            kit.refuse(f"derived-{name}-for-{schema.lower()}", "malformed", schema, build_blob(BUNDLE_DERIVED, chain.cookies(), section))
    film = kit.chain("Film", seed="elsewhere")
    kit.refuse("derived-order-schema-before-a-section", "unknown-schema", "Note", film.bundle())
    world = kit.chain("World", seed="elsewhere")
    kit.refuse("derived-order-section-before-missing-tiers", "malformed", "World", build_blob(BUNDLE_DERIVED, world.cookies()[:1], b""))
    kit.refuse("derived-kind-without-a-section", "malformed", "Film", build_blob(BUNDLE_DERIVED, film.cookies()))
    kit.refuse("derived-section-in-an-update", "malformed", "Film", build_blob(UPDATE, film.cookies()) + text(film.derived))
