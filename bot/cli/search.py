"""``search``: procedure search alone."""

from __future__ import annotations

import json

from backend.services.procedures.search import search_now
from backend.settings import Settings
from bot.cli.store import opened_store


def search(settings: Settings, words: str, k: int, as_json: bool) -> int:
    with opened_store(settings) as db:
        hits = db.read_now(lambda uow: search_now(uow, words, k))
    if as_json:
        print(json.dumps(hits, ensure_ascii=False))
        return 0
    for hit in hits:
        print(f"{hit['score']:.2f}  {hit['code']}  {hit['title']}")
    return 0 if hits else 1
