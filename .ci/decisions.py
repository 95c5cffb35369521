"""Holds every place at which Memcheck saw a decision on a secret against the list of verdicts.

Usage: decisions.py FILE, the XML that Memcheck wrote of `constant_time`.
"""

import sys
import xml.etree.ElementTree as tree

# What has to come out of a secret, and the one function in which the library asks for it. Whoever adds a line here says why
# it tells an attacker nothing.
VERDICTS = [
    ("keys/secret.rs", {"judge"}, "whether a key is one byte repeated: said to the operator when the pool is made"),
    ("keys/secret.rs", {"decode_base64"}, "which of four notations of base64 an operator chose"),
    ("base16ct", {"decode_inner"}, "whether all of an operator's key are digits"),
    ("base64ct", {"decode", "validate_last_block", "UnknownInlinedFun"}, "whether all of an operator's key is base64"),
    ("keys/ring.rs", {"check_pair"}, "whether two keys of a ring are one: said to the operator"),
    ("keys/ring.rs", {"same_as"}, "whether the key that a session holds still signs: an operator's change"),
    ("session/issue.rs", {"new_key"}, "the same, where the compiler has joined the two"),
    ("seal.rs", {"checked"}, "whether a tag is good: said to the client by accepting or refusing"),
    ("chacha20poly1305", {"decrypt_inout_detached"}, "whether the AEAD's tag is good, behind a good tag around it"),
    ("session/restore.rs", {"decrypt"}, "the same, asked once more on its way out"),
    ("session/restore.rs", {"leave"}, "whether all padding is zero, behind two good tags"),
]

# Functions of the standard library that decide for whom they are inlined into.
ASK = {"then_some"}

# The program's own functions below which leaks are planted, or none are promised not to be.
PLANTED = "leak"
KNOWN = "values_that_vary"


def name(function):
    """The last part of a function's path, without what it is generic over."""
    depth, plain = 0, ""
    for letter in function:
        depth += (letter == "<") - (letter == ">")
        plain += letter if depth == 0 and letter != ">" else ""
    return plain.rstrip(":").rpartition("::")[2]


def frames(error):
    stack = error.find("stack")
    for frame in stack.iter("frame"):
        where = f"{frame.findtext('dir', '')}/{frame.findtext('file', '')}"
        yield name(frame.findtext("fn", "?")), where, frame.findtext("line", "?")


def verdict(stack):
    """Which verdict is asked for at the top of a stack, if it is one."""
    at = next((at for at, (function, _, _) in enumerate(stack) if function not in ASK), 0)
    function, where, _ = stack[at]
    for file, functions, what in VERDICTS:
        if file in where and function in functions:
            return what
    return None


def main(file):
    report = tree.parse(file).getroot()
    counted = {pair.findtext("unique"): int(pair.findtext("count")) for pair in report.find("errorcounts")}
    seen, planted, known, wrong = {}, 0, 0, []
    for error in report.iter("error"):
        count = counted[error.findtext("unique")]
        stack = list(frames(error))
        functions = {function for function, _, _ in stack}
        what = verdict(stack)
        if PLANTED in functions:
            planted += count
        elif what and error.findtext("kind") == "UninitCondition":
            seen[what] = seen.get(what, 0) + count
        elif KNOWN in functions:
            known += count
        else:
            wrong.append((error.findtext("kind"), count, stack[:6]))
    for what, count in seen.items():
        print(f"{count:5} decisions: {what}")
    print(f"{known:5} decisions where none is promised not to be; {planted} in the planted leaks")
    for kind, count, stack in wrong:
        print(count, kind, *(f"\n    {function} ({where}:{line})" for function, where, line in stack))
    if wrong or not planted or len(seen) < 8:
        sys.exit(f"{len(wrong)} decisions on secrets that are no verdict")


main(*sys.argv[1:])
