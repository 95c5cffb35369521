"""Accepted: values at every end of their bounds, as the client may set them; and signed values as odd as they come."""

from kit.states import state
from statecookie_peer.crypt import seal_with_nonce
from statecookie_peer.varint import text, u

# Schema, tier, name, and the client's own values of that tier.
OWN = [
    ("Note", 0, "text-empty", {"text": ""}),
    ("Note", 0, "text-of-greatest-length", {"text": "äöüäöü"}),
    ("Note", 0, "text-with-a-zero-byte", {"text": "a\0b"}),
    ("Note", 0, "text-of-astral-characters", {"text": "𝄞𝄞𝄞"}),
    ("Note", 0, "number-at-both-ends", {"quality": 0}),
    ("Note", 0, "number-at-the-high-end", {"quality": 4}),
    ("Basket", 0, "signed-bound-low-end", {"quantity": 1}),
    ("Basket", 0, "signed-bound-high-end", {"quantity": 20}),
    ("Basket", 0, "listed-empty-text", {"currency": ""}),
    ("Basket", 0, "listed-last", {"currency": "USD"}),
    ("World", 1, "char-low-end", {"letter": "a"}),
    ("World", 1, "char-high-end", {"letter": "f"}),
    ("World", 1, "check-of-zero", {"step": 0}),
    ("World", 1, "check-at-what-validate-takes", {"step": 1000}),
    ("World", 1, "first-variant", {"mode": "Walk"}),
    ("World", 0, "array-at-its-ends", {"position": [[-500.0, 500.0], [-0.0, 1.401298464324817e-45]]}),
    ("World", 0, "float-below-an-excluded-end", {"yaw": 359.99999999999994}),
    ("World", 0, "minus-zero-at-a-low-end-of-zero", {"yaw": -0.0}),
    ("World", 0, "smallest-float", {"yaw": 5e-324}),
    ("World", 0, "list-of-greatest-lengths", {"tags": ["12345678", "größen", "ÄÖÜß"]}),
    ("World", 0, "list-empty", {"tags": []}),
    ("World", 0, "duration-at-its-end", {"pause": {"secs": 5, "nanos": 0}}),
    ("World", 0, "number-below-an-excluded-end", {"offset": 999}),
    ("World", 0, "nested-at-its-ends", {"spot": {"x": 99, "label": "éé"}}),
    ("World", 0, "option-absent", {"digit": None}),
    ("World", 0, "option-at-zero", {"digit": 0}),
    ("World", 0, "option-listed-as-absent", {"choice": None}),
    ("World", 0, "number-of-128-bits", {"wide": str(2**127 + 1)}),
    ("Ladder", 3, "open-range-at-the-greatest", {"level": 2**32 - 1}),
    ("Ladder", 2, "small-negative", {"lean": 1}),
    ("Ladder", 5, "bool", {"open": False}),
    ("Ladder", 1, "text-of-four-bytes", {"name": "𝄞"}),
    ("all numbers", 0, "i8-high-end", {"a": 3}),
    ("all numbers", 0, "i16-at-the-types-end", {"b": -32_768}),
    ("all numbers", 0, "i32-at-the-types-end", {"c": 2**31 - 1}),
    ("all numbers", 0, "u64-at-the-types-end", {"d": 2**64 - 1}),
    ("all numbers", 0, "i128-one-above-the-types-end", {"e": str(1 - 2**127)}),
    ("all numbers", 0, "i128-at-the-types-end", {"e": str(2**127 - 1)}),
    ("all numbers", 0, "usize-zero", {"f": 0}),
    ("all numbers", 0, "f32-low-end", {"g": -1.0}),
    ("all numbers", 0, "f32-greatest-finite-without-an-end", {"g": 3.4028234663852886e38}),
    ("all numbers", 0, "infinity-that-is-the-end", {"h": "inf"}),
    ("all numbers", 0, "f64-low-end-not-exact", {"h": 0.1}),
    ("all numbers", 0, "infinity-where-any-goes", {"i": "-inf"}),
    ("all numbers", 0, "infinity-that-is-listed", {"j": "-inf"}),
    ("all numbers", 0, "f32-listed-as-the-nearest", {"j": 0.10000000149011612}),
    ("all numbers", 0, "minus-zero-where-zero-is-listed", {"j": -0.0}),
    ("all numbers", 0, "array-of-absent-options", {"k": [None, None]}),
    ("all numbers", 0, "array-of-options-at-both-ends", {"k": [20, 10]}),
    ("all numbers", 0, "lists-of-greatest-lengths", {"l": [[99, 99, 99], [0, 0, 0]]}),
    ("all numbers", 0, "lists-empty", {"l": []}),
    ("all numbers", 0, "option-of-text-absent", {"m": None}),
    ("all numbers", 0, "option-of-text-empty", {"m": ""}),
    ("all numbers", 0, "durations-at-both-ends", {"n": [{"secs": 0, "nanos": 1_000_000}, {"secs": 3, "nanos": 0}]}),
    ("all numbers", 0, "list-of-variants", {"o": ["Fly", "Fly", "Walk"]}),
    ("all numbers", 0, "list-of-structs", {"p": [{"x": 99, "label": "abcd"}, {"x": 0, "label": "é"}]}),
    ("all numbers", 0, "char-open-at-the-greatest", {"q": "\U0010ffff"}),
    ("all numbers", 0, "isize-below-the-excluded-end", {"r": 2**63 - 2}),
    ("all numbers", 0, "isize-at-the-types-end", {"r": -2**63}),
    ("Till", 1, "signed-bound-negative", {"amount": -5}),
    ("Till", 1, "signed-float-low-end", {"ratio": -1.5}),
    ("Till", 1, "signed-float-below-the-excluded-end", {"ratio": 2.9999999999999996}),
    ("Till", 1, "signed-bound-without-a-leaf", {"places": [None, None, None, None]}),
    ("Till", 0, "signed-bound-with-arithmetic", {"last": 5010}),
    ("Till", 0, "validated-because-confirmed", {"confirmed": True}),
    ("Archive", 0, "one-bool", {"read": False}),
]


def add(kit):
    for schema, tier, name, values in OWN:
        chain = kit.chain(schema, seed=name).own(tier, **values)
        kit.accept(f"own-{name}", schema, chain.bundle(), state(schema, **values))
    several(kit)
    signed(kit)
    private(kit)


def several(kit):
    """Own values in more than one tier, and what validates only together."""
    high = kit.chain("Till").own(1, amount=1900).own(0, confirmed=True)
    kit.accept("own-in-two-tiers-valid-together", "Till", high.bundle(), state("Till", amount=1900, confirmed=True))
    many = kit.chain("Ladder").own(5, open=False).own(3, level=7).own(2, lean=0).own(1, name="").own(0, step=0)
    kit.accept("own-in-five-tiers", "Ladder", many.bundle(), state("Ladder", open=False, level=7, lean=0, name="", step=0))
    most = state("Till", ceiling=2**63 - 11, amount=7)
    kit.accept("signed-bound-that-just-does-not-overflow", "Till", kit.chain("Till", values=most).bundle(), most)
    none = state("Basket", limit=2**15 - 1)
    kit.accept("signed-bound-at-the-greatest-of-its-type", "Basket",
               kit.chain("Basket", values=none).own(0, quantity=2**16 - 2).bundle(), {**none, "quantity": 2**16 - 2})


def signed(kit):
    """What the general codec takes."""
    oddly = [
        ("empty-everywhere", state("Archive", tree="Leaf", seal="", pages=[])),
        ("tree-of-depth-30", state("Archive", tree=_twigs(30))),
        ("list-of-200-elements", state("World", cart=[{"name": "x", "count": i, "price": [-i, i % 2 == 0]} for i in range(200)])),
        ("no-elements", state("World", roles=[], seen={}, cart=[])),
    ]
    for name, values in oddly:
        schema = "Archive" if "tree" in values else "World"
        kit.accept(f"signed-{name}", schema, kit.chain(schema, values=values).bundle(), values)
    # Level 64 is the last: a chest and the one in it are two apart, a map, a list and an option one each.
    for name, chest in (("31-chests-and-an-option", chests(31, {"k": [None, 5]})), ("32-chests-and-an-empty-map", chests(32, {}))):
        values = state("Archive", chest=chest)
        kit.accept(f"private-64-levels-of-{name}", "Archive", kit.chain("Archive", values=values).bundle(), values)
    for name, raw, seen in (("in-another-order", [("lamp", 300), ("a", 1)], {"a": 1, "lamp": 300}),
                            ("with-a-repeated-key", [("a", 7), ("b", 2), ("a", 9)], {"a": 9, "b": 2})):
        plain = u(2 * 721 - 1) + u(len(raw)) + b"".join(text(k) + u(v) for k, v in raw)
        chain = kit.chain("World").body(2, plaintext=plain + bytes(-len(plain) % 8))
        kit.accept(f"signed-map-{name}", "World", chain.bundle(), state("World", seen=seen))
    whole = kit.chain("all numbers")
    before = whole.part(1).immutable.removesuffix(b"\x07\x01")
    for name, nanos, wait in (("a-second-of-nanoseconds", 10**9, {"secs": 8, "nanos": 0}),
                              ("all-nanoseconds-there-are", 2**32 - 1, {"secs": 11, "nanos": 294_967_295})):
        chain = kit.chain("all numbers", seed=name).body(1, immutable=before + u(7) + u(nanos))
        kit.accept(f"signed-duration-with-{name}", "all numbers", chain.bundle(), state("all numbers", wait=wait))


def private(kit):
    """Padding may be less or more than an issuer would write, as long as less than a block is left."""
    for name, plain in (("without-padding", b"\xfa\1"), ("padded-to-less-than-a-block", b"\xfa\1" + bytes(3)),
                        ("padded-by-one-less-than-a-block", b"\xfa\1" + bytes(15))):
        kit.accept(f"private-{name}", "Basket", kit.chain("Basket", seed=name).body(1, plaintext=plain).bundle(), state("Basket"))
    # Any nonce will do, all zeros too.
    chain = kit.chain("Basket", seed="nonce")
    part, encrypt = chain.part(1), chain.pool.subkey(chain.key, "encrypt")
    chain.body(1, private=seal_with_nonce(encrypt, bytes(24), part.plaintext))
    kit.accept("private-nonce-of-zeros", "Basket", chain.bundle(), state("Basket"))
    for length in (15, 16, 17, 200):
        values = state("Ladder", pin="p" * length)
        kit.accept(f"private-text-of-{length}-bytes", "Ladder", kit.chain("Ladder", values=values).bundle(), values)
    rights = (None, "Guest", {"Owner": {"since": 0, "shared": False}})
    for number, right in enumerate(rights):
        values = state("Note", rights=right)
        kit.accept(f"private-variant-{number}", "Note", kit.chain("Note", values=values).bundle(), values)


def _twigs(depth):
    tree = "Leaf"
    for _ in range(depth):
        tree = {"Crown": {"name": "", "boughs": [tree]}}
    return tree


def chests(count, words):
    """Chests in chests; the innermost holds these words."""
    nest = chests(count - 1, words) if count > 1 else None
    return {"unit": None, "nothing": None, "pair": ["x", 1.0], "words": {} if nest else words, "nest": nest}
