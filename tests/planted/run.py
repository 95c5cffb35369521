"""Plants bugs in a copy of the tree, one after another, and demands that the test which each names fails.

Numbers as arguments plant just these; `--table` writes the table of docs/trust/planted.md.
"""

import os
import sys
import time
from pathlib import Path

from outcome import Unfit, build, failed, passed
from patches import Patch, read_all
from tree import Tree

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs/trust/planted.md"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "planted"


def main(arguments):
    patches = read_all(HERE)
    if arguments == ["--table"]:
        write_table(patches)
        return
    wanted = {int(number) for number in arguments} or {patch.number for patch in patches}
    chosen = [patch for patch in patches if patch.number in wanted]
    if len(chosen) != len(wanted):
        sys.exit(f"no such patch: {sorted(wanted - {patch.number for patch in patches})}")
    check_table(patches)
    started = time.monotonic()
    tree = Tree(ROOT, TARGET / "tree")
    tree.refresh()
    check_clean(chosen, tree)
    faults = [patch for patch in chosen if not is_found(patch, tree)]
    seconds = time.monotonic() - started
    print(f"counts: {len(chosen) - len(faults)} of {len(chosen)} planted bugs were found by the test they name, in {seconds:.0f} s")
    if faults:
        sys.exit("not found: " + ", ".join(patch.name for patch in faults))


def check_clean(patches, tree):
    """Without a bug, every named test runs and passes."""
    names = {}
    for patch in patches:
        names.setdefault(patch.target, set()).add(patch.test)
    total = 0
    for target, tests in sorted(names.items()):
        with tree.programs_of(target):
            passed(build(target, tree.path, TARGET / "build"), sorted(tests), tree.path)
        total += len(tests)
    print(f"clean copy: {total} named tests of {len(names)} targets pass", flush=True)


def is_found(patch, tree):
    """Whether the named test, and nothing before it, fails with the bug."""
    started = time.monotonic()
    try:
        with tree.changed_by(patch.path), tree.programs_of(patch.target):
            failed(build(patch.target, tree.path, TARGET / "build"), patch.test, tree.path)
        verdict = "found"
    except Unfit as unfit:
        verdict = f"NOT FOUND: {unfit}"
    where = " ".join(patch.target)
    print(f"{patch.name:46} {time.monotonic() - started:5.1f} s  {verdict:6} {where} {patch.test}", flush=True)
    return verdict == "found"


def table(patches):
    rows = [f"| {p.number:02} | {p.breaks} | {p.attack} | `{' '.join(p.target)}` `{p.test}` |" for p in patches]
    return "\n".join(["| | what it breaks | what it opens | found by |", "|--:|---|---|---|", *rows])


MARKS = ("<!-- made by `.ci/planted --table` -->\n", "\n<!-- end -->")


def parts_of_page():
    before, rest = PAGE.read_text().split(MARKS[0])
    now, after = rest.split(MARKS[1])
    return before, now, after


def check_table(patches):
    if parts_of_page()[1] != table(patches):
        sys.exit(f"{PAGE.relative_to(ROOT)} says something else than the patches: run `.ci/planted --table`")


def write_table(patches):
    before, _, after = parts_of_page()
    PAGE.write_text(before + MARKS[0] + table(patches) + MARKS[1] + after)


if __name__ == "__main__":
    main(sys.argv[1:])
