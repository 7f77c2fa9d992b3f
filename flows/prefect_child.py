"""The process that runs the flows for ``flows.engines.run_prefect``: says what happens as JSON lines, logs to standard error.

It uses the server PREFECT_API_URL names, or starts one of ours and stops it. The end of its standard input means stop.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.prefect_server import QUIET, environment, served
from flows.settings import Settings
from flows.upkeep import database
from schemas.report import BatchEntry


def main() -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    lock = threading.Lock()

    def say(**what: Any) -> None:
        with lock:
            answers.write(json.dumps(what, ensure_ascii=False) + "\n")
            answers.flush()

    def told(job: str, what: str | BatchEntry) -> None:
        if isinstance(what, str):
            say(job=job, at=what)
        else:
            say(job=job, entry=what.model_dump(mode="json"))

    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    settings = Settings(**spec["settings"])
    try:
        with _server(settings, say):
            say(phase="正在载入任务流")
            from flows import prefect_flows

            hands = prefect_flows.Hands(settings, told)
            prefect_flows.lend(hands)
            threading.Thread(target=_watch, args=(hands.stop,), daemon=True).start()
            say(phase="")
            try:
                for batch in spec["batches"]:
                    if not hands.stopped:
                        prefect_flows.screen_batch(batch["name"], batch["path"])
            finally:
                hands.stop()
    except Exception as error:
        traceback.print_exc()
        say(failed=f"任务流未能运行（{type(error).__name__}），详见日志")
        return 1
    return 0


@contextmanager
def _server(settings: Settings, say: Any) -> Iterator[None]:
    if os.environ.get("PREFECT_API_URL"):
        os.environ.update(QUIET)
        yield
        return
    say(phase="正在启动任务服务（约十秒）")
    with database(settings.home) as name:
        for variable in [variable for variable in os.environ if variable.startswith("PREFECT_")]:
            del os.environ[variable]  # meant for another Prefect
        env = environment(settings.home, name)
        os.environ.update(env)
        with served(env) as address:
            os.environ["PREFECT_API_URL"] = address
            yield


def _watch(stop: Any) -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock would be held at the interpreter's end
        pass
    stop()


if __name__ == "__main__":
    sys.exit(main())
