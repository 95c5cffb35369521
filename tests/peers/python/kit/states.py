"""One honest state for each schema of the vectors, in the form of their JSON."""

import copy

STATES = {
    "Note": {"author": "Zoë", "rights": {"Editor": 300}, "text": "grüezi", "quality": 3},
    "Basket": {"customer": 4711, "least": 1, "limit": 10, "rebate": 250, "quantity": 2, "currency": "EUR"},
    "World": {
        "account": 2**64 - 1,
        "roles": ["Guest", {"Editor": 65_535}, {"Owner": {"since": 2**40, "shared": True}}],
        "rating": -721,
        "seen": {"a": 1, "lamp": 300},
        "cart": [{"name": "lamp", "count": 2, "price": [-1999, False]}],
        "letter": "c", "step": 128, "mode": "Fly",
        "position": [[1.0, -2.5], [500.0, -500.0]],
        "yaw": 359.75, "tags": ["new", "", "größe"], "pause": {"secs": 4, "nanos": 999_999_999},
        "offset": -1000, "spot": {"x": 99, "label": "home"}, "digit": 9, "wide": str(2**128 - 1),
        "ready": True, "choice": 3,
    },
    "Ladder": {
        "house": 12, "pin": "4711 ok", "open": True, "floors": [1, 2, 200], "key": [7, "ä"],
        "level": 1, "lean": -1, "name": "Anna", "step": 9,
    },
    "all numbers": {
        "tiny": -128, "short": -32_768, "plain": -2**31, "long": 2**63 - 1, "huge": str(-2**127),
        "size": 2**64 - 1, "shift": -2**63, "ratio": 0.5, "exact": -0.0, "sign": "𝄞",
        "wait": {"secs": 7, "nanos": 1}, "code": 65_535, "known": True,
        "a": -3, "b": -1, "c": 1, "d": 0, "e": "0", "f": 2**40, "g": 0.25, "h": 1.5, "i": -1e300, "j": 0.0,
        "k": [10, None], "l": [[99, 0, 1], []], "m": "abc", "n": [{"secs": 3, "nanos": 0}],
        "o": ["Run", "Walk"], "p": [{"x": 0, "label": ""}], "q": "a", "r": 0,
    },
    "Till": {
        "floor": -5, "ceiling": 5000, "limit": 2000, "rate": 1.5, "slots": 4,
        "amount": 500, "ratio": 2.75, "places": [1, None, 2], "last": 400, "confirmed": False, "tip": 100,
    },
    "Archive": {
        "tree": {"Crown": {"name": "oak", "boughs": [{"Twig": 255}, {"Fork": ["Leaf", {"Twig": 0}]}]}},
        "seal": "wax",
        "chest": {
            "unit": None, "nothing": None, "pair": ["%", -1.5], "words": {"b": [None, -1]},
            "nest": {"unit": None, "nothing": None, "pair": ["\0", 0.0], "words": {}, "nest": None},
        },
        "marks": [], "pages": [0, 255, 195], "read": True,
    },
    "Film": {
        "position_ms": 5_000_000, "length_ms": 5_400_000, "licence": "lent until May", "volume": 33, "quality": 8,
        "subtitle": "größ", "viewport": {"width": 7680, "zoom": 2.0},
    },
    "Glider": {"pilot": 2**32 - 1, "rating": -32_768, "position": [0.25, -0.0, 500.0], "yaw": 359.5, "landed": True},
}

ZEROS = {
    "Basket": {"quantity": 0, "currency": ""},
    "World": {
        "position": [[0.0, 0.0], [0.0, 0.0]], "yaw": 0.0, "tags": [], "pause": {"secs": 0, "nanos": 0}, "offset": 0,
        "spot": {"x": 0, "label": ""}, "digit": None, "wide": "0", "ready": False, "choice": None,
    },
    "Film": {"quality": 0},
    "Till": {"last": 0, "confirmed": False, "tip": 0},
}


def state(schema, **changes):
    """The schema's state with these fields changed."""
    unknown = changes.keys() - STATES[schema].keys()
    assert not unknown, unknown
    return {**copy.deepcopy(STATES[schema]), **changes}


def zeroed(schema, given):
    """The state with the fields of the lowest tier at their defaults."""
    return {**given, **ZEROS[schema]}
