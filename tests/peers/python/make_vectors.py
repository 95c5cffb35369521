"""Makes the peer's vectors: writes `tests/vectors/peer-*.json`, or with `--check` compares them byte for byte."""

import json
import os
import sys
from collections import Counter

from kit import (bad_bounds, bad_derived, bad_links, bad_mutable, bad_order, bad_signed, bad_structure, bad_tags, bad_times, good_derived,
                 good_plain, good_sessions, good_times, good_values)
from kit.case import VECTORS, Kit

ACCEPTED = (good_plain, good_times, good_values, good_sessions, good_derived)
REFUSED = (bad_structure, bad_links, bad_tags, bad_times, bad_signed, bad_mutable, bad_bounds, bad_order, bad_derived)


def made():
    kit = Kit()
    for room in (*ACCEPTED, *REFUSED):
        room.add(kit)
    return kit


def written(cases):
    return json.dumps(cases, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"


def main():
    kit, check = made(), sys.argv[1:] == ["--check"]
    if kit.wrong:
        print(*kit.wrong, sep="\n")
        return 1
    reasons = Counter(case["expect"]["reason"] for case in kit.refused)
    differing = []
    for name, cases in (("peer-accepted.json", kit.accepted), ("peer-refused.json", kit.refused)):
        path, text = os.path.join(VECTORS, name), written(cases)
        if not check:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        elif not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
            differing.append(name)
    print(f"peer's vectors: {len(kit.accepted)} accepted, {len(kit.refused)} refused: "
          + ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())))
    for name in differing:
        print(f"{name} differs; make_vectors.py rewrites it")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
