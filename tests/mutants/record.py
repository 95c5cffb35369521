"""What is known of each mutant: one line of `results.tsv` each, keyed without line numbers."""

import collections
import fcntl
import hashlib
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS = HERE / "results.tsv"
EQUIVALENTS = HERE / "equivalents.tsv"
SOURCE = "statecookie/src/"
NOT_RUN = "not-run"

Row = collections.namedtuple("Row", "file mutation hash verdict by")

# The rooms of the first list: no survivor without a justification.
FIRST = ("bytes.rs", "jar/", "keys/", "range/", "seal.rs", "signed/", "value/", "wire/") + tuple(
    f"session/{room}.rs" for room in ("cascade", "restore", "resume", "verify")
)


def is_first(file):
    return file.startswith(FIRST)


def code_hash(path):
    """Of a file's code without its tests: a new test does not make old verdicts doubtful."""
    text = path.read_text().split("#[cfg(test)]\nmod tests")[0]
    text = text.split("#[cfg(test)]\npub(crate) mod tests")[0]
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def hashes(root=ROOT):
    source = root / SOURCE
    files = sorted(source.rglob("*.rs"))
    return {file.relative_to(source).as_posix(): code_hash(file) for file in files}


def keyed(names):
    """(file, mutation) for each of cargo-mutants' names; what stands twice in a function is numbered from above."""
    seen = collections.Counter()
    keys = {}
    for name in sorted(names, key=position):
        file, _, _, what = name.split(":", 3)
        key = (file.removeprefix(SOURCE), what.strip())
        seen[key] += 1
        number = f" #{seen[key]}" if seen[key] > 1 else ""
        keys[name] = (key[0], key[1] + number)
    return keys


def position(name):
    file, line, column, what = name.split(":", 3)
    return file, int(line), int(column), what


def read(path=RESULTS):
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    rows = [Row(*line.split("\t")) for line in lines]
    return {(row.file, row.mutation): row for row in rows}


def equivalents():
    lines = EQUIVALENTS.read_text().splitlines()[1:] if EQUIVALENTS.exists() else []
    return {tuple(line.split("\t")[:2]): line.split("\t")[2] for line in lines}


def add(rows, known):
    """Puts rows in their places, and drops what is no mutant any more. Several shards may write at once."""
    with open(RESULTS, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        table = {key: Row(*key, "", NOT_RUN, "") for key in known}
        table.update({key: row for key, row in read().items() if key in known})
        table.update({(row.file, row.mutation): row for row in rows})
        lines = ["\t".join(row) for row in [Row._fields, *sorted(table.values())]]
        RESULTS.write_text("\n".join(lines) + "\n")
