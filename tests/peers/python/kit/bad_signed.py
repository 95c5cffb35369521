"""Refused although every tag is good: signed sections that this server cannot read (`internal-mismatch`)."""

from Crypto.Cipher import ChaCha20_Poly1305

from kit.good_values import chests
from kit.states import state
from statecookie_peer import IMMUTABLE, general
from statecookie_peer.crypt import pad, seal_with_nonce
from statecookie_peer.varint import text, u

TOP = 2**64 - 1


def add(kit):
    immutable(kit)
    counted(kit)
    nested(kit)
    sealed(kit)
    padding(kit)
    private(kit)


def refuse(kit, name, chain, schema):
    kit.refuse(name, "internal-mismatch", schema, chain.bundle())


def immutable(kit):
    """The immutable section of one tier as other bytes."""
    note = lambda name, raw: refuse(kit, f"immutable-{name}", kit.chain("Note", seed=name).body(0, immutable=raw), "Note")
    note("section-empty", b"")
    note("text-not-utf-8", text(b"\xc3\x28"))
    note("text-with-a-surrogate", text(b"\xed\xa0\x80"))
    note("text-in-overlong-utf-8", text(b"\xc0\xaf"))
    note("text-above-the-last-code-point", text(b"\xf4\x90\x80\x80"))
    note("text-longer-than-the-section", u(9) + b"Zoe")
    note("text-length-not-in-shortest-form", b"\x83\0Zoe")
    note("text-length-of-64-bits", u(TOP) + b"Zoe")
    note("byte-left", text("Zoe") + b"\0")
    basket = lambda name, raw: refuse(kit, f"immutable-{name}", kit.chain("Basket", seed=name).body(1, immutable=raw), "Basket")
    basket("number-above-16-bits", u(4711) + b"\x80\x80\x04" + u(10))
    basket("number-above-64-bits", b"\xff" * 9 + b"\x02" + u(1) + u(10))
    basket("number-of-eleven-bytes", b"\x80" * 10 + b"\x01" + u(1) + u(10))
    basket("number-not-in-shortest-form", u(4711) + b"\x81\x80\0" + u(10))
    basket("last-number-missing", u(4711) + u(1))
    basket("last-number-half", u(4711) + u(1) + b"\x8a")
    ladder = lambda name, raw: refuse(kit, f"immutable-{name}", kit.chain("Ladder", seed=name).body(4, immutable=raw), "Ladder")
    ladder("array-too-short", b"\1\2")
    ladder("array-too-long", b"\1\2\3\4")
    numbers(kit)


def numbers(kit):
    whole = kit.chain("all numbers")
    fields = whole.schema.of(1, IMMUTABLE)
    raws = {f.name: general.encode(f.shape, whole.values[f.name]) for f in fields}
    for name, field, raw in (
            ("i16-above-16-bits", "short", b"\xff\xff\x07"), ("i32-above-32-bits", "plain", b"\xff\xff\xff\xff\x1f"),
            ("i128-above-128-bits", "huge", b"\xff" * 18 + b"\x04"), ("i128-of-twenty-bytes", "huge", b"\x80" * 19 + b"\x01"),
            ("char-of-nothing", "sign", text("")), ("char-of-two", "sign", text("ab")), ("char-with-a-combining-mark", "sign", text("e\u0301")),
            ("char-cut-in-half", "sign", text("𝄞".encode()[:2])), ("duration-whose-carry-exceeds-64-bits", "wait", u(TOP) + u(10**9)),
            ("duration-nanoseconds-above-32-bits", "wait", u(1) + u(2**32)), ("usize-above-64-bits", "size", b"\xff" * 9 + b"\x7f")):
        section = b"".join(raw if f.name == field else raws[f.name] for f in fields)
        refuse(kit, f"immutable-{name}", kit.chain("all numbers", seed=name).body(1, immutable=section), "all numbers")
    short = b"".join(raws[f.name] for f in fields)[:-1]
    refuse(kit, "immutable-section-a-byte-short", kit.chain("all numbers").body(1, immutable=short), "all numbers")


def counted(kit):
    """Counts of lists and maps; elements of no size count too."""
    archive = lambda name, raw: refuse(kit, f"count-{name}", kit.chain("Archive", seed=name).body(0, immutable=raw), "Archive")
    archive("of-units-above-what-is-left", u(3) + b"")
    archive("of-units-above-the-bytes-they-take", u(1) + text(b"abc"))
    archive("of-units-of-64-bits", u(TOP) + text(b""))
    archive("of-bytes-above-what-is-left", u(0) + u(4) + b"abc")
    world = lambda name, raw: refuse(kit, f"count-{name}", kit.chain("World", seed=name).body(2, immutable=raw), "World")
    world("above-what-is-left", u(1) + u(9) + b"\0" * 8)
    world("not-in-shortest-form", u(1) + b"\x81\0" + b"\0")
    world("less-than-there-are", u(1) + u(1) + b"\0\0")
    world("of-132-million", u(1) + u(2**27) + b"\0" * 20)
    seen = lambda name, raw: refuse(kit, f"count-of-pairs-{name}", kit.chain("World", seed=name).body(2, plaintext=pad(u(1441) + raw, 8)), "World")
    seen("above-what-is-left", u(40) + text("a") + u(1))
    seen("whose-second-key-is-too-long", u(2) + text("a") + u(1) + b"\x20bcd")
    cart = u(1) + text("lamp") + u(2) + u(3) + b"\2"
    refuse(kit, "bool-of-2-in-a-tuple-in-a-list", kit.chain("World").body(1, immutable=cart), "World")


def nested(kit):
    """The 65th level; a variant that is not there; options that are neither."""
    tree = lambda name, raw: refuse(kit, f"tree-{name}", kit.chain("Archive", seed=name).body(1, immutable=raw + text("wax")), "Archive")
    tree("of-65-levels", b"\2" * 64 + b"\1\3" + b"\0" * 64)
    tree("of-1000-levels", b"\2" * 1000 + b"\0" * 1001)
    tree("of-lists-too-deep", (b"\3\0\1") * 32 + b"\1\7")
    tree("of-a-fifth-variant", b"\4")
    tree("of-a-variant-not-in-shortest-form", b"\x80\0")
    tree("of-a-variant-above-32-bits", u(2**32))
    tree("that-ends-in-a-fork", b"")
    for name, chest in (("33-chests", chests(33, {})), ("32-chests-and-a-word", chests(32, {"k": []}))):
        chain = kit.chain("Archive", values=state("Archive", chest=chest))
        refuse(kit, f"private-65-levels-of-{name}", chain, "Archive")
    option = pad(b"\2", 16)
    refuse(kit, "private-option-of-2", kit.chain("Note").body(0, plaintext=option), "Note")


def sealed(kit):
    """Encryption that does not fit, under a tag that does."""
    chain = lambda name: kit.chain("Basket", seed=name)
    base = chain("sealed")
    key, plain = base.pool.subkey(base.key, "encrypt"), base.part(1).plaintext
    good = seal_with_nonce(key, bytes(range(24)), plain)
    put = lambda name, private: refuse(kit, f"private-{name}", chain(name).body(1, private=private), "Basket")
    flip = lambda at: good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]
    put("nonce-altered-and-signed", flip(0))
    put("last-byte-of-the-nonce-altered-and-signed", flip(23))
    put("ciphertext-altered-and-signed", flip(24))
    put("AEAD-tag-altered-and-signed", flip(len(good) - 1))
    put("AEAD-tag-of-zeros", good[:-16] + bytes(16))
    for label in ("sign", "hedge"):
        put(f"sealed-with-the-subkey-to-{label}", seal_with_nonce(base.pool.subkey(base.key, label), bytes(24), plain))
    put("of-another-pool", seal_with_nonce(base.key.subkey("encrypt", "other", base.schema.description), bytes(24), plain))
    put("of-another-schema", seal_with_nonce(base.key.subkey("encrypt", "peer", kit.schemas["Note"].description), bytes(24), plain))
    put("not-encrypted", bytes(24) + plain + bytes(16))
    put("with-the-header-as-associated-data", _associated(key, plain))
    put("with-its-AEAD-tag-first", good[:24] + good[-16:] + good[24:-16])
    lower = kit.chain("Ladder").body(4, private=bytes(24 + 16 + 16))
    refuse(kit, "private-of-a-middle-tier-of-zeros", lower, "Ladder")


def _associated(key, plain):
    cipher = ChaCha20_Poly1305.new(key=key, nonce=bytes(24))
    cipher.update(b"header")
    ciphertext, tag = cipher.encrypt_and_digest(plain)
    return bytes(24) + ciphertext + tag


def padding(kit):
    basket = lambda name, plain: refuse(kit, f"padding-{name}", kit.chain("Basket", seed=name).body(1, plaintext=plain), "Basket")
    basket("of-a-whole-block", u(250) + bytes(16))
    basket("of-two-blocks-and-more", u(250) + bytes(46))
    basket("whose-last-byte-is-one", u(250) + bytes(13) + b"\1")
    basket("whose-first-byte-is-not-zero", u(250) + b"\x80" + bytes(13))
    whole = kit.chain("all numbers", seed="pad")
    refuse(kit, "padding-where-nothing-is-padded", whole.body(1, plaintext=whole.part(1).plaintext + b"\0"), "all numbers")
    world = kit.chain("World", seed="pad")
    refuse(kit, "padding-of-sixteen-where-eight-is-the-block", world.body(2, plaintext=world.part(2).plaintext + bytes(8)), "World")


def private(kit):
    ladder = lambda name, plain: refuse(kit, f"private-{name}", kit.chain("Ladder", seed=name).body(6, plaintext=plain), "Ladder")
    ladder("section-of-nothing", b"")
    ladder("text-not-utf-8", pad(text(b"\xff\xfe"), 16))
    ladder("text-that-reaches-into-its-padding", u(16) + b"123456789012345")
    ladder("length-not-in-shortest-form", pad(b"\x80\0", 16))
    note = lambda name, plain: refuse(kit, f"private-{name}", kit.chain("Note", seed=name).body(0, plaintext=pad(plain, 16)), "Note")
    note("variant-that-is-not-there", b"\1\3")
    note("number-in-a-variant-above-16-bits", b"\1\1\xff\xff\x07")
    note("bool-of-255-in-a-variant", b"\1\2\5\xff")
    key = lambda name, plain: refuse(kit, f"private-{name}", kit.chain("Ladder", seed=name).body(4, plaintext=pad(plain, 16)), "Ladder")
    key("char-in-an-option-of-three", b"\7\1" + text("abc"))
    key("char-in-an-option-not-utf-8", b"\7\1" + text(b"\xff"))
