"""Holds what Callgrind counted for each worst case at two lengths against the growth that is allowed.

Usage: ratios.py FOLDER, which holds the dumps of `resources count`.
"""

import pathlib
import sys

# Four times the bytes may cost 4.4 times the instructions: so much more than the bytes grow.
MOST = 4.4 / 4

# Containers of the standard library that grow faster than their elements, and that a state's author chose.
OTHERS = {
    # A `Vec` of 264 bytes for each byte on the wire is moved whenever it doubles, and 64 KiB are just beyond one doubling.
    "view-roomy": 4.9 / 4,
    # A `BTreeMap` of n keys costs n log n: log(64 KiB) / log(16 KiB) = 16 / 14.
    "view-ordered-map": 4.6 / 4,
    "view-ordered-map-backwards": 4.6 / 4,
    "restore-ordered-map": 4.6 / 4,
}

# Fewer instructions than this for each further byte: the input was refused before its end.
READ = 0.05


def counts(folder):
    """The instructions of each case, with the lengths of its inputs."""
    cases = {}
    for dump in sorted(folder.iterdir(), key=lambda path: int(path.suffix[1:] or 0)):
        what = total = None
        for line in dump.read_text().splitlines():
            if line.startswith("desc: Trigger: Client Request: "):
                what = line.rpartition(": ")[2]
            if line.startswith("totals: "):
                total = int(line.partition(" ")[2])
        if what:
            name, length = what.rsplit(" ", 1)
            cases.setdefault(name, []).append((int(length), total))
    return cases


def main(folder):
    over, whole, control = [], 0, None
    cases = counts(pathlib.Path(folder))
    print(f"{'':28}{'bytes':>8}{'instructions':>14}{'bytes':>8}{'instructions':>14}  growth")
    for name, ((short, few), (long, many)) in cases.items():
        growth = many / few
        bad = growth > OTHERS.get(name, MOST) * long / short
        read = (many - few) / (long - short) > READ
        whole += read
        verdict = "MORE" if bad else "ok" if name not in OTHERS else f"at most {OTHERS[name] * 4:.1f}"
        note = "" if read else ", refused early"
        print(f"{name:28}{short:8}{few:14,}{long:8}{many:14,}  {growth:.2f} {verdict}{note}")
        if name == "control":
            control = bad
        elif bad:
            over.append(name)
    print(f"{len(cases)} cases, {whole} of them read whole; four times the bytes cost at most {MOST * 4:.1f} times as much")
    if over or not control or len(cases) < 60 or whole < 50:
        sys.exit(f"over: {over}; the quadratic control was found: {control}")


main(*sys.argv[1:])
