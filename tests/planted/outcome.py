"""Builds a test target, runs tests of it by name, and believes nothing but the names that were run."""

import json
import os
import re
import subprocess

# A bug may well make a test run for ever.
LONGEST = 120


class Unfit(Exception):
    """A bug that is none, or that the named test does not find."""


def build(target, tree, build_dir):
    """The test program of a target, and the folder that it is to run in."""
    package, name = target
    which = ["--lib"] if name == "lib" else ["--test", name]
    command = ["cargo", "test", "--quiet", "--locked", "--package", package, *which, "--no-run", "--message-format=json"]
    environment = {**os.environ, "CARGO_TARGET_DIR": str(build_dir), "CARGO_PROFILE_DEV_DEBUG": "0"}
    built = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    if built.returncode != 0:
        rendered = [m["message"]["rendered"] for m in messages if m.get("message", {}).get("level") == "error"]
        raise Unfit("it does not compile\n" + "".join(rendered) + built.stderr)
    programs = [m["executable"] for m in messages if m.get("executable") and m["profile"]["test"]]
    if len(programs) != 1:
        raise Unfit(f"{len(programs)} test programs: {programs}")
    return programs[0]


def run(program, names, tree):
    """How each named test ended, and how the program did."""
    try:
        # Tests find their files by the path that was compiled in.
        ran = subprocess.run([program, "--exact", *names], cwd=tree, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        raise Unfit(f"still running after {LONGEST} s") from None
    ended = dict(re.findall(r"^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED)$", ran.stdout, re.MULTILINE))
    return ended, ran.returncode, ran.stdout + ran.stderr


def passed(program, names, tree):
    """All of the named tests ran and passed."""
    ended, status, output = run(program, names, tree)
    if ended != dict.fromkeys(names, "ok") or status != 0:
        raise SystemExit(f"the clean copy does not pass: wanted {names}, got {ended}, status {status}\n{output}")


def failed(program, name, tree):
    """Just the named test ran, and it failed as a test."""
    ended, status, output = run(program, [name], tree)
    if ended == {name: "ok"} and status == 0:
        raise Unfit("the named test passes")
    # 101 is the status of a test program some of whose tests failed; a crash has another one.
    if ended != {name: "FAILED"} or status != 101:
        raise Unfit(f"the named test did not just fail: {ended}, status {status}\n{output}")
