"""The peer in a differential run; the other side is `cargo run --release -p statecookie-tests --bin differential`.

    differential.py judge                 reads servers (the first line) and cases (a line each), writes a verdict for each
    differential.py issue SEED COUNT      writes servers, then COUNT cases, each with what was done and the peer's verdict

Lines are JSON; the order of what is written does not depend on the number of processes.
"""

import itertools
import json
import multiprocessing
import sys

from kit.differ import Judge, Maker

CHUNK = 500
PROCESSES = 2
worker = None


def written(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def begin(kind, *given):
    global worker
    worker = kind(*given)


def judge(lines):
    return "".join(written(worker.answer(json.loads(line))) for line in lines)


def issue(task):
    return "".join(map(written, worker.cases(*task)))


def run(kind, given, function, tasks):
    """Not too many chunks ahead of what is read: the pool's own feeder would take them all."""
    with multiprocessing.Pool(PROCESSES, begin, (kind, *given)) as pool:
        waiting = []
        for task in tasks:
            waiting.append(pool.apply_async(function, (task,)))
            if len(waiting) > 3 * PROCESSES:
                sys.stdout.write(waiting.pop(0).get())
        for chunk in waiting:
            sys.stdout.write(chunk.get())
    sys.stdout.flush()


def chunks(lines):
    while chunk := list(itertools.islice(lines, CHUNK)):
        yield chunk


def main():
    match sys.argv[1:]:
        case ["judge"]:
            rows = json.loads(sys.stdin.readline())
            run(Judge, (rows,), judge, chunks(sys.stdin))
        case ["issue", seed, count]:
            sys.stdout.write(written([server.row for server in Maker().servers]))
            left = [min(CHUNK, int(count) - start) for start in range(0, int(count), CHUNK)]
            run(Maker, (), issue, ((seed, number, size) for number, size in enumerate(left)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
