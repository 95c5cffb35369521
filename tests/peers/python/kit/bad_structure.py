"""Refused for what anybody can see: length, format version, structure of the blob and headers (sections 5 and 8)."""

from kit.forge import NOW
from kit.states import state
from statecookie_peer import to_text
from statecookie_peer.varint import u
from statecookie_peer.wire import BUNDLE, UPDATE, build_blob

TOP = 2**64 - 1


def add(kit):
    too_large(kit)
    unknown_version(kit)
    framing(kit)
    cuts(kit)
    padding(kit)
    shapes(kit)
    varints(kit)
    sums(kit)
    lengths(kit)


def too_large(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "too-large", schema, blob, **given)
    note, ladder = kit.chain("Note"), kit.chain("Ladder")
    refuse("a-byte-above-the-limit", "Note", note.bundle(), max_bytes=len(note.bundle()) - 1)
    padded = ladder.bundle(padded=True)
    assert len(padded) > len(ladder.bundle())
    refuse("above-the-limit-by-its-padding-only", "Ladder", padded, max_bytes=len(padded) - 1)
    world = kit.chain("World", values=state("World", tags=[]))
    limit = len(world.bundle())
    refuse("above-the-limit-by-the-clients-own-values", "World", world.own(0, tags=["12345678"]).bundle(), max_bytes=limit)
    refuse("above-the-limit-by-bytes-after-the-end", "Note", note.bundle() + bytes(50), max_bytes=len(note.bundle()))
    other = bytes([0x48]) + note.bundle()[1:]
    refuse("above-the-limit-before-its-version", "Note", other, max_bytes=100)
    refuse("above-the-limit-before-its-structure", "Basket", b"\x3f" * 101, max_bytes=100)
    refuse("above-the-limit-before-its-schema", "Note", ladder.bundle(), max_bytes=100)
    stale = kit.chain("Note", now=NOW - 90_000).bundle()
    refuse("above-the-limit-before-its-key", "Note", stale, max_bytes=len(stale) - 1)
    long = state("Note", author="a" * 65_390)
    while len(blob := kit.chain("Note", values=long, seed="long").bundle()) < 65_525:
        long["author"] += "b"
    refuse("65525-bytes", "Note", blob)


def unknown_version(kit):
    refuse = lambda name, schema, blob, **given: kit.refuse(name, "unknown-version", schema, blob, **given)
    note = kit.chain("Note")
    for version in (0, 2, 7):
        refuse(f"version-{version}-of-the-blob", "Note", bytes([version << 5 | 8]) + note.bundle()[1:])
    refuse("version-0-and-nothing-else", "Note", b"\0")
    refuse("version-of-the-blob-before-its-reserved-kind", "Note", b"\x58")
    refuse("version-of-the-blob-before-its-length", "Note", b"\xff\xff\xff")
    for version in (0, 2, 255):
        refuse(f"version-{version}-of-the-root", "Ladder", kit.chain("Ladder").head(7, version=bytes([version])).bundle())
    refuse("version-of-the-root-before-what-it-requires", "Note", note.copy().head(0, version=b"\2", required=b"\0").bundle())
    refuse("version-of-the-root-before-its-schema", "Basket", note.copy().head(0, version=b"\2").bundle())
    refuse("root-that-ends-after-another-version", "Note", build_blob(BUNDLE, [note.cookies()[0][:1] + b"\3"]))
    refuse("text-form-instead-of-bytes", "Note", to_text(note.bundle()).encode())
    basket = kit.chain("Basket").cookies()
    late = build_blob(BUNDLE, [basket[1], basket[0][:1] + b"\2" + basket[0][2:]])
    refuse("version-of-a-root-that-comes-second-before-its-link", "Basket", late)


def malformed(kit, name, blob, schema="Basket", **given):
    kit.refuse(name, "malformed", schema, blob, **given)


def framing(kit):
    chain = kit.chain("Basket", seed="framing")
    blob, cookies = chain.bundle(), chain.cookies()
    refuse = lambda name, blob: malformed(kit, name, blob)
    refuse("no-bytes-at-all", b"")
    refuse("nothing-but-a-kind", b"\x28")
    refuse("reserved-kind", bytes([blob[0] | 0x18]) + blob[1:])
    refuse("derived-kind-without-its-section", build_blob(2, cookies))
    refuse("derived-kind-with-an-empty-section", build_blob(2, cookies, b""))
    refuse("derived-kind-with-values", build_blob(2, cookies, b"\1\2\3"))
    refuse("derived-section-longer-than-the-blob", build_blob(2, cookies) + b"\x05abc")
    refuse("derived-section-with-padding", build_blob(2, cookies, b"abc", padded=True))
    refuse("fewer-cookies-than-announced", bytes([blob[0] + 1]) + blob[1:])
    refuse("more-cookies-than-announced", bytes([blob[0] - 1]) + blob[1:])
    refuse("eight-announced-two-there", bytes([0x2F]) + blob[1:])
    refuse("cookie-of-no-length", bytes([0x28, 0]))
    refuse("cookie-of-one-byte", bytes([0x28, 1, cookies[0][0]]))
    length = u(len(cookies[0]))
    for name, other in (("not-in-shortest-form", length[:-1] + bytes([length[-1] | 0x80, 0])), ("above-the-blob", u(10_000)),
                        ("of-64-bits", u(TOP)), ("above-64-bits", b"\xff" * 9 + b"\2"), ("of-eleven-bytes", b"\x80" * 10 + b"\1"),
                        ("without-its-last-byte", b"\x80")):
        refuse(f"cookie-length-{name}", blob[:1] + other + blob[1 + len(length):])
    refuse("root-shorter-by-a-byte-than-announced", build_blob(BUNDLE, [cookies[0][:-1], cookies[1]]))
    refuse("partial-update", build_blob(UPDATE, cookies[1:]))
    refuse("bundle-that-begins-below-the-root", build_blob(BUNDLE, cookies[1:]))
    refuse("update-that-ends-with-the-root", build_blob(UPDATE, cookies[:1]))
    ladder = kit.chain("Ladder").cookies()
    malformed(kit, "update-that-ends-above-tier-0", build_blob(UPDATE, ladder[:7]), "Ladder")
    malformed(kit, "partial-update-of-six-tiers", build_blob(UPDATE, ladder[2:]), "Ladder")


def cuts(kit):
    """A chain cut off after each part of a root and of a child, and the cookie alone cut with its length made to fit."""
    chain = kit.chain("Ladder", seed="cuts", values=state("Ladder", level=300)).head(4, later=200, life=300)
    whole, cookies = chain.bundle(), chain.cookies()
    root = chain.part(7)
    for name in ("version", "required", "hash", "key", "session", "branch", "sequence", "born", "lifetime", "later", "life",
                 "immutable length", "immutable"):
        cut = cookies[0][:root.spans[name][1]]
        malformed(kit, f"root-that-ends-after-{name.replace(' ', '-')}", build_blob(BUNDLE, [cut, *cookies[1:]]), "Ladder")
    child = chain.part(4)
    for name in ("shape", "link", "counter 6", "counter 4", "later", "immutable length", "private length", "nonce", "ciphertext",
                 "AEAD tag"):
        cut = cookies[3][:child.spans[name][1]]
        bent = build_blob(BUNDLE, [*cookies[:3], cut, *cookies[4:]])
        malformed(kit, f"child-that-ends-after-{name.replace(' ', '-').lower()}", bent, "Ladder")
    for name, end in (("in-the-length-of-the-second", 3 + len(cookies[0])), ("a-byte-before-its-end", len(whole) - 1),
                      ("after-seven-cookies", len(whole) - len(cookies[7]) - 1)):
        malformed(kit, f"blob-that-ends-{name}", whole[:end], "Ladder")


def padding(kit):
    chain = kit.chain("Archive", seed="padding")
    # Lengths of each remainder, by what the client may write as its own: a text of the World would do as well.
    for schema in ("Archive", "World", "Till", "Note"):
        blob = kit.chain(schema, seed="padding").bundle()
        short = schema.lower()
        fits = bytes(-len(blob) % 4)
        malformed(kit, f"{short}-padding-of-four-bytes-too-many", blob + fits + bytes(4), schema)
        malformed(kit, f"{short}-padding-to-another-multiple", blob + fits + bytes(1), schema)
        if fits:
            malformed(kit, f"{short}-padding-of-one-bits", blob + fits[1:] + b"\1", schema)
    odd = kit.chain("Note", values=state("Note", text="abc"), seed="odd").bundle()
    while len(odd) % 4 != 1:
        odd = kit.chain("Note", values=state("Note", author="x" * (len(odd) % 7), text="abc"), seed=str(len(odd))).bundle()
    malformed(kit, "blob-padding-whose-first-byte-is-not-zero", odd + b"\1\0\0", "Note")
    malformed(kit, "blob-padding-that-stops-short", odd + b"\0\0", "Note")
    malformed(kit, "update-with-a-byte-behind-it", chain.update(padded=True) + b"\0", "Archive")


def shapes(kit):
    """Tier, number of tiers, and what is required."""
    refuse = lambda name, chain, schema: malformed(kit, name, chain.bundle(), schema)
    refuse("tier-above-the-number-of-tiers", kit.chain("Note").head(0, shape=bytes([0xC1])), "Note")
    refuse("tier-7-of-two", kit.chain("Basket").head(1, shape=bytes([0xC8 | 7])), "Basket")
    refuse("child-of-tier-2-of-two", kit.chain("Basket").head(0, shape=bytes([0x08 | 2])), "Basket")
    refuse("nothing-is-required", kit.chain("Ladder").head(7, required=b"\0"), "Ladder")
    refuse("nine-of-eight-are-required", kit.chain("Ladder").head(7, required=b"\x09"), "Ladder")
    refuse("two-of-one-are-required", kit.chain("Note").head(0, required=b"\2"), "Note")
    refuse("255-are-required", kit.chain("World").head(2, required=b"\xff"), "World")
    # The bits of section 11.3: headers that are whole, with sections that the schema has not, or without those that it has.
    bit = lambda chain, tier, mask: bytes([chain.part(tier).head["shape"][0] ^ mask])
    chain = kit.chain("World")
    chain.part(0).head |= {"shape": bit(chain, 0, 0x40), "immutable length": None}
    refuse("immutable-section-that-the-schema-has-not", chain.body(0, immutable=b"abc"), "World")
    chain = kit.chain("Ladder")
    chain.part(0).head |= {"shape": bit(chain, 0, 0x80), "private length": None}
    refuse("private-section-that-the-schema-has-not", chain.body(0, plaintext=bytes(16)), "Ladder")
    chain = kit.chain("Basket")
    del chain.part(1).head["private length"]
    refuse("private-section-missing-in-the-root", chain.head(1, shape=bit(chain, 1, 0x80)), "Basket")
    chain = kit.chain("Archive")
    del chain.part(0).head["immutable length"]
    refuse("immutable-section-missing-in-a-child", chain.body(0, immutable=b"").head(0, shape=bit(chain, 0, 0x40)), "Archive")
    chain = kit.chain("Ladder")
    del chain.part(7).head["immutable length"]
    refuse("immutable-section-missing-in-the-root", chain.body(7, immutable=b"").head(7, shape=bit(chain, 7, 0x40)), "Ladder")


def varints(kit):
    """Each number of both headers in a longer form than it needs, and one above 64 bits."""
    for name in ("sequence", "born", "lifetime", "later", "life", "immutable_length", "private_length"):
        chain = kit.chain("Basket", seed="varints")
        chain.cookies()
        start, end = chain.part(1).spans[name.replace("_", " ")]
        raw = chain.cookies()[0][start:end]
        longer = raw[:-1] + bytes([raw[-1] | 0x80, 0])
        malformed(kit, f"root-{name.replace('_', '-')}-not-in-shortest-form", chain.head(1, **{name: longer}).bundle())
        malformed(kit, f"root-{name.replace('_', '-')}-above-64-bits", chain.head(1, **{name: b"\x80" * 9 + b"\2"}).bundle())
    for name in ("counter_2", "counter_1", "later", "life", "immutable_length"):
        chain = kit.chain("World", seed="varints").head(1, **{name: b"\x81\0"})
        malformed(kit, f"child-{name.replace('_', '-')}-not-in-shortest-form", chain.bundle(), "World")
        malformed(kit, f"child-{name.replace('_', '-')}-of-eleven-bytes", chain.head(1, **{name: b"\xff" * 10 + b"\1"}).bundle(), "World")


def sums(kit):
    """Times that exceed 64 bits when they are worked out."""
    for name, bent in (("absolute-end", dict(lifetime=TOP - NOW + 1)), ("not-before", dict(later=TOP - NOW + 1)),
                       ("not-after", dict(life=TOP - NOW + 1)), ("not-after-by-both", dict(later=2**63, life=2**63)),
                       ("absolute-end-of-the-latest-birth", dict(born=TOP, lifetime=1, later=0, life=0))):
        malformed(kit, f"root-whose-{name}-exceeds-64-bits", kit.chain("Note", seed="sums").head(0, **bent).bundle(), "Note")
    for name, bent in (("not-before", dict(later=TOP)), ("not-after", dict(life=TOP)), ("not-after-by-one", dict(life=TOP - NOW + 1))):
        malformed(kit, f"child-whose-{name}-exceeds-64-bits", kit.chain("Ladder", seed="sums").head(3, **bent).bundle(), "Ladder")
    above = kit.chain("World").head(1, later=2**63).head(0, later=2**63)
    malformed(kit, "grandchild-whose-not-before-exceeds-64-bits", above.bundle(), "World")


def lengths(kit):
    """Lengths of sections that do not fit the cookie."""
    for name, value in (("above-the-cookie", 5_000), ("of-64-bits", TOP), ("a-byte-above-what-is-left", None)):
        chain = kit.chain("Till", seed="lengths")
        raw = len(chain.cookies()[1])
        chain.cookies()
        start = chain.part(1).spans["immutable"][0]
        malformed(kit, f"immutable-length-{name}", chain.head(1, immutable_length=value or raw - start - 15).bundle(), "Till")
    for name, value in (("above-the-cookie", 4_000), ("of-64-bits", TOP), ("that-wraps-with-nonce-and-tag", TOP - 39),
                        ("that-is-just-64-bits-with-nonce-and-tag", TOP - 40)):
        chain = kit.chain("Ladder", seed="lengths").head(6, private_length=value)
        malformed(kit, f"private-length-{name}", chain.bundle(), "Ladder")
    both = kit.chain("Basket", seed="both").head(1, immutable_length=2**63, private_length=2**63)
    malformed(kit, "section-lengths-that-wrap-together", both.bundle())
