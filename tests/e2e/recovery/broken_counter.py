"""A counter whose greeting breaks with somebody's words in its hands. Run as a process: its standard error is its log.

python broken_counter.py HOME WORDS
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from actions.base import Outcome, Turn
from bot.app import application
from bot.logging import set_up_logging
from tests.language import Person, settings_for


def broken(turn: Turn) -> Outcome:
    words = turn.text  # a local variable, as any action has
    raise ValueError(f"cannot read {words!r}")


async def main(home: Path, words: str) -> None:
    set_up_logging("DEBUG")
    async with application(settings_for(home, "http://127.0.0.1:9")) as app:
        app.desk.actions["greeting"] = broken  # type: ignore[index]
        for reply in await Person(app, "someone").says(f"xin chào, {words}"):
            print(reply.key)
    try:
        raise LookupError(words)
    except LookupError:
        logging.getLogger("some.library").exception("no such %s", words)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
