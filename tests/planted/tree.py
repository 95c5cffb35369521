"""The copy in which bugs are planted: what git knows of the tree, as it stands on disk."""

import os
import shutil
import subprocess
from contextlib import contextmanager

from outcome import Unfit


# Programs beside the tests: cargo would build every one of them again for each bug, and hardly a test of a bug runs one.
LEFT_OUT = "tests/src/bin/"
# The one that a test target does run: it lies in the copy while that target is built.
RUN_BY = {("statecookie-tests", "rotation"): "tests/src/bin/rotation_server"}


class Tree:
    def __init__(self, source, path):
        self.source, self.path = source, path

    def refresh(self):
        """Makes the copy equal to the tree. Equal files stay untouched: cargo builds again what is newer."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.source, check=True, stdout=subprocess.PIPE,
        ).stdout.decode().split("\0")
        wanted = (name for name in listed if name and not name.startswith(LEFT_OUT))
        names = {name for name in wanted if (self.source / name).is_file()}
        for old in [path for path in self.path.rglob("*") if path.is_file()]:
            if str(old.relative_to(self.path)) not in names:
                old.unlink()
        for name in names:
            copy, content = self.path / name, (self.source / name).read_bytes()
            if not copy.is_file() or copy.read_bytes() != content:
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)

    @contextmanager
    def programs_of(self, target):
        """The tree with the program that this target runs, if it runs one."""
        program = RUN_BY.get(target)
        if program:
            shutil.copytree(self.source / program, self.path / program, dirs_exist_ok=True)
        try:
            yield
        finally:
            if program:
                shutil.rmtree(self.path / program)

    @contextmanager
    def changed_by(self, patch):
        """The tree with the bug; without it again afterwards."""
        self._apply(patch)
        try:
            yield
        finally:
            self._apply(patch, "--reverse")

    def _apply(self, patch, *options):
        # The copy lies inside of a repository, whose paths it must not be taken for.
        alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(self.path.parent)}
        applied = subprocess.run(
            ["git", "apply", *options, str(patch)], cwd=self.path, env=alone, capture_output=True, text=True,
        )
        if applied.returncode != 0:
            raise Unfit(f"it does not apply any more\n{applied.stderr}")
