"""Petitions that may be about one matter: near in place and time, alike in words. A person decides.

Candidates come from an index (commune, box on the map, or field, within days); only those are opened and compared:
TF-IDF cosine over folded words and pairs of words (Vietnamese words are pairs of syllables as often as not).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from backend.domain.errors import NotFound
from backend.domain.petition_field import ANY_FIELD, DuplicateRule, Likeness, Search, Sighting
from backend.domain.ports import UnitOfWork
from backend.services.petitions.moving import Mover
from backend.services.petitions.owners import concerned
from backend.text.fold import words

#: Opened for comparing at the most; the newest first.
MOST_CANDIDATES = 200
_SHOWN = 10
_EARTH_M = 6_371_000.0
_WORDS, _PLACE, _TIME = 0.6, 0.3, 0.1
#: What the place says where metres are unknown: the commune is the same, or nothing is known of it.
_SAME_COMMUNE, _UNKNOWN_PLACE = 0.6, 0.3
#: Beyond so many times the radius of the rule it is another matter, whatever the words.
_TOO_FAR = 3.0


def duplicates(uow: UnitOfWork, by: Mover, code: str) -> list[Likeness]:
    """The likeliest first, none that this mover may not see.

    Raises:
        NotFound: no such petition, or it is about the mover's own agency.
    """
    subject = uow.petition_fields.sighting(code)
    if subject is None or _hidden(uow, by, subject):
        raise NotFound()
    rule = uow.petition_fields.rule(subject.field_name or ANY_FIELD)
    candidates = uow.petition_fields.near(_search(subject, rule), MOST_CANDIDATES)
    seen = [one for one in candidates if not _hidden(uow, by, one)]
    rarity = _rarity([subject, *seen])
    own = _vector(subject, rarity)
    found = [likeness(subject, one, rule, _cosine(own, _vector(one, rarity))) for one in seen]
    likely = [one for one in found if one is not None and one.score >= rule.alike]
    return sorted(likely, key=lambda one: (-one.score, one.code))[:_SHOWN]


def likeness(one: Sighting, other: Sighting, rule: DuplicateRule, words_alike: float) -> Likeness | None:
    """None where they are too far apart to be one matter."""
    metres = metres_between(one, other)
    if metres is not None and metres > _TOO_FAR * rule.radius_m:
        return None
    same_commune = one.commune_id is not None and one.commune_id == other.commune_id
    if metres is not None:
        place = max(0.0, 1 - metres / (_TOO_FAR * rule.radius_m))
    else:
        place = _SAME_COMMUNE if same_commune else _UNKNOWN_PLACE
    apart = abs(one.received_at - other.received_at)
    days = round(apart / timedelta(days=1))
    time = max(0.0, 1 - apart / timedelta(days=max(1, rule.days)))
    score = _WORDS * words_alike + _PLACE * place + _TIME * time
    same_field = bool(one.field_name) and one.field_name == other.field_name
    told = {
        f"cách {round(metres)} m" if metres is not None else "": metres is not None,
        "cùng xã, phường": same_commune,
        "cùng lĩnh vực": same_field,
        f"cách nhau {days} ngày": True,
        f"lời kể giống {round(words_alike * 100)}%": True,
    }
    return Likeness(
        other.code,
        other.state,
        score,
        words_alike,
        days,
        round(metres) if metres is not None else None,
        same_commune,
        same_field,
        tuple(text for text, holds in told.items() if holds),
    )


def metres_between(one: Sighting, other: Sighting) -> float | None:
    """Along the ground; None where one of the places is not on the map."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    half_up, half_along = (north - south) / 2, math.radians(other.longitude - one.longitude) / 2
    root = math.sin(half_up) ** 2 + math.cos(south) * math.cos(north) * math.sin(half_along) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, root)))


def _search(subject: Sighting, rule: DuplicateRule) -> Search:
    span = timedelta(days=rule.days)
    return Search(
        since=subject.received_at - span,
        until=subject.received_at + span,
        commune_id=subject.commune_id,
        box=_box(subject, rule.radius_m * _TOO_FAR),
        field_name=subject.field_name,
        but=subject.code,
    )


def _box(subject: Sighting, metres: float) -> tuple[float, float, float, float] | None:
    if subject.latitude is None or subject.longitude is None:
        return None
    up = math.degrees(metres / _EARTH_M)
    along = up / max(0.01, math.cos(math.radians(subject.latitude)))
    return subject.latitude - up, subject.latitude + up, subject.longitude - along, subject.longitude + along


def _hidden(uow: UnitOfWork, by: Mover, one: Sighting) -> bool:
    return concerned(uow, one.about_agency_id, by.agency_id)


def _terms(one: Sighting) -> Counter[str]:
    said = words(f"{one.story.text} {one.story.place}")
    return Counter([*said, *(f"{first} {second}" for first, second in zip(said, said[1:], strict=False))])


def _rarity(seen: Iterable[Sighting]) -> Mapping[str, float]:
    """What everybody around there writes says little about the one matter."""
    spread: Counter[str] = Counter()
    count = 0
    for one in seen:
        count += 1
        spread.update(set(_terms(one)))
    return {term: math.log((1 + count) / (1 + there)) + 1 for term, there in spread.items()}


def _vector(one: Sighting, rarity: Mapping[str, float]) -> dict[str, float]:
    found = {term: (1 + math.log(times)) * rarity[term] for term, times in _terms(one).items()}
    length = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {term: value / length for term, value in found.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    small, large = sorted((one, other), key=len)
    return sum(value * large.get(term, 0.0) for term, value in small.items())
