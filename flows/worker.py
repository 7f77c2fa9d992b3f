"""A worker process: one job a line on standard input, answers as JSON lines on what was standard output.

``{"at": file}`` before each file, so that the pool knows what a worker died over, and ``{"entry": row}`` at the end. Anything a library
prints goes to standard error, which is a log file. The end of the input is the end of the worker.
"""

import time

BEGAN = time.perf_counter()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def say(**answer: Any) -> None:
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()

    from flows import parsing

    parsers = parsing.Parsers()
    parsers.warm()  # the zygote loads its parsers while we load ours

    from flows.carry import carry_out
    from flows.job import take
    from flows.screening import warm

    warm()

    startup = round(time.perf_counter() - BEGAN, 4)
    for line in sys.stdin:
        order = json.loads(line)
        job = take(Path(order["job"]), order["sha256"])
        entry = carry_out(job, notify=lambda file: say(at=file), startup=startup, parsers=parsers)
        startup = 0.0
        say(entry=entry.model_dump(mode="json"))


if __name__ == "__main__":
    main()
