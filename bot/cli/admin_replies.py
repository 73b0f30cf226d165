"""``admin replies``: officers' own wordings of what the assistant says, with their history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml

from backend.domain.clock import VIETNAM
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

replies = typer.Typer(no_args_is_help=True, help="What the assistant says, in the office's own words.")
_FOLDER = Path(__file__).resolve().parent.parent / "replies"
Language = Annotated[str, typer.Option(help="vi or en")]


@replies.command("list")
def replies_list(topic: Annotated[str, typer.Argument(help="such as notices; empty: all")] = "") -> None:
    """Keys, and who changed which when."""
    from bot.replies.renderer import Replies

    with opened_store(present_settings()) as db:
        changed = {(one.language, one.key): one for one in db.read_now(lambda uow: uow.wordings.present())}
    for key in sorted(Replies(_FOLDER).keys()):
        if not topic or key.partition("/")[0] == topic:
            own = [one for (_, name), one in changed.items() if name == key and one.template]
            note = "  ".join(
                f"[{one.language} {one.by} {one.at.astimezone(VIETNAM):%Y-%m-%d}]" for one in own
            )
            print(f"{key}  {note}".rstrip())


@replies.command("show")
def replies_show(key: str, language: Language = "vi") -> None:
    """The text in use, and every earlier version."""
    from bot.replies.renderer import Replies

    source = Replies(_FOLDER).sources.get(language, {}).get(key)
    if source is None:
        raise CommandError(f"{key}: no such reply in {language}")
    with opened_store(present_settings()) as db:
        versions = db.read_now(lambda uow: uow.wordings.history(language, key))
    for one in versions:
        print(f"--- {one.by}  {one.at.astimezone(VIETNAM):%Y-%m-%d %H:%M}")
        print(one.template or "(given back to the file)")
    print("--- the file's")
    print(source)


@replies.command("set")
def replies_set(
    key: str,
    file: Annotated[Path | None, typer.Option(help="the text; without it standard input is read")] = None,
    language: Language = "vi",
) -> None:
    """A new wording; running processes use it within seconds. Values are those of the file's own text."""
    from bot.replies.renderer import Replies

    try:
        text = file.read_text("utf-8") if file else sys.stdin.read()
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{file}: cannot be read as UTF-8 text") from None
    if not text.strip() or len(text) > 8000:
        raise CommandError("a text of 1 to 8000 characters is wanted; nothing was changed")
    if fault := Replies(_FOLDER).fault(language, key, text):
        raise CommandError(f"{key}: {fault}; nothing was changed")
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: uow.wordings.add(language, key, text, shell_actor(), uow.now))
        db.write_now(
            lambda uow: uow.audit.record(shell_actor(), "reply_set", key, "ok", {"language": language})
        )
    print(f"{key} ({language}): changed")


@replies.command("reset")
def replies_reset(key: str, language: Language = "vi") -> None:
    """Back to the file's text; the versions stay in the history."""
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: uow.wordings.add(language, key, "", shell_actor(), uow.now))
    print(f"{key} ({language}): back to the file's text")


@replies.command("export")
def replies_export() -> None:
    """The wordings in use, as YAML to be put into the files under bot/replies."""
    with opened_store(present_settings()) as db:
        present = [one for one in db.read_now(lambda uow: uow.wordings.present()) if one.template]
    found: dict[str, dict[str, str]] = {}
    for one in present:
        found.setdefault(one.language, {})[one.key] = one.template
    print(yaml.safe_dump(found, allow_unicode=True, default_flow_style=False), end="")
