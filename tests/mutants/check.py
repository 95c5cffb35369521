"""Holds the record of the mutants against the sources, and prints the figures of each room. It runs no mutant."""

import collections
import sys

import record

VERDICTS = ("caught", "timeout", "unviable", "equivalent", "survived", record.NOT_RUN)
# Of the rest of the library, so many of a hundred viable mutants at least.
LEAST = 95


def room(file):
    return file.split("/")[0].removesuffix(".rs")


def judged(row, equivalents):
    if row.verdict == "survived" and (row.file, row.mutation) in equivalents:
        return "equivalent"
    return row.verdict


def faults(rows, equivalents, now):
    for key, row in rows.items():
        if row.file not in now:
            yield f"{row.file}: no such file, but a mutant of it is recorded: {row.mutation}"
        if row.verdict not in VERDICTS:
            yield f"{row.file}: {row.mutation}: no verdict is called {row.verdict!r}"
        if judged(row, equivalents) == "survived" and record.is_first(row.file):
            yield f"{row.file}: survives without a justification: {row.mutation}"
    for file, mutation in equivalents:
        row = rows.get((file, mutation))
        if row is None or row.verdict not in ("survived", record.NOT_RUN):
            yield f"{file}: justified, but no survivor: {mutation}"


def figures(rows, equivalents):
    table = collections.defaultdict(collections.Counter)
    for row in rows.values():
        verdict = judged(row, equivalents)
        for name in (room(row.file), "first list" if record.is_first(row.file) else "the rest", "all"):
            table[name][verdict] += 1
    return table


def share(counts):
    """Killed, of a hundred that were run and are viable and not equivalent."""
    killed = counts["caught"] + counts["timeout"]
    viable = killed + counts["survived"]
    return 100 * killed / viable if viable else 100.0


def main():
    rows, equivalents, now = record.read(), record.equivalents(), record.hashes()
    table = figures(rows, equivalents)
    totals = ("first list", "the rest", "all")
    print(f"{'':12}" + "".join(f"{verdict:>12}" for verdict in VERDICTS) + f"{'of those run':>14}")
    for name in [*sorted(set(table) - set(totals)), *totals]:
        counts = table[name]
        print(f"{name:12}" + "".join(f"{counts[verdict]:12}" for verdict in VERDICTS) + f"{share(counts):12.1f} %")
    counts = table["all"]
    run = sum(counts.values()) - counts[record.NOT_RUN]
    print(
        f"counts: mutants: {run} of {sum(counts.values())} run, {counts['caught'] + counts['timeout']} killed, "
        f"{counts['unviable']} unviable, {counts['equivalent']} equivalent, {counts['survived']} survived"
    )
    changed = sorted({row.file for row in rows.values() if row.hash and now.get(row.file) != row.hash})
    if changed:
        print(f"For information: changed since their mutants were run: {', '.join(changed)}")
    wrong = list(faults(rows, equivalents, now))
    if share(table["the rest"]) < LEAST:
        wrong.append(f"the rest of the library: only {share(table['the rest']):.1f} % are killed, not {LEAST} %")
    for fault in wrong:
        print(fault, file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
