"""One package on disk → its report, in this process, counted from the day of the sample packages."""

from datetime import date
from pathlib import Path

import policies
from fixtures.make import AS_OF
from flows import intake
from flows.screening import Screened, screen_package


def screen(path: Path, policy: str) -> Screened:
    (one,) = intake.survey(path, "one" if path.is_dir() else "auto").submissions
    package = intake.collect(one, path.parent.with_name(path.parent.name + "-work"), intake.Limits())
    return screen_package(package, policies.load(policy), date.fromisoformat(AS_OF))
