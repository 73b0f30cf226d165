"""Logs: one JSON object a line on standard error. What people write never gets here."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def places(error: BaseException) -> list[str]:
    """Where it went wrong, cause first. Neither messages nor local variables: both may hold what a person wrote."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = places(before) if before is not None else []
    frames = traceback.extract_tb(error.__traceback__)
    return [
        *earlier,
        f"{type(error).__module__}.{type(error).__qualname__}",
        *(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames),
    ]


def _traceback_without_words(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    said = event.pop("exc_info", None)
    error = sys.exc_info()[1] if said is True else said[1] if isinstance(said, tuple) else said
    if isinstance(error, BaseException):
        event["traceback"] = places(error)
    return event


class _WithoutWords(logging.Formatter):
    """For libraries' own loggers: who and how bad, and where, but never the message."""

    def formatException(self, ei: ExcInfo) -> str:
        return "\n".join(places(ei[1])) if ei[1] is not None else ""


def set_up_logging(level: str) -> None:
    """Level names as in ``logging``; an unknown one means INFO."""
    number = logging.getLevelNamesMapping().get(level, logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _traceback_without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutWords("%(name)s %(levelname)s"))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])
    for name in ("httpx", "httpcore", "telegram", "aiohttp.access"):  # they log addresses with tokens in them
        logging.getLogger(name).setLevel(logging.ERROR)
