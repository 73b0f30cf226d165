"""``./motcua check``: formatting, lint, types, architecture. One line per gate; what failed is shown in full."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

GATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("formatting", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    (
        "architecture",
        ("pytest", "-q", "-p", "no:cacheprovider", "-o", "verbosity_assertions=2", "tests/architecture"),
    ),
)


def passes(name: str, command: Sequence[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<14}{verdict:<8}{time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode != 0:
        print("\n".join(f"    {line}" for line in done.stdout.splitlines()), flush=True)
    return done.returncode == 0


def main(names: Sequence[str]) -> int:
    """Run all gates, or those named; every gate runs even after one failed."""
    unknown = set(names) - {name for name, _ in GATES}
    if unknown:
        print(f"motcua check: no gate {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    chosen = [gate for gate in GATES if not names or gate[0] in names]
    failed = [name for name, command in chosen if not passes(name, command)]
    print(f"check: {'FAILED: ' + ', '.join(failed) if failed else 'all gates passed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
