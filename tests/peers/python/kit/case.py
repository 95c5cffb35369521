"""Cases: what is presented to which server when, and what the page says must come of it."""

import json
import os

import check_vectors
import mapping
from kit.forge import NOW, Chain

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "vectors")


def embedded(name="peer", rotation=10_800, skew=60, first=1):
    secret = bytes(range(first, first + 32)).hex()
    return {"name": name, "keys": {"embedded": {"secret": secret, "rotation": rotation, "skew": skew}}}


def key(number, first, activates_at, signs=10_800, accepts=120_000):
    """The library wants a key to be accepted for its longest validity and 60 s after it has signed."""
    return {"id": number, "secret": bytes(range(first, first + 48)).hex(), "activates_at": activates_at,
            "sign_until": activates_at + signs, "accept_until": activates_at + accepts}


def ring(*keys, name="Zürich/3"):
    return {"name": name, "keys": {"ring": list(keys or (key(1, 0, NOW - 5_000), key(2**32 - 1, 70, NOW + 5_800)))}}


class Kit:
    """Collects cases; each is held against the peer's own verifier when it is made."""

    def __init__(self):
        with open(os.path.join(VECTORS, "schemas.json"), encoding="utf-8") as file:
            self.rows = json.load(file)
        self.schemas = {row["name"]: mapping.schema(row) for row in self.rows}
        self.accepted, self.refused, self.wrong = [], [], []

    def chain(self, schema, pool=None, values=None, **given):
        return Chain(self, schema, pool or embedded(), values, **given)

    def case(self, name, schema, blob, pool=None, now_ms=None, identity=None, **settings):
        """A case without expectation; `settings` are the pool's. It is presented a second after `NOW` unless said."""
        case = {"name": name, "schema": schema, "pool": {**(pool or embedded()), **settings},
                "now_ms": (NOW + 1) * 1000 if now_ms is None else now_ms, "blob": blob.hex()}
        return case if identity is None else {**case, "identity": identity.hex()}

    def accept(self, name, schema, blob, values, defaulted=(), **given):
        self._add(self.accepted, self.case(name, schema, blob, **given),
                  {"values": values, "defaulted": sorted(defaulted, reverse=True)})

    def refuse(self, name, reason, schema, blob, **given):
        self._add(self.refused, self.case(name, schema, blob, **given), {"reason": reason})

    def _add(self, cases, case, expected):
        found = check_vectors.resume(case, self.schemas)
        wanted = {name: found.get(name) for name in expected}
        if not check_vectors.same(wanted, expected):
            self.wrong.append(f"{case['name']}: expected {_brief(expected)}, found {_brief(found)}")
        if any(case["name"] == other["name"] for other in cases):
            self.wrong.append(f"{case['name']}: there already")
        cases.append({**case, "expect": expected})


def _brief(outcome):
    """An outcome as short as an error message can bear."""
    return str(outcome)[:600]
