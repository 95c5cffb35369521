"""Runs cargo-mutants on a shard of the mutants not recorded yet, on a copy of the tree, and records what it finds.

Several rounds, the cheap ones first; only what survives one is tried in the next.
"""

import argparse
import fcntl
import hashlib
import os
import pathlib
import resource
import shutil
import subprocess
import sys

import record

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", record.ROOT / "target")).resolve()
# A mutant that loops takes all of it. A few times what a busy machine needs for the tests.
TIMEOUT, SLOW_TIMEOUT, BUILD_TIMEOUT = 60, 240, 600
MEMORY = 4 << 30
# Few cases, always the same ones, and no search for a smaller one: what is asked is only whether a test fails.
PROPTEST = {"CASES": "48", "RNG_SEED": "1", "MAX_SHRINK_ITERS": "0", "DISABLE_FAILURE_PERSISTENCE": "1"}
# They draw many cases over large schemas: for the last round.
SLOW_LAWS = ("five_tiers_with_nested_collections", "all_private", "what_chance_does_not_find_is_said")

UNIT = ["--test-package=statecookie", "-C=--lib", "--features=statecookie/testing"]
TESTS = ["--test-package=statecookie-tests", "--features=statecookie-tests/one-binary"]
FAST = [*TESTS, "-C=--lib", "--", "--"] + [word for law in SLOW_LAWS for word in ("--skip", law)]
SLOW = [*TESTS, "-C=--lib"] + [f"-C=--test={test}" for test in ("vectors", "allocations")]
JARS = [*TESTS, "-C=--test=jar_exhaustive"]
ROUNDS = {"unit": (UNIT, TIMEOUT), "laws": (FAST, TIMEOUT), "slow": (SLOW, SLOW_TIMEOUT), "jars": (JARS, SLOW_TIMEOUT)}
# Where the unit tests are few, the others go first.
FEW_UNIT_TESTS = ("error.rs", "mute.rs", "private.rs", "schema/", "session/")
VERDICTS = {"caught": "caught", "missed": "survived", "timeout": "timeout", "unviable": "unviable"}


class Slot:
    """A copy of the tree with a target folder of its own: shards that run at once do not wait for each other."""

    def __init__(self):
        for number in range(16):
            self.place = TARGET / "mutation" / str(number)
            self.place.mkdir(parents=True, exist_ok=True)
            self.lock = open(self.place / "lock", "w")
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                continue
        self.tree, self.out = self.place / "tree", self.place / "out"
        self.sync()

    def sync(self):
        """Writes only what differs, so that little is built again."""
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=record.ROOT, check=True, capture_output=True, text=True,
        ).stdout.split("\0")
        wanted = {name for name in listed if name and (record.ROOT / name).is_file()}
        for old in [path for path in self.tree.rglob("*") if path.is_file()]:
            if old.relative_to(self.tree).as_posix() not in wanted:
                old.unlink()
        for name in wanted:
            source, copy = record.ROOT / name, self.tree / name
            if not copy.exists() or copy.read_bytes() != source.read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)

    def environment(self):
        variables = {key: value for key, value in os.environ.items() if key != "CI"}
        variables.update({f"PROPTEST_{name}": value for name, value in PROPTEST.items()})
        variables.update(CARGO_TARGET_DIR=str(self.place / "target"), RUST_BACKTRACE="0")
        return variables

    def mutants(self, *arguments, **options):
        """cargo-mutants on the copy; its memory is bounded, because a mutant may grow a vector for ever."""
        command = ["cargo", "mutants", "--dir", str(self.tree), "--package=statecookie", *arguments]
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        return subprocess.run(command, env=self.environment(), preexec_fn=limit, **options)

    def names(self):
        listed = self.mutants("--list", check=True, capture_output=True, text=True).stdout
        return listed.splitlines()

    def baseline(self):
        """Every round passes without a mutant, or no verdict is worth anything. Once for each state of the tree."""
        passed, state = self.place / "passed", self.state()
        if passed.exists() and passed.read_text() == state:
            return
        for name, (arguments, _) in ROUNDS.items():
            own, _, tests = " ".join(arguments).partition(" -- ")
            own = own.replace("--test-package=", "--package=").replace("-C=", "").split()
            command = ["cargo", "test", "--profile=mutants", *own, *tests.split()]
            done = subprocess.run(command, cwd=self.tree, env=self.environment(), capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{done.stdout}\n{done.stderr}\nround {name} fails without any mutant")
        passed.write_text(state)

    def state(self):
        digest = hashlib.sha256()
        for path in sorted(path for path in self.tree.rglob("*") if path.is_file()):
            digest.update(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
        return digest.hexdigest()

    def round(self, name, todo, everything):
        """The verdict of one round on each of `todo`. All others are told to be known, which is cargo-mutants' way to choose."""
        arguments, timeout = ROUNDS[name]
        shutil.rmtree(self.out, ignore_errors=True)
        (self.out / "mutants.out").mkdir(parents=True)
        known = "\n".join(sorted(set(everything) - set(todo)))
        (self.out / "mutants.out" / "previously_caught.txt").write_text(known + "\n")
        self.mutants(
            "--iterate", "--in-place", "--no-shuffle", "--baseline=skip", f"--timeout={timeout}",
            f"--build-timeout={BUILD_TIMEOUT}", "--output", str(self.out), "--no-times", *arguments,
            stdout=subprocess.DEVNULL,
        )
        found = self.out / "mutants.out"
        return {
            name: verdict
            for file, verdict in VERDICTS.items()
            for name in (found / f"{file}.txt").read_text().splitlines()
        }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("shard", help="such as 3/16: the mutants whose place in the list is 3 modulo 16")
    parser.add_argument("--files", default="", help="only files that begin so, separated by commas")
    parser.add_argument("--again", action="store_true", help="also survivors and timeouts that are recorded")
    options = parser.parse_args()
    index, count = map(int, options.shard.split("/"))
    slot = Slot()
    everything = slot.names()
    keys, now, recorded = record.keyed(everything), record.hashes(slot.tree), record.read()
    doubtful = {"survived", "timeout"} if options.again else set()

    def is_known(key):
        row = recorded.get(key)
        return row is not None and row.hash == now[row.file] and row.verdict not in doubtful

    prefixes = tuple(options.files.split(","))
    mine = [name for name in sorted(everything, key=record.position) if keys[name][0].startswith(prefixes)]
    todo = [name for place, name in enumerate(mine) if place % count == index % count and not is_known(keys[name])]
    print(f"{len(everything)} mutants, {len(mine)} chosen, {len(todo)} of them to run in this shard", flush=True)
    if not todo:
        return
    slot.baseline()
    jars = [name for name in todo if keys[name][0].startswith("jar/")]
    few = [name for name in todo if keys[name][0].startswith(FEW_UNIT_TESTS)]
    many = [name for name in todo if name not in {*jars, *few}]
    orders = ((many, "unit laws slow"), (few, "laws unit slow"), (jars, "laws unit jars slow"))
    for group, order in [(group, order.split()) for group, order in orders]:
        for round_name in order:
            if not group:
                break
            verdicts = slot.round(round_name, group, everything)
            last = round_name == order[-1]
            done = {name: verdict for name, verdict in verdicts.items() if last or verdict != "survived"}
            rows = [record.Row(*keys[name], now[keys[name][0]], verdict, round_name) for name, verdict in done.items()]
            record.add(rows, set(keys.values()))
            group = [name for name in group if verdicts.get(name) == "survived"]
            print(f"round {round_name}: {len(done)} decided, {len(group)} survive", flush=True)


if __name__ == "__main__":
    main()
