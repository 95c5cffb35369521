"""Refused for their tags: changes on the way, cookies put together from several sessions, and tags made in another way."""

from dataclasses import replace

from kit.case import embedded, ring
from kit.forge import NOW
from kit.states import state
from statecookie_peer.crypt import binding, child_prefix, full_tag, root_prefix
from statecookie_peer.keys import SALT, mac
from statecookie_peer.schema import fnv1a
from statecookie_peer.varint import text, u
from statecookie_peer.wire import BUNDLE, build_blob, parse_cookie


def add(kit):
    changed(kit)
    moved(kit)
    clients(kit)
    pools(kit)
    spliced(kit)
    other_ways(kit)


def refuse(kit, name, schema, blob, **given):
    kit.refuse(name, "bad-tag", schema, blob, **given)


def changed(kit):
    """One part changed on the way; parts whose change is seen earlier have other reasons."""
    free = state("Basket", least=0)
    root = kit.chain("Basket", values=free, seed="changed").counters(300, 2).head(1, later=1, life=400)
    for name in ("session", "branch", "born", "lifetime", "later", "life", "immutable", "nonce", "ciphertext", "AEAD tag", "tag"):
        refuse(kit, f"root-{name.replace(' ', '-').lower()}-altered", "Basket", root.flipped(1, name, bits=2))
    alone = kit.chain("Note", seed="alone").counters(300)
    refuse(kit, "sequence-altered", "Note", alone.flipped(0, "sequence"))
    for at in (0, 4, 7, 8, 15):
        refuse(kit, f"tag-altered-in-byte-{at}", "Note", alone.flipped(0, "tag", at, 0x80))
    refuse(kit, "tag-inverted", "Note", _replaced(alone, lambda tag: bytes(b ^ 255 for b in tag)))
    refuse(kit, "tag-of-zeros", "Note", _replaced(alone, lambda tag: bytes(16)))
    refuse(kit, "tag-right-in-its-first-half", "Note", _replaced(alone, lambda tag: tag[:8] + bytes(8)))
    refuse(kit, "tag-right-in-its-second-half", "Note", _replaced(alone, lambda tag: bytes(8) + tag[8:]))
    refuse(kit, "tag-rotated-by-a-byte", "Note", _replaced(alone, lambda tag: tag[1:] + tag[:1]))
    refuse(kit, "tag-that-is-the-rest-of-the-whole-tag", "Note", _other_half(alone))
    child = kit.chain("Ladder", seed="changed").head(4, later=3, life=300)
    for name in ("later", "life", "immutable", "nonce", "ciphertext", "AEAD tag"):
        refuse(kit, f"child-{name.replace(' ', '-').lower()}-altered", "Ladder", child.flipped(4, name))
    refuse(kit, "tag-of-a-parent-altered-behind-its-link", "Ladder", child.flipped(4, "tag", 4))
    refuse(kit, "tag-of-the-lowest-altered", "Ladder", child.flipped(0, "tag", 0))
    refuse(kit, "counter-of-the-lowest-altered", "Ladder", child.flipped(0, "counter 0"))
    lower = kit.chain("Ladder", seed="lower")
    refuse(kit, "required-lowered-on-the-way", "Ladder", lower.flipped(7, "required", bits=5 ^ 1))
    two = ring()
    refuse(kit, "key-id-changed-to-another-key-of-the-ring", "Note",
           kit.chain("Note", two).flipped(0, "key", 0, 1), pool=ring(*_ids(two, 1, 0)))


def _replaced(chain, change):
    """The last cookie's tag changed as a whole."""
    cookies, part = chain.cookies(), chain.parts[-1]
    start, end = part.spans["tag"]
    raw = cookies[-1]
    return build_blob(BUNDLE, [*cookies[:-1], raw[:start] + change(raw[start:end]) + raw[end:]])


def _other_half(chain):
    keep = []
    chain = chain.copy().body(0, sign=lambda *given: keep.append(full_tag(*given)) or keep[-1])
    chain.cookies()
    return _replaced(chain, lambda _: keep[-1][16:])


def _ids(pool, *ids):
    return [{**k, "id": i} for k, i in zip(pool["keys"]["ring"], ids)]


def moved(kit):
    """Bytes that change the section they belong to, with all lengths made to fit."""
    chain = kit.chain("Basket", seed="moved")
    cookies, root = chain.cookies(), chain.part(1)
    raw, lengths = cookies[0], root.spans
    grown = _with(raw, lengths, {"immutable length": u(len(root.immutable) + 16), "private length": u(0)})
    refuse(kit, "private-bytes-called-immutable", "Basket", build_blob(BUNDLE, [grown, cookies[1]]))
    less = _with(raw, lengths, {"immutable length": u(len(root.immutable) - 2), "private length": u(18)})
    refuse(kit, "immutable-bytes-called-private", "Basket", build_blob(BUNDLE, [less, cookies[1]]))
    till = kit.chain("Till", seed="moved").body(1, mutable=bytes(30))
    part, raw = till.part(1), till.cookies()[1]
    longer = _with(raw, part.spans, {"immutable length": u(len(part.immutable) + 4)})
    lowest = till.cookies()[2]
    start = len(longer) - 30 + 4 - 16
    linked = lowest[:1] + longer[start:start + 4] + lowest[5:]
    refuse(kit, "mutable-bytes-called-signed", "Till", build_blob(BUNDLE, [till.cookies()[0], longer, linked]))
    long = kit.chain("Note", seed="moved").head(0, life=300)
    raw, spans = long.cookies()[0], long.part(0).spans
    swapped = _with(raw, spans, {"later": raw[slice(*spans["life"])], "life": raw[slice(*spans["later"])]})
    refuse(kit, "not-before-and-life-swapped", "Note", build_blob(BUNDLE, [swapped]), now_ms=(NOW + 301) * 1000)


def _with(raw, spans, changes):
    names = sorted(spans, key=lambda name: spans[name])
    return b"".join(changes.get(name, raw[slice(*spans[name])]) for name in names)


def clients(kit):
    free, bound = kit.chain("Note", seed="c"), kit.chain("Note", seed="c", identity=b"user:42")
    refuse(kit, "bound-but-shown-by-nobody", "Note", bound.bundle())
    refuse(kit, "bound-but-shown-by-another", "Note", bound.bundle(), identity=b"user:43")
    refuse(kit, "bound-but-shown-by-a-prefix", "Note", bound.bundle(), identity=b"user:4")
    refuse(kit, "bound-but-shown-by-an-extension", "Note", bound.bundle(), identity=b"user:42\0")
    refuse(kit, "bound-but-shown-in-capitals", "Note", bound.bundle(), identity=b"USER:42")
    refuse(kit, "free-but-shown-by-somebody", "Note", free.bundle(), identity=b"user:42")
    refuse(kit, "free-but-shown-by-the-empty-identity", "Note", free.bundle(), identity=b"")
    refuse(kit, "bound-to-the-empty-identity-but-shown-by-nobody", "Note", kit.chain("Note", identity=b"").bundle())
    refuse(kit, "bound-to-what-its-identity-is-hashed-to", "Note", bound.bundle(), identity=binding(b"user:42"))
    raw = lambda prefix: kit.chain("Note", seed="c").body(0, sign=_sign(prefix=prefix)).bundle()
    refuse(kit, "binding-without-its-length", "Note", raw(b"\x10" + binding(b"user:42")), identity=b"user:42")
    refuse(kit, "binding-is-the-identity-itself", "Note", raw(b"\x10" + text(b"user:42")), identity=b"user:42")
    refuse(kit, "binding-in-the-root-of-nobody", "Note", raw(b"\x10" + u(32) + bytes(32)))


def pools(kit):
    chain = lambda pool, **given: kit.chain("Basket", pool, seed="pools", **given)
    for name in ("peeR", "peer ", "", "peer\0"):
        refuse(kit, f"pool-called-{name.encode().hex() or 'nothing'}", "Basket", chain(embedded(name)).bundle())
    refuse(kit, "pool-of-another-secret", "Basket", chain(embedded(first=2)).bundle())
    longer = ring()
    longer["keys"]["ring"][0]["secret"] += "00"
    refuse(kit, "secret-longer-by-a-zero", "Basket", chain(longer).bundle(), pool=ring())
    # A key's secret used as it is, and the root secret used as the secret of a period.
    period = NOW // 10_800
    root = {**_ids(ring(), period)[0], "secret": embedded()["keys"]["embedded"]["secret"]}
    refuse(kit, "root-secret-instead-of-the-periods", "Basket", chain(ring(root, name="peer")).bundle())
    # Another schema whose description has the same hash: only the keys tell them apart.
    note = kit.schemas["Note"]
    twin = _same_hash(note)
    assert twin.hash == note.hash and twin.description != note.description
    refuse(kit, "schema-of-the-same-hash", "Note", kit.chain("Note", issued_as=twin).bundle())


def _same_hash(schema):
    """A twin with another type of its first field. FNV-1a goes forwards over six letters, and backwards over six more."""
    field = schema.fields[0]
    with_type = lambda name: replace(schema, fields=(replace(field, declared_type=name), *schema.fields[1:]))
    before, after = with_type("?" * 12).description.split(b"?" * 12)
    letters, forwards, target = b"abcdefgh", {}, fnv1a(schema.description)
    start, inverse = fnv1a(before), pow(16777619, -1, 2**32)
    for byte in reversed(after):
        target = (target * inverse & 0xFFFFFFFF) ^ byte
    words = [bytes(letters[n >> 3 * k & 7] for k in range(6)) for n in range(8**6)]
    for word in words:
        h = start
        for byte in word:
            h = (h ^ byte) * 16777619 & 0xFFFFFFFF
        forwards[h] = word
    for word in words:
        h = target
        for byte in reversed(word):
            h = (h * inverse & 0xFFFFFFFF) ^ byte
        if h in forwards:
            return with_type((forwards[h] + word).decode())
    raise ValueError("no twin")


def _sign(prefix=None, key=None):
    """A tag with another prefix or key than it ought to have."""
    return lambda sign, right, *parts: full_tag(key or sign, prefix if prefix is not None else right, *parts)


def spliced(kit):
    """Cookies of one pool put together where they do not belong, with links (and vectors) made to fit."""
    one, other = kit.chain("World", seed="one"), kit.chain("World", seed="other")
    put = lambda *cookies: build_blob(BUNDLE, _linked(cookies))
    a, b = one.cookies(), other.cookies()
    refuse(kit, "lowest-of-another-session-linked", "World", put(a[0], a[1], b[2]))
    refuse(kit, "middle-of-another-session-linked", "World", put(a[0], b[1], a[2]))
    refuse(kit, "all-below-a-root-of-another-session-linked", "World", put(a[0], b[1], b[2]))
    newer = kit.chain("World", seed="one", values=state("World", step=4)).head(1, later=5).cookies()
    refuse(kit, "lowest-of-an-older-parent-linked", "World", put(newer[0], newer[1], a[2]))
    under = kit.chain("World", seed="one").head(2, later=2).cookies()
    refuse(kit, "children-of-an-older-root-linked", "World", put(under[0], a[1], a[2]))
    branch = kit.chain("World", seed="one").head(2, branch=b"fork").cookies()
    refuse(kit, "lower-tiers-of-another-branch-linked", "World", put(branch[0], a[1], a[2]))
    refuse(kit, "lowest-of-another-branch-linked", "World", put(branch[0], branch[1], a[2]))
    later = kit.chain("World", ring(), seed="one").cookies()
    refuse(kit, "lowest-of-another-key-linked", "World", put(a[0], a[1], later[2]))
    bound = kit.chain("World", seed="one", identity=b"me").cookies()
    refuse(kit, "lowest-of-a-bound-session-linked", "World", put(a[0], a[1], bound[2]))
    refuse(kit, "free-children-below-a-bound-root", "World", put(bound[0], a[1], a[2]), identity=b"me")
    basket, twin = kit.chain("Basket").cookies(), kit.chain("Basket", seed="z").cookies()
    refuse(kit, "lowest-of-a-session-of-the-same-state-linked", "Basket", put(basket[0], twin[1]))
    # Sections exchanged between two cookies whose headers stay.
    rich, poor = kit.chain("Note", seed="s", values=state("Note", author="Ann")), kit.chain("Note", seed="s", values=state("Note", author="Bob"))
    x, y = rich.cookies()[0], poor.cookies()[0]
    for name in ("immutable", "ciphertext", "nonce"):
        if x[slice(*rich.part(0).spans[name])] != y[slice(*poor.part(0).spans[name])]:
            swapped = _with(x, rich.part(0).spans, {name: y[slice(*poor.part(0).spans[name])]})
            refuse(kit, f"{name}-of-another-cookie", "Note", build_blob(BUNDLE, [swapped]))
    refuse(kit, "tag-of-another-cookie", "Note", _replaced(rich, lambda _: y[slice(*poor.part(0).spans["tag"])]))


def _linked(cookies):
    """Each link bent to the tag above."""
    out = [cookies[0]]
    for raw in cookies[1:]:
        out.append(raw[:1] + parse_cookie(out[-1]).tag[:4] + raw[5:])
    return out


def other_ways(kit):
    """Tags as a careless implementation would make them."""
    note = lambda sign, **given: kit.chain("Note", seed="ways", **given).body(0, sign=sign).bundle()
    world = lambda tier, sign: kit.chain("World", seed="ways").body(tier, sign=sign).bundle()
    chain = kit.chain("Note", seed="ways")
    sub = lambda label: chain.pool.subkey(chain.key, label)
    for label in ("encrypt", "hedge", "fingerprint"):
        refuse(kit, f"signed-with-the-subkey-to-{label}", "Note", note(_sign(key=sub(label))))
    refuse(kit, "signed-with-the-secret-itself", "Note", note(_sign(key=chain.key.secret)))
    refuse(kit, "signed-with-the-extracted-key", "Note", note(_sign(key=mac(SALT, chain.key.secret))))
    refuse(kit, "root-signed-as-a-child", "Note", note(_sign(prefix=b"\x11" + u(0))))
    refuse(kit, "root-signed-without-a-prefix", "Note", note(_sign(prefix=b"")))
    refuse(kit, "root-signed-without-the-length-of-its-binding", "Note", note(_sign(prefix=b"\x10")))
    refuse(kit, "root-signed-for-format-2", "Note", note(_sign(prefix=b"\x20" + u(0))))
    refuse(kit, "root-signed-without-its-private-section", "Note", note(lambda k, p, h, i, _: full_tag(k, p, h, i, b"")))
    refuse(kit, "root-signed-without-its-AEAD-tag", "Note", note(lambda k, p, h, i, s: full_tag(k, p, h, i, s[:-16])))
    refuse(kit, "root-signed-with-its-sections-exchanged", "Note", note(lambda k, p, h, i, s: full_tag(k, p, h, s, i)))
    refuse(kit, "root-signed-without-its-header", "Note", note(lambda k, p, _, i, s: full_tag(k, p, b"", i, s)))
    mutable = chain.part(0).mutable
    refuse(kit, "root-signed-with-its-mutable-section", "Note", note(lambda k, p, h, i, s: full_tag(k, p, h, i, s + mutable)))
    refuse(kit, "child-signed-as-a-root", "World", world(1, _sign(prefix=root_prefix(None))))
    refuse(kit, "child-signed-under-16-bytes-of-its-parent", "World", world(1, lambda k, p, *parts: full_tag(k, p[:17], *parts)))
    refuse(kit, "child-signed-without-its-parent", "World", world(1, _sign(prefix=b"\x11")))
    roots = []
    chain = kit.chain("World", seed="ways").body(2, sign=lambda *given: roots.append(full_tag(*given)) or roots[-1])
    chain.body(0, sign=lambda k, _, *parts: full_tag(k, child_prefix(roots[-1]), *parts))
    refuse(kit, "grandchild-signed-under-the-root", "World", chain.bundle())
    keyed = kit.chain("World", seed="ways").body(1, sign=lambda k, p, *parts: full_tag(p[1:33], p, *parts))
    refuse(kit, "child-signed-with-its-parents-tag-as-the-key", "World", keyed.bundle())
