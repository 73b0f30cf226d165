"""``./motcua test [ARGS]``: every test, as CI runs them. ARGS go to pytest.

Three parts: the app's tests on two workers, the end-to-end tests one after another (they start real processes and
measure time), and the tests of the language components inside Rasa's own environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from backend.settings import SettingError, Settings, read_settings
from bot.cli.language import LanguageError, nlu_python, rasa_environment, train
from tests.needs import in_ci, missing

ROOT = Path(__file__).resolve().parent.parent
NLU_TESTS = ROOT / "tests" / "nlu"
#: Folders whose tests run without a trained model.
_WITHOUT_MODEL = ("architecture", "unit", "property", "integration", "nlu")
_NOTHING_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One pytest run: its name, the interpreter, the arguments before ARGS."""

    name: str
    python: Path
    arguments: tuple[str, ...]
    in_rasa: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    tests: int = 0
    failed: int = 0
    skipped: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.tests + other.tests, self.failed + other.failed, self.skipped + other.skipped)


def paths_in(arguments: Sequence[str]) -> list[Path]:
    """The test files and folders that ARGS name."""
    found = [Path(one.split("::")[0]) for one in arguments if not one.startswith("-")]
    return [(ROOT / path).resolve() for path in found if (ROOT / path).exists()]


def parts(settings: Settings, arguments: Sequence[str]) -> list[Part]:
    app = Path(sys.executable)
    nlu = Part(
        "language",
        nlu_python(settings),
        (
            *("-c", str(NLU_TESTS / "pytest.ini"), "--rootdir", str(NLU_TESTS)),
            *("--confcutdir", str(NLU_TESTS), "-p", "no:cacheprovider"),
        ),
        in_rasa=True,
    )
    named = paths_in(arguments)
    if not named:
        return [
            Part("app", app, ("-n", "2", "--dist", "loadgroup", "-m", "not e2e")),
            Part("end to end", app, ("-m", "e2e")),
            nlu,
        ]
    chosen = []
    if any(not path.is_relative_to(NLU_TESTS) for path in named):
        chosen.append(Part("app", app, ()))
    if any(path.is_relative_to(NLU_TESTS) for path in named):
        chosen.append(nlu)
    return chosen


def arguments_of(part: Part, arguments: Sequence[str]) -> list[str]:
    """ARGS as this part gets them: only its own paths; everything under its folder when none was named."""

    def own(one: str) -> bool:
        path = (ROOT / one.split("::")[0]).resolve()
        if one.startswith("-") or not path.exists():
            return True
        return path.is_relative_to(NLU_TESTS) == part.in_rasa

    kept = [one for one in arguments if own(one)]
    if part.in_rasa and not paths_in(kept):
        kept.append(str(NLU_TESTS))
    return kept


def run(part: Part, settings: Settings, arguments: Sequence[str]) -> tuple[int, Count]:
    report = settings.home / "log" / f"test-{part.name.replace(' ', '-')}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    print(f"\n=== {part.name} ===", flush=True)
    command = [
        *(str(part.python), "-m", "pytest", *part.arguments, f"--junitxml={report}"),
        *arguments_of(part, arguments),
    ]
    env = dict(rasa_environment(settings)) if part.in_rasa else {**os.environ, "PYTHONPATH": str(ROOT)}
    if part.in_rasa:
        env.pop("PYTHONWARNINGS", None)
        env["PYTHONDONTWRITEBYTECODE"] = "1"
    code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    if code == _NOTHING_COLLECTED and arguments:
        code = 0  # an option such as -k may leave a part empty; a part that is always empty is a defect
    return code, counted(report)


def counted(report: Path) -> Count:
    """Totals of a JUnit report that our own pytest has just written."""
    if not report.exists():
        return Count()
    total = Count()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        number = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        total = total.plus(Count(number["tests"], number["failures"] + number["errors"], number["skipped"]))
    return total


def needs_model(arguments: Sequence[str]) -> bool:
    named = paths_in(arguments)
    model_free = [ROOT / "tests" / name for name in _WITHOUT_MODEL]
    return not named or any(not any(path.is_relative_to(folder) for folder in model_free) for path in named)


def main(arguments: Sequence[str]) -> int:
    began = time.monotonic()
    try:
        settings = read_settings(ROOT)
        if needs_model(arguments):
            train(settings)
    except (SettingError, LanguageError) as error:
        print(f"motcua test: {error}", file=sys.stderr)
        return 2
    lacking = missing()
    for what in lacking:
        print(f"!!! {what}", file=sys.stderr, flush=True)
    if lacking and in_ci():
        return 2
    failed_parts, total = [], Count()
    for part in parts(settings, arguments):
        code, count = run(part, settings, arguments)
        total = total.plus(count)
        if code != 0:
            failed_parts.append(part.name)
    verdict = f"FAILED: {', '.join(failed_parts)}" if failed_parts else "passed"
    print(
        f"\n{total.tests} tests, {total.failed} failed, {total.skipped} skipped, "
        f"in {time.monotonic() - began:.0f} s: {verdict}",
        flush=True,
    )
    return 1 if failed_parts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
