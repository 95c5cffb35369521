"""Runs every vector of `tests/vectors` through the peer; with `--issue PATH` writes what the peer issues, for the library."""

import json
import os
import sys

import mapping
from statecookie_peer import Issuer, Jar, Key, Refused, Status, WireError, from_text, to_text

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(HERE, "..", "..", "vectors")


def load(name):
    with open(os.path.join(VECTORS, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def same(a, b):
    """Equal as JSON text: 1 is not 1.0, and 0.0 not -0.0."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def resume(case, schemas):
    """What the peer makes of a case, in the form of its `expect`."""
    verifier = mapping.verifier(case, schemas)
    identity = bytes.fromhex(case["identity"]) if "identity" in case else None
    try:
        found = verifier.resume(bytes.fromhex(case["blob"]), case["now_ms"], identity)
    except Refused as refused:
        return {"reason": refused.reason, "tier": refused.tier, "field": refused.field}
    values = {f.name: mapping.to_json(f.shape, found.values[f.name]) for f in verifier.schema.fields}
    return {"values": values, "defaulted": list(found.defaulted)}


def check_resume(schemas):
    for file in ("accepted", "refused", "peer-accepted", "peer-refused"):
        for case in load(file):
            found, expected = resume(case, schemas), case["expect"]
            # Tier and field are for the operator; an implementation may say more or less.
            wanted = {"reason": expected["reason"]} if "reason" in expected else expected
            yield f"{file}/{case['name']}", same({k: found.get(k) for k in wanted}, wanted), found, expected


def check_schemas(schemas):
    for row in load("schemas"):
        sch = schemas[row["name"]]
        found = sch.description.hex(), sch.hash.hex()
        expected = row["description"], row["hash"]
        yield f"schemas/{row['name']}", found == expected, found, expected


def check_keys(schemas):
    for number, row in enumerate(load("keys")):
        key, sch = Key(0, bytes.fromhex(row["secret"]), 0, 0, 0), schemas[row["schema"]]
        for label in ("sign", "encrypt", "hedge", "fingerprint"):
            found = key.subkey(label, row["pool"], sch.description).hex()
            yield f"keys/{number}/{label}", found == row[label], found, row[label]
        if "period" in row:
            period = row["period"]
            root = mapping.EmbeddedKeys(bytes.fromhex(period["root_secret"]), 0, 0, period["rotation"])
            found = root.key(period["number"]).secret.hex()
            yield f"keys/{number}/period", found == row["secret"], found, row["secret"]


def check_text(_):
    rows = load("text")
    for row in rows["accepted"]:
        found = from_text(row["text"]).hex(), to_text(bytes.fromhex(row["bytes"]))
        yield f"text/{row['text']!r}", found == (row["bytes"], row["text"]), found, row
    for row in rows["refused"]:
        try:
            found = from_text(row["text"]).hex()
        except WireError:
            found = None
        yield f"text/{row['text']!r}", found is None, found, None


def check_jar(schemas):
    for case in load("jar"):
        jar = Jar(schemas[case["schema"]] if "schema" in case else None)
        for number, step in enumerate(case["steps"]):
            before = jar.best_chain()
            outcome = merge(jar, bytes.fromhex(step["update"]), before)
            for f in jar.schema.derived if jar.schema else ():
                if f.name in step["supplied"]:
                    jar.set_derived(f.name, mapping.from_json(f.shape, step["supplied"][f.name]))
            bundle, best, missing = None, jar.best_chain(), jar.missing() if jar.best_chain() else None
            if missing is None:
                bundle = jar.bundle()
            found = {"outcome": outcome, "bundle": bundle and bundle.hex(), "has_gap": jar.needs_full,
                     "vector": list(best[-1].vector) if best else None, "missing": missing}
            expected = {name: step.get(name) for name in found}
            yield f"jar/{case['name']}/{number}", found == expected, found, expected


def merge(jar, update, before):
    """The peer reports gap and change apart; the outcome names the gap first."""
    try:
        outcome = jar.merge(update)
    except WireError as error:
        return error.reason
    if outcome.status == Status.OTHER_SESSION:
        return "OtherSession"
    if outcome.needs_full:
        return "NeedsFull"
    return "Updated" if jar.best_chain() != before else "Unchanged"


def issued(schemas):
    """Full updates by the peer of the accepted vectors' values, with fixed bytes for random ones."""
    for case in load("accepted"):
        if case["expect"]["defaulted"]:
            continue
        # The case's limit is for its own blob.
        case = {**case, "pool": {name: value for name, value in case["pool"].items() if name != "max_bytes"}}
        sch = schemas[case["schema"]]
        values = {f.name: mapping.from_json(f.shape, case["expect"]["values"][f.name]) for f in sch.fields}
        identity = bytes.fromhex(case["identity"]) if "identity" in case else None
        issuer = Issuer(mapping.pool(case, schemas), random=lambda n: bytes(range(1, n + 1)))
        session = issuer.new_session(case["now_ms"], identity)
        update = issuer.update(session, values, now_ms=case["now_ms"])
        jar = Jar(sch)
        jar.merge(update)
        for f in sch.derived:
            jar.set_derived(f.name, values[f.name])
        yield {**case, "blob": (jar.bundle() if sch.derived else update).hex()}
        partial = issuer.update(session, values, touched=(0,), now_ms=case["now_ms"] + 1000, padded=True)
        jar.merge(partial)
        yield {**case, "name": case["name"] + "-and-a-partial-update", "now_ms": case["now_ms"] + 1500,
               "blob": jar.bundle(padded=True).hex()}


def main():
    schemas = {row["name"]: mapping.schema(row) for row in load("schemas")}
    if sys.argv[1:2] == ["--issue"]:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(list(issued(schemas)), file)
        return 0
    good = bad = 0
    for check in (check_schemas, check_keys, check_text, check_resume, check_jar):
        for name, passed, found, expected in check(schemas):
            good, bad = good + passed, bad + (not passed)
            if not passed:
                print(f"FAILED {name}\n  found    {found}\n  expected {expected}")
    print(f"vectors run by the peer: {good} passed, {bad} failed")
    return 1 if bad or not good else 0


if __name__ == "__main__":
    sys.exit(main())
