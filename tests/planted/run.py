"""Plants bugs in a copy of the tree, one after another, and demands that the test which each names fails.

Numbers as arguments plant just these; `--table` writes the table of docs/trust/planted.md.
"""

import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from outcome import Unfit, build, failed, passed
from patches import Patch, read_all
from tree import Tree

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs/trust/planted.md"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "planted"
# Most of a build is one crate, which keeps one core busy.
WORKERS = 2


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
    first, *others = shares(chosen)
    first.begin()
    for other in others:
        other.begin_with_dependencies_of(first)
    with ThreadPoolExecutor(WORKERS) as workers:
        faults = [fault for some in workers.map(Worker.work, [first, *others]) for fault in some]
    seconds = time.monotonic() - started
    print(f"counts: {len(chosen) - len(faults)} of {len(chosen)} planted bugs were found by the test they name, in {seconds:.0f} s")
    if faults:
        sys.exit("not found: " + ", ".join(patch.name for patch in faults))


def shares(patches):
    """A worker for each share; those of one target stay together, so that it is built by one of them."""
    of_target = {}
    for patch in patches:
        of_target.setdefault(patch.target, []).append(patch)
    workers = [Worker(number) for number in range(WORKERS)]
    for some in sorted(of_target.values(), key=len, reverse=True):
        min(workers, key=lambda worker: len(worker.patches)).patches += some
    return [worker for worker in workers if worker.patches]


class Worker:
    """Plants its bugs in a copy and builds in a folder of its own."""

    def __init__(self, number):
        self.tree = Tree(ROOT, TARGET / f"tree-{number}")
        self.folder = TARGET / f"build-{number}"
        self.patches = []

    def begin(self):
        """Builds what all its builds have in common, which keeps all cores busy."""
        self.tree.refresh()
        # The package of the tests uses the most other crates, and comes last in the alphabet.
        self._build(max(patch.target for patch in self.patches))

    def begin_with_dependencies_of(self, other):
        """Other crates are the same in every copy, and are built once."""
        if not self.folder.exists():
            shutil.copytree(other.folder, self.folder)
        self.tree.refresh()

    def work(self):
        """The bugs that were not found."""
        self._check_clean()
        return [patch for patch in self.patches if not self._is_found(patch)]

    def _build(self, target):
        return build(target, self.tree.path, self.folder)

    def _check_clean(self):
        """Without a bug, every named test runs and passes."""
        names = {}
        for patch in self.patches:
            names.setdefault(patch.target, set()).add(patch.test)
        for target, tests in sorted(names.items()):
            with self.tree.programs_of(target):
                passed(self._build(target), sorted(tests), self.tree.path)
        total = sum(map(len, names.values()))
        print(f"clean copy: {total} named tests of {len(names)} targets pass", flush=True)

    def _is_found(self, patch):
        """Whether the named test, and nothing before it, fails with the bug."""
        started = time.monotonic()
        try:
            with self.tree.changed_by(patch.path), self.tree.programs_of(patch.target):
                failed(self._build(patch.target), patch.test, self.tree.path)
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
