"""What a command does with files: pictures and documents of a reply are put where the person can open them."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backend.settings import Settings


def put_down(replies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The replies with ``image`` and ``attachment`` as paths of files that only their owner can read."""
    shown = []
    folder: Path | None = None
    for number, reply in enumerate(replies):
        reply = dict(reply)
        for kind in ("image", "attachment"):
            if kind not in reply:
                continue
            folder = folder or Path(tempfile.mkdtemp(prefix="motcua-"))
            name, source = _named(reply[kind], number)
            path = folder / name
            path.write_bytes(base64.b64decode(source.partition("base64,")[2]))
            reply[kind] = str(path)
        shown.append(reply)
    return shown


def _named(value: Any, number: int) -> tuple[str, str]:
    """A plain file name, and the data address."""
    if isinstance(value, dict):
        payload = value["payload"]
        return f"{number}-{Path(str(payload['name'])).name}", str(payload["src"])
    ending = str(value)[len("data:image/") :].partition(";")[0]
    return f"{number}.{ending if ending.isalnum() else 'png'}", str(value)


def keep_font_cache(settings: Settings) -> None:
    """The list of fonts that pictures are drawn with lies in our own folder: a service account may have no home."""
    os.environ.setdefault("MPLCONFIGDIR", str(settings.home / "cache" / "matplotlib"))
