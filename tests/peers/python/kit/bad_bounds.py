"""Refused for values outside their bounds (`out-of-range`), and for values that do not fit each other (`invalid`)."""

import struct

from kit.bad_mutable import with_field
from kit.case import embedded
from kit.forge import NOW
from kit.states import state

# Schema, tier, name, and the client's own values of that tier.
OWN = [
    ("Note", 0, "above-the-high-end", {"quality": 5}),
    ("Note", 0, "greatest-of-its-type", {"quality": 255}),
    ("Basket", 0, "above-a-signed-end", {"quantity": 21}),
    ("Basket", 0, "below-a-signed-end", {"quantity": 0}),
    ("Basket", 0, "text-not-listed", {"currency": "CHF"}),
    ("Basket", 0, "prefix-of-a-listed-text", {"currency": "EU"}),
    ("Basket", 0, "listed-text-in-small-letters", {"currency": "eur"}),
    ("World", 1, "char-above-its-end", {"letter": "g"}),
    ("World", 1, "char-below-its-end", {"letter": "`"}),
    ("World", 1, "char-far-above", {"letter": "𝄞"}),
    ("World", 1, "check-refuses-an-odd-number", {"step": 7}),
    ("World", 0, "just-above-in-the-last-element", {"position": [[0.0, 0.0], [0.0, 500.00003]]}),
    ("World", 0, "just-below-in-the-first-element", {"position": [[-500.00003, 0.0], [0.0, 0.0]]}),
    ("World", 0, "infinity-in-a-closed-range", {"position": [[0.0, "inf"], [0.0, 0.0]]}),
    ("World", 0, "minus-infinity-in-a-closed-range", {"position": [[0.0, 0.0], ["-inf", 0.0]]}),
    ("World", 0, "at-an-excluded-end", {"yaw": 360.0}),
    ("World", 0, "just-below-zero", {"yaw": -5e-324}),
    ("World", 0, "a-nanosecond-above", {"pause": {"secs": 5, "nanos": 1}}),
    ("World", 0, "seconds-of-64-bits", {"pause": {"secs": 2**64 - 1, "nanos": 0}}),
    ("World", 0, "number-at-an-excluded-end", {"offset": 1000}),
    ("World", 0, "number-one-below", {"offset": -1001}),
    ("World", 0, "nested-number-above", {"spot": {"x": 100, "label": ""}}),
    ("World", 0, "option-above", {"digit": 10}),
    ("World", 0, "option-not-listed", {"choice": 4}),
    ("World", 0, "option-of-zero-not-listed", {"choice": 0}),
    ("Ladder", 3, "zero-below-an-open-range", {"level": 0}),
    ("Ladder", 2, "negative-below", {"lean": -2}),
    ("Ladder", 2, "least-of-its-type", {"lean": -128}),
    ("Ladder", 0, "ten-of-nine", {"step": 10}),
    ("all numbers", 0, "i8-above", {"a": 4}),
    ("all numbers", 0, "i16-zero-at-an-excluded-end-of-zero", {"b": 0}),
    ("all numbers", 0, "i32-below", {"c": -2**31}),
    ("all numbers", 0, "i128-the-only-one-below", {"e": str(-2**127)}),
    ("all numbers", 0, "usize-one-above", {"f": 2**40 + 1}),
    ("all numbers", 0, "f32-just-below", {"g": -1.0000001192092896}),
    ("all numbers", 0, "infinity-where-an-end-is-missing", {"g": "inf"}),
    ("all numbers", 0, "f64-the-nearest-f32-below-its-end", {"h": 0.09999999403953552}),
    ("all numbers", 0, "minus-infinity-where-infinity-is-the-end", {"h": "-inf"}),
    ("all numbers", 0, "f32-not-listed-by-one-bit", {"j": 0.10000000894069672}),
    ("all numbers", 0, "infinity-not-listed", {"j": "inf"}),
    ("all numbers", 0, "option-in-an-array-above", {"k": [None, 21]}),
    ("all numbers", 0, "option-in-an-array-below", {"k": [9, 10]}),
    ("all numbers", 0, "last-of-a-list-in-a-list", {"l": [[1], [1, 2, 100]]}),
    ("all numbers", 0, "duration-below-in-a-list", {"n": [{"secs": 1, "nanos": 0}, {"secs": 0, "nanos": 999_999}]}),
    ("all numbers", 0, "duration-above-in-a-list", {"n": [{"secs": 3, "nanos": 1}]}),
    ("all numbers", 0, "struct-in-a-list", {"p": [{"x": 0, "label": ""}, {"x": 100, "label": ""}]}),
    ("all numbers", 0, "char-below-an-open-range", {"q": "Z"}),
    ("all numbers", 0, "isize-at-the-excluded-end-of-its-type", {"r": 2**63 - 1}),
    ("Till", 1, "signed-bound-one-below", {"amount": -6}),
    ("Till", 1, "signed-bound-one-above", {"amount": 5001}),
    ("Till", 1, "signed-float-at-its-excluded-end", {"ratio": 3.0}),
    ("Till", 1, "signed-float-below", {"ratio": -1.5000000000000002}),
    ("Till", 1, "signed-float-infinity", {"ratio": "inf"}),
    ("Till", 1, "option-in-a-list-at-a-signed-excluded-end", {"places": [1, 3]}),
    ("Till", 1, "zero-below-a-signed-range", {"places": [None, 0]}),
    ("Till", 0, "above-an-end-with-arithmetic", {"last": 5011}),
    ("Till", 0, "tip-above", {"tip": 101}),
]


def add(kit):
    for schema, tier, name, values in OWN:
        chain = kit.chain(schema, seed=name).own(tier, **values)
        kit.refuse(f"value-{name}", "out-of-range", schema, chain.bundle())
    not_numbers(kit)
    signed(kit)
    defaults(kit)
    invalid(kit)


def not_numbers(kit):
    """NaN is never accepted, whatever its bits, and under no rule."""
    refuse = lambda name, schema, field, raw: kit.refuse(
        f"nan-{name}", "out-of-range", schema,
        kit.chain(schema, seed=name).body(0, mutable=with_field(kit, schema, 0, field, raw)).bundle())
    nan = lambda bits: struct.pack("<Q", bits)
    for name, bits in (("quiet", 0x7FF8 << 48), ("signalling", (0x7FF0 << 48) + 1), ("negative", 0xFFF8 << 48), ("of-all-ones", 2**64 - 1)):
        refuse(f"{name}-where-any-goes", "all numbers", "i", nan(bits))
    refuse("in-a-range", "World", "yaw", nan(0x7FF8 << 48))
    refuse("in-a-range-up-to-infinity", "all numbers", "h", nan(0x7FF8 << 48))
    refuse("in-an-open-range", "all numbers", "g", struct.pack("<I", 0x7FC00000))
    refuse("in-a-list-of-values", "all numbers", "j", struct.pack("<I", 0xFFC00000))
    refuse("in-an-array", "World", "position", bytes(8) + struct.pack("<I", 0x7F800001) + bytes(4))
    section = with_field(kit, "Till", 1, "ratio", nan(0x7FF8 << 48))
    kit.refuse("nan-in-a-signed-range", "out-of-range", "Till", kit.chain("Till").body(1, mutable=section).bundle())


def signed(kit):
    """Bounds that could not be computed, are empty, or hold nothing because of what was signed."""
    refuse = lambda name, chain, schema: kit.refuse(f"signed-bound-{name}", "out-of-range", schema, chain.bundle())
    refuse("that-overflows-its-type", kit.chain("Basket", values=state("Basket", limit=2**15)), "Basket")
    refuse("whose-low-end-overflows", kit.chain("Till", values=state("Till", floor=-2**63, amount=0)), "Till")
    refuse("whose-high-end-overflows", kit.chain("Till", values=state("Till", ceiling=2**63 - 1)), "Till")
    refuse("with-its-ends-crossed", kit.chain("Till", values=state("Till", floor=10, ceiling=5, amount=7)), "Till")
    refuse("of-a-single-excluded-value", kit.chain("Till", values=state("Till", slots=2, places=[1])), "Till")
    refuse("that-saturates-at-zero", kit.chain("Till", values=state("Till", slots=0, places=[1])), "Till")
    refuse("of-a-negative-rate", kit.chain("Till", values=state("Till", rate=-1.0, ratio=0.0)), "Till")
    refuse("of-an-infinite-rate-and-an-infinite-value", kit.chain("Till", values=state("Till", rate="inf", ratio="inf")), "Till")
    nan = kit.chain("Till", values=state("Till", ratio=0.0))
    nan.body(1, immutable=struct.pack("<Q", 0x7FF8 << 48) + b"\4")
    refuse("whose-ends-are-nan", nan, "Till")


def defaults(kit):
    """The fields of a missing tier take their defaults, and these are held against the bounds too."""
    refuse = lambda name, chain, schema, count=8, **given: kit.refuse(f"default-{name}", "out-of-range", schema, chain.bundle(count), **given)
    refuse("below-a-signed-bound", kit.chain("Basket"), "Basket", 1)
    refuse("below-a-signed-bound-of-a-tier-that-is-over", kit.chain("Basket"), "Basket", now_ms=(NOW + 661) * 1000)
    refuse("above-a-signed-bound", kit.chain("Till", values=state("Till", floor=-500, ceiling=-100, amount=-200, last=-90)), "Till", 2)
    refuse("under-a-bound-that-overflows", kit.chain("Till", values=state("Till", ceiling=2**63 - 1)), "Till", 2)
    refuse("under-a-bound-that-overflows-of-a-tier-that-is-over", kit.chain("Basket", values=state("Basket", limit=2**15)), "Basket",
           now_ms=(NOW + 700) * 1000)


def invalid(kit):
    refuse = lambda name, chain, schema="Till", count=8, **given: kit.refuse(name, "invalid", schema, chain.bundle(count), **given)
    refuse("step-above-a-thousand", kit.chain("World").own(1, step=1002), "World")
    refuse("step-of-32-bits", kit.chain("World").own(1, step=2**32 - 2), "World")
    refuse("step-above-and-the-lowest-tier-missing", kit.chain("World").own(1, step=1002), "World", 2)
    refuse("amount-not-confirmed", kit.chain("Till").own(1, amount=1001))
    refuse("amount-confirmed-but-above-the-private-limit", kit.chain("Till").own(1, amount=1901).own(0, confirmed=True))
    refuse("tip-one-above-the-private-limit", kit.chain("Till", values=state("Till", limit=599)))
    refuse("private-limit-of-zero", kit.chain("Till", values=state("Till", limit=0)))
    refuse("more-places-than-signed-slots", kit.chain("Till", values=state("Till", slots=3, places=[1, 1, 1, None])))
    confirmed = state("Till", amount=1500, confirmed=True)
    refuse("confirmation-left-away", kit.chain("Till", values=confirmed), count=2)
    refuse("confirmation-over", kit.chain("Till", values=confirmed), now_ms=(NOW + 140) * 1000)
    refuse("negative-amount-above-nothing", kit.chain("Till", values=state("Till", amount=-5, tip=6, limit=0)))
    refuse("signed-by-a-server-that-does-not-validate", kit.chain("World", values=state("World", step=4_000), pool=embedded()), "World")
