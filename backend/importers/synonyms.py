"""The officers' files of phrases, read for the procedure search."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from backend.domain.procedure import HandledBy
from backend.importers.base import FileRefused
from backend.services.procedures.lexicon import Phrases
from backend.services.procedures.outside import Body, OutsideMatter, OutsideTable
from backend.services.procedures.search import SearchSettings, use_search_settings
from backend.text.fold import nfc


def install_search(nlu_data: Path) -> SearchSettings:
    """Read the phrases below ``nlu_data`` and let every later search of this process use them.

    Raises:
        FileRefused: a file is not as its heading says.
    """
    settings = SearchSettings(
        load_phrases(nlu_data / "synonyms" / "procedures.yml", nlu_data / "synonyms" / "abbreviations.yml"),
        load_outside(nlu_data / "lookups" / "outside_bodies.yml"),
        load_names(nlu_data / "synonyms" / "everyday_names.csv"),
        load_names(nlu_data / "synonyms" / "english_names.csv"),
        Phrases(fillers=load_english_fillers(nlu_data / "synonyms" / "procedures.yml")),
    )
    use_search_settings(settings)
    return settings


def load_english_fillers(procedures: Path) -> tuple[str, ...]:
    """English words of asking."""
    return tuple(_clean(one) for one in _mapping(procedures).get("english_fillers") or ())


def load_phrases(procedures: Path, abbreviations: Path) -> Phrases:
    body = _mapping(procedures)
    short = _mapping(abbreviations).get("abbreviations") or {}
    return Phrases(
        synonyms={
            _clean(said): tuple(_clean(one) for one in _list(meant, procedures, said))
            for said, meant in (body.get("synonyms") or {}).items()
        },
        fillers=tuple(_clean(one) for one in body.get("fillers") or ()),
        weak=tuple(_clean(one) for one in body.get("weak") or ()),
        decisive=tuple(_clean(one) for one in body.get("decisive") or ()),
        kept=tuple(_clean(one) for one in body.get("keep") or ()),
        qualifiers={
            _clean(title): tuple(_clean(one) for one in _list(said, procedures, title))
            for title, said in (body.get("qualifiers") or {}).items()
        },
        abbreviations={
            _clean(one): _clean(full)
            for full, ones in short.items()
            for one in _list(ones, abbreviations, full)
        },
    )


def load_names(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Everyday names by procedure code, from a CSV with the columns code and names (";" between names)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if not {"code", "names"} <= set(rows.fieldnames or ()):
                raise FileRefused(f"{path.name} phải có hai cột code và names.")
            return {
                row["code"].strip(): tuple(
                    _clean(one) for one in (row["names"] or "").split(";") if one.strip()
                )
                for row in rows
            }
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileRefused(f"Không đọc được {path.name}: {error}") from error


def load_outside(path: Path) -> OutsideTable:
    body = _mapping(path)
    bodies = {name: _body(path, name, one) for name, one in (body.get("bodies") or {}).items()}
    matters = []
    for one in body.get("matters") or ():
        if one.get("body") not in bodies:
            raise FileRefused(
                f"{path.name}: việc “{one.get('name')}” ghi nơi “{one.get('body')}” chưa có trong bodies."
            )
        matters.append(
            OutsideMatter(
                _tidy(one["name"]),
                bodies[one["body"]],
                tuple(map(_clean, one["said"])),
                bool(one.get("when_missing")),
            )
        )
    return OutsideTable(
        {HandledBy(name): one for name, one in bodies.items() if name in set(HandledBy)}, tuple(matters)
    )


def _body(path: Path, name: str, one: Mapping[str, Any]) -> Body:
    missing = [key for key in ("name", "where") if not one.get(key)]
    if missing:
        raise FileRefused(f"{path.name}: “{name}” thiếu {', '.join(missing)}.")
    return Body(_tidy(one["name"]), _tidy(one["where"]), one.get("url", ""), one.get("phone", ""))


def _mapping(path: Path) -> Mapping[str, Any]:
    try:
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise FileRefused(f"Không đọc được {path.name}: {error}") from error
    if not isinstance(body, Mapping):
        raise FileRefused(f"{path.name} phải gồm các mục có tên.")
    return body


def _list(value: Any, path: Path, name: Any) -> Iterable[Any]:
    if not isinstance(value, list) or not value:
        raise FileRefused(f"{path.name}: “{name}” phải có danh sách trong ngoặc vuông.")
    return value


def _tidy(value: Any) -> str:
    return " ".join(nfc(str(value)).split())


def _clean(value: Any) -> str:
    return _tidy(value).lower()
