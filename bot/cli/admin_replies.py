"""``admin replies``: officers' own wordings of what the assistant says, with their history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml

from backend.domain.clock import VIETNAM
from backend.domain.ports import UnitOfWork
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
    source = _source(key, language)
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

    _source(key, language)
    try:
        text = file.read_text("utf-8") if file else sys.stdin.read()
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{file}: cannot be read as UTF-8 text") from None
    if not text.strip() or len(text) > 8000:
        raise CommandError("a text of 1 to 8000 characters is wanted; nothing was changed")
    if fault := Replies(_FOLDER).fault(language, key, text):
        raise CommandError(f"{key}: {fault}; nothing was changed")
    _put(key, language, text)
    print(f"{key} ({language}): changed")


@replies.command("reset")
def replies_reset(key: str, language: Language = "vi") -> None:
    """Back to the file's text; the versions stay in the history."""
    _source(key, language)
    _put(key, language, "")
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


def _source(key: str, language: str) -> str:
    """The file's own text; raises CommandError where there is none to change."""
    from bot.replies.renderer import Replies

    sources = Replies(_FOLDER).sources
    if language not in sources:
        raise CommandError(f"{language}: no such language; there are {', '.join(sorted(sources))}")
    source = sources[language].get(key) or sources["vi"].get(key)  # a language may lack whole topics
    if source is None:
        raise CommandError(f"{key}: no such reply; `admin replies list` shows them")
    return source


def _put(key: str, language: str, text: str) -> None:
    """The version and who made it, both or neither. An empty text gives the key back to the file."""
    actor, done = shell_actor(), "reply_set" if text else "reply_reset"

    def put(uow: UnitOfWork) -> None:
        uow.wordings.add(language, key, text, actor, uow.now)
        uow.audit.record(actor, done, key, "ok", {"language": language})

    with opened_store(present_settings()) as db:
        db.write_now(put)
