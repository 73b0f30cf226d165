"""The language side: when to train, how to train, how to start Rasa's own server."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from backend.settings import Settings
from bot.app import ROOT

#: Everything a model depends on: a change of any of it means training again.
_DEPENDS_ON = ("config.yml", "nlu_data", "bot/nlu", "backend/text", "requirements/nlu.txt")
#: Below nlu_data, for the procedure search alone.
_ONLY_SEARCH = frozenset(
    {"procedures.yml", "everyday_names.csv", "english_names.csv", "petition_kinds.yml", "outside_bodies.yml"}
)
#: A folder of nlu_data that Rasa never reads: sentences from which the field of a petition is learnt.
_ONLY_PETITIONS = "nlu_data/petitions"
_KEEP_MODELS = 3


class LanguageError(RuntimeError):
    """The language side cannot be made ready; the message says what to do, in one line."""


def fingerprint(root: Path = ROOT) -> str:
    """16 hex digits over every file that training depends on."""
    digest = hashlib.sha256()
    for name in _DEPENDS_ON:
        top = root / name
        files = sorted(p for p in top.rglob("*") if p.is_file()) if top.is_dir() else [top]
        for path in files:
            if "__pycache__" in path.parts or path.name in _ONLY_SEARCH:
                continue
            if path.is_relative_to(root / _ONLY_PETITIONS):
                continue
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def nlu_python(settings: Settings) -> Path:
    return settings.home / "env" / "nlu" / "bin" / "python"


def rasa_environment(settings: Settings) -> Mapping[str, str]:
    """Telemetry off, one thread, bytecode kept, nothing but warnings in the log (never what people write)."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1")
    return {
        **kept,
        **one_thread,
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(settings.home / "cache" / "rasa"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "PYTHONWARNINGS": "ignore",
    }


def model_file(settings: Settings) -> Path:
    return settings.home / "models" / f"motcua-{fingerprint()}.tar.gz"


def train(settings: Settings, *, force: bool = False, say: bool = True) -> Path:
    """The model for the present language files; trained only when there is none yet.

    Raises:
        LanguageError: the environment is missing or training failed; the message names the log.
    """
    target = model_file(settings)
    if target.exists() and not force:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ``up`` and ``ask`` at once: the second finds what the first made
        if target.exists() and not force:
            return target
        return _train(settings, target, say)


def _train(settings: Settings, target: Path, say: bool) -> Path:
    python = nlu_python(settings)
    if not python.exists():
        raise LanguageError("the language environment is missing: run ./motcua up")
    log = settings.home / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if say:
        print("  training the language model (two to three minutes) …", file=sys.stderr, flush=True)
    began = time.monotonic()
    work = "new-" + target.name.removesuffix(".tar.gz")
    command = [
        "nice", "-n", "10", str(python), "-m", "rasa", "train", "nlu", "--config", str(ROOT / "config.yml"),
        "--nlu", str(ROOT / "nlu_data" / "nlu"), "--out", str(target.parent), "--fixed-model-name", work,
    ]  # fmt: skip
    with log.open("w") as file:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(rasa_environment(settings)),
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    made = target.parent / f"{work}.tar.gz"
    if done.returncode != 0 or not made.exists():
        raise LanguageError(f"training failed (exit {done.returncode}); see {log}")
    made.replace(target)  # whole or not at all
    _drop_old(target)
    if say:
        print(f"  trained in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return target


def _drop_old(newest: Path) -> None:
    models = sorted(
        newest.parent.glob("motcua-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for old in models[_KEEP_MODELS:]:
        if old != newest:
            old.unlink()


def rasa_command(settings: Settings, model: Path, port: int) -> list[str]:
    """Rasa's own server, on loopback only."""
    return [
        str(nlu_python(settings)), "-m", "rasa", "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port),
        "--model", str(model),
    ]  # fmt: skip
