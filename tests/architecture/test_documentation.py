"""Every setting stands in ``.env.example``, every command in the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import typer

from bot.cli.main import cli
from tests.architecture.tree import ROOT

#: Between the launcher and its own processes; nobody sets these by hand.
INTERNAL = frozenset({"MOTCUA_BEGAN"})
_SETTING = re.compile(r"MOTCUA_[A-Z][A-Z_]*[A-Z]")
_READ = re.compile(
    r"_(?:text|whole|seconds|moment|clock_time|path|flag|channels|weekly|ladder)\(values, \"([A-Z_]+)\""
)
_LAUNCHER_COMMANDS = ("test", "check", "bundle")


def settings_in_code() -> set[str]:
    """Names read by ``read_settings``, by the launcher, and by whatever else names one."""
    source = (ROOT / "backend" / "settings.py").read_text(encoding="utf-8")
    found = {f"MOTCUA_{name}" for name in _READ.findall(source)}
    for path in [ROOT / "motcua", *(ROOT / "bot").rglob("*.py"), *(ROOT / "backend").rglob("*.py")]:
        found |= set(_SETTING.findall(path.read_text(encoding="utf-8")))
    return found - INTERNAL


def commands(app: typer.Typer = cli, before: str = "") -> Iterator[str]:
    """Every visible command with its groups: "admin backup"."""
    for one in app.registered_commands:
        if not one.hidden:
            name = one.name or (one.callback.__name__.replace("_", "-") if one.callback else "")
            yield f"{before}{name}"
    for group in app.registered_groups:
        if not group.hidden and group.typer_instance is not None:
            name = group.name or group.typer_instance.info.name or ""
            yield from commands(group.typer_instance, f"{before}{name} ")


def documentation() -> str:
    paths = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_setting_is_explained_in_the_example_file() -> None:
    explained = set(_SETTING.findall((ROOT / ".env.example").read_text(encoding="utf-8")))
    assert sorted(settings_in_code() - explained) == []
    assert sorted(explained - settings_in_code()) == [], "explained, but nothing reads it"


def test_every_setting_of_the_example_has_a_comment_above_it() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    bare = []
    for number, line in enumerate(lines):
        if re.match(r"#?\s?MOTCUA_[A-Z_]+=", line):
            above = next((one for one in reversed(lines[:number]) if not re.match(r"#?\s?MOTCUA_", one)), "")
            if not above.startswith("#"):
                bare.append(line)
    assert bare == []


def test_settings_are_found_in_the_code() -> None:
    assert {
        "MOTCUA_DATABASE_URL",
        "MOTCUA_TELEGRAM_TOKEN",
        "MOTCUA_HOME",
        "MOTCUA_PROXY",
    } <= settings_in_code()


def test_every_command_is_documented() -> None:
    text = documentation()
    known = [*commands(), *_LAUNCHER_COMMANDS]
    assert {"up", "ask", "chat", "train"} <= set(known)
    assert [name for name in known if f"./motcua {name}" not in text] == []


def test_every_documented_command_exists() -> None:
    known = {*commands(), *_LAUNCHER_COMMANDS, "help"}
    said = set(re.findall(r"\./motcua ([a-z]+)", documentation()))
    assert sorted(said - {name.split()[0] for name in known}) == []
