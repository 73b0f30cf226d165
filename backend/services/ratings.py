"""Ratings: who may give one, changing it for a day, and what comes of them all.

A result is rated by whoever the dossier is open to, an answer by whoever reported the petition; once each, by the
person and not by the channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from backend.domain.errors import NotFound
from backend.domain.petition import Petition, PetitionState
from backend.domain.ports import UnitOfWork
from backend.domain.rating import (
    HIGHEST,
    LOWEST,
    NoResultYet,
    RatedKind,
    RatedSubject,
    Rating,
    RatingFigures,
    RatingFixed,
    Reason,
    Tally,
)
from backend.domain.viewer import Viewer
from backend.services.dossiers.access import is_open
from backend.services.people import conversations_of
from backend.services.petitions import viewing

#: Results and answers that are offered to choose from.
MOST_OFFERED = 5
LONGEST_COMMENT = 1000
_ANSWERED = frozenset({PetitionState.ANSWERED, PetitionState.CLOSED})
_PETITION_CODES = ("PA-", "KN-", "HT-")


def kind_of(code: str) -> RatedKind:
    return RatedKind.PETITION if code.startswith(_PETITION_CODES) else RatedKind.DOSSIER


def subject_of(uow: UnitOfWork, viewer: Viewer, code: str) -> RatedSubject:
    """What this viewer may rate under this code.

    Raises:
        NotFound: no such dossier or petition, or not this person's: never told apart.
        NoResultYet: there is neither a result nor an answer.
    """
    if viewer.group:
        raise NotFound()
    if kind_of(code) is RatedKind.PETITION:
        petition = next((one for one in viewing.mine(uow, viewer) if one.code == code), None)
        if petition is None:
            raise NotFound()
        if petition.state not in _ANSWERED:
            raise NoResultYet(code=code)
        return _answer_of(uow, petition)
    dossier = uow.dossiers.by_code(code)
    if dossier is None or not is_open(viewer, dossier):
        raise NotFound()
    if not dossier.stage.has_result:
        raise NoResultYet(code=code)
    return RatedSubject(RatedKind.DOSSIER, code, dossier.agency_name, dossier.procedure_code, dossier.title)


def rateable(uow: UnitOfWork, viewer: Viewer) -> tuple[RatedSubject, ...]:
    """Results and answers of this person that are not rated for good, the newest first."""
    if viewer.group:
        return ()
    mine = uow.dossiers.by_phone(viewer.phone_proofs, MOST_OFFERED * 4)
    opened = uow.dossiers.by_codes(viewer.opened)
    ended = {one.code: one for one in (*mine, *opened.values()) if one.stage.has_result}
    newest = sorted(
        ended.values(), key=lambda one: one.returned_at or one.finished_at or one.as_of, reverse=True
    )
    answered = [one for one in viewing.mine(uow, viewer) if one.state in _ANSWERED]
    found = [
        *(subject_of(uow, viewer, one.code) for one in newest if is_open(viewer, one)),
        *(_answer_of(uow, one) for one in answered),
    ]
    changeable = (one for one in found if not _fixed(uow, given(uow, viewer, one)))
    return tuple(one for one, _ in zip(changeable, range(MOST_OFFERED), strict=False))


def given(uow: UnitOfWork, viewer: Viewer, subject: RatedSubject) -> Rating | None:
    """What this person gave before, on whatever channel."""
    return uow.ratings.of(subject, _persons(uow, viewer))


def rate(uow: UnitOfWork, viewer: Viewer, code: str, value: int) -> Rating:
    """Keep the value, or change what was given within the last day.

    Raises:
        NotFound, NoResultYet: as ``subject_of``. RatingFixed: the day is over.
        ValueError: the value is not from 1 to 5.
    """
    if not LOWEST <= value <= HIGHEST:
        raise ValueError(f"a rating of {value}")
    subject = subject_of(uow, viewer, code)
    before = given(uow, viewer, subject)
    if before is None:
        person, channel = _persons(uow, viewer)[0], str(viewer.address.channel)
        uow.ratings.add(subject, person, viewer.conversation_id, channel, value, uow.now)
        before = _given_now(uow, viewer, subject)  # another channel of the same person may have been first
    if before.value != value:
        _changeable(uow, before)
        uow.ratings.change(before.id, uow.now, value)
    uow.audit.record(viewer.actor, "rate", f"{subject.kind}:{code}", "ok", {"value": value})
    return replace(_given_now(uow, viewer, subject), subject=subject)


def explain(
    uow: UnitOfWork, viewer: Viewer, code: str, reasons: Iterable[Reason], comment: str | None = None
) -> Rating:
    """Add reasons to those that were given, and words in place of those that were said; None leaves them.

    Raises:
        NotFound: this person has not rated it. RatingFixed: the day is over.
    """
    subject = subject_of(uow, viewer, code)
    before = given(uow, viewer, subject)
    if before is None:
        raise NotFound()
    _changeable(uow, before)
    all_reasons = dict.fromkeys((*before.reasons, *reasons))
    words = None if comment is None else comment.strip()[:LONGEST_COMMENT]
    uow.ratings.explain(before.id, uow.now, list(all_reasons), words)
    return replace(_given_now(uow, viewer, subject), subject=subject)


def forget(uow: UnitOfWork, viewer: Viewer) -> int:
    """Erase who rated in this conversation and what was said beside it; the bare values stay for the count."""
    return uow.ratings.erase([_of_conversation(uow, viewer.conversation_id)], viewer.conversation_id)


# --- figures -------------------------------------------------------------------------------------------------


def figures(uow: UnitOfWork, since: date | None = None, until: date | None = None) -> RatingFigures:
    """Counts and averages of what was rated from ``since`` to ``until``, both days included; None: no border."""
    kinds: dict[str, dict[int, int]] = {}
    agencies: dict[str, dict[int, int]] = {}
    procedures: dict[str, dict[int, int]] = {}
    months: dict[str, dict[int, int]] = {}
    overall: dict[int, int] = dict.fromkeys(range(LOWEST, HIGHEST + 1), 0)
    for kind, agency, procedure, day, value, count in uow.ratings.counts(since, until):
        overall[value] += count
        for table, name in (
            (kinds, kind),
            (agencies, agency),
            (procedures, procedure),
            (months, f"{day:%Y-%m}"),
        ):
            if name:
                tally = table.setdefault(name, dict.fromkeys(overall, 0))
                tally[value] += count
    return RatingFigures(
        overall=Tally(overall),
        by_kind=_most_first(kinds),
        by_agency=_most_first(agencies),
        by_procedure=_most_first(procedures),
        by_month={name: Tally(months[name]) for name in sorted(months)},
        reasons=dict(sorted(uow.ratings.reasons(since, until).items(), key=lambda one: (-one[1], one[0]))),
    )


def as_json(found: RatingFigures) -> dict[str, Any]:
    """The figures as one JSON value; rates from 0 to 1, averages from 1 to 5 or null."""

    def table(tallies: Mapping[str, Tally]) -> dict[str, Any]:
        return {name: _tally_json(one) for name, one in tallies.items()}

    return {
        "overall": _tally_json(found.overall),
        "by_kind": table(found.by_kind),
        "by_agency": table(found.by_agency),
        "by_procedure": table(found.by_procedure),
        "by_month": table(found.by_month),
        "reasons": dict(found.reasons),
    }


def listed(uow: UnitOfWork, actor: str, limit: int, *, words: bool) -> Sequence[Rating]:
    """The newest ratings; showing what people wrote leaves a trace."""
    found = uow.ratings.newest(limit)
    if words:
        uow.audit.record(actor, "ratings_shown", "ratings", "ok", {"count": len(found)})
        return found
    return [replace(one, comment="") for one in found]


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "average": tally.average,
        "satisfied": tally.satisfied,
        "values": {str(value): how_many for value, how_many in sorted(tally.counts.items())},
    }


def _most_first(tables: Mapping[str, Mapping[int, int]]) -> dict[str, Tally]:
    tallies = {name: Tally(counts) for name, counts in tables.items()}
    return dict(sorted(tallies.items(), key=lambda one: (-one[1].count, one[0])))


# --- pieces --------------------------------------------------------------------------------------------------


def _answer_of(uow: UnitOfWork, petition: Petition) -> RatedSubject:
    agency = uow.agencies.get(petition.agency_id).name if petition.agency_id else ""
    return RatedSubject(RatedKind.PETITION, petition.code, agency, round=petition.reopened)


def _persons(uow: UnitOfWork, viewer: Viewer) -> list[str]:
    """Every key under which this person may have rated; the first is the one to keep from now on."""
    by_conversation = [_of_conversation(uow, number) for number in conversations_of(uow, viewer)]
    return [*sorted(viewer.phone_proofs), *by_conversation]


def _of_conversation(uow: UnitOfWork, conversation_id: int) -> str:
    return uow.cipher.fingerprint(str(conversation_id), "rater")


def _given_now(uow: UnitOfWork, viewer: Viewer, subject: RatedSubject) -> Rating:
    found = given(uow, viewer, subject)
    if found is None:
        raise LookupError(subject.code)
    return found


def _fixed(uow: UnitOfWork, rating: Rating | None) -> bool:
    return rating is not None and uow.now >= rating.fixed_at


def _changeable(uow: UnitOfWork, rating: Rating) -> None:
    if _fixed(uow, rating):
        raise RatingFixed(code=rating.subject.code, value=rating.value)
