"""The patch files: what each says of itself, in front of the difference."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Patch:
    """A bug, and the test that has to find it."""

    path: Path
    number: int
    breaks: str
    attack: str
    # A package, then a test target of it, or `lib` for its unit tests.
    target: tuple[str, str]
    test: str

    @property
    def name(self):
        return self.path.stem


def read_all(folder):
    """All patches, in order; the program ends where one is not as it should be."""
    patches = sorted((read(path) for path in folder.glob("*.patch")), key=lambda patch: patch.number)
    numbers = [patch.number for patch in patches]
    if not patches or numbers != list(range(1, len(patches) + 1)):
        sys.exit(f"the patches are not numbered from 1 on: {numbers}")
    return patches


def read(path):
    said = dict(re.findall(r"^(Breaks|Attack|Test): (.+)$", head(path), re.MULTILINE))
    number = re.match(r"(\d{2,})-[a-z0-9-]+$", path.stem)
    words = said.get("Test", "").split()
    changed = re.findall(r"^\+\+\+ (\S+)$", path.read_text(), re.MULTILINE)
    if not number or len(said) != 3 or len(words) != 3 or not all(said.values()):
        sys.exit(f"{path.name} does not say `Breaks: ..`, `Attack: ..` and `Test: package target name`")
    if not changed or not all(re.match(r"b/statecookie(-derive)?/src/", name) for name in changed):
        sys.exit(f"{path.name} changes something else than the library: {changed}")
    return Patch(path, int(number[1]), said["Breaks"], said["Attack"], (words[0], words[1]), words[2])


def head(path):
    return path.read_text().split("diff --git ", 1)[0]
