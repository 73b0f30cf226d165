"""What field a petition belongs to and who might handle it: guessed, with its confidence, for a person to decide.

The guess comes from :mod:`field_model`, fitted from the officers' file, together with what persons decided since. The
agency follows from the field, the place and what was decided before; never whom the petition is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

from backend.domain.agency import Agency
from backend.domain.petition import Petition
from backend.domain.petition_field import Learnt, Level, PetitionField, Suggestion
from backend.domain.ports import UnitOfWork
from backend.services.agencies.resolve import resolve_agency
from backend.services.petitions.field_model import Evidence, FieldModel, grams
from backend.services.petitions.owners import concerned
from backend.text.fold import fold, words

#: Less sure than this it is likelier wrong than right: the model then says that it does not know.
LEAST_CONFIDENCE = 0.5
#: Past decisions of the same field and place: so many are looked at, so many and such a share make a habit.
_LOOKED_AT, _LEAST_DECIDED, _HABIT = 30, 3, 2 / 3
#: Its petitions are about officers: an agency that such a story names is taken to be whom it is about.
_ABOUT_OFFICERS = "conduct"

_make: Callable[[], FieldModel] | None = None


def use_field_model(make: Callable[[], FieldModel]) -> None:
    """Let every later guess of this process use this model; it is made when it is first wanted."""
    global _make
    _make = cache(make)


def field_model() -> FieldModel | None:
    return _make() if _make is not None else None


def suggest(uow: UnitOfWork, petition: Petition) -> Suggestion | None:
    """None without a model or without words. ``field`` is "" where the model does not know."""
    model = field_model()
    if model is None or petition.story is None:
        return None
    text = petition.story.text
    learnt = uow.petition_fields.learnt(grams(text))
    guesses = model.guess(text, Evidence(learnt.counts, learnt.totals))
    if not guesses:
        return None
    best = guesses[0]
    sure = best.confidence >= LEAST_CONFIDENCE
    field = uow.petition_fields.get(best.field) if sure else None
    agency = suggest_agency(uow, petition, field) if field else None
    second = guesses[1].field if len(guesses) > 1 else ""
    name = _name(model, learnt)
    return Suggestion(
        field.code if field else "", best.confidence, second, agency.id if agency else None, name, uow.now
    )


def note(uow: UnitOfWork, petition: Petition) -> None:
    """Keep the suggestion with a petition that was just filed."""
    if (made := suggest(uow, petition)) is not None:
        uow.petition_fields.suggest(petition.id, made)


def learn(uow: UnitOfWork, petition: Petition, field: str) -> None:
    """A person settled the field: count the words for it, by keyed hash."""
    uow.petition_fields.decide(petition.id, field)
    if petition.story is not None and (found := grams(petition.story.text)):
        uow.petition_fields.learn(field, found)


def suggest_agency(uow: UnitOfWork, petition: Petition, field: PetitionField) -> Agency | None:
    """By habit, else by the field and the place; None where nobody fits."""
    chosen = _by_habit(uow, petition, field) or _by_place(uow, petition, field)
    if chosen is None:
        return None
    about = [petition.about_agency_id]
    if field.code == _ABOUT_OFFICERS and petition.story:
        about += [one.agency.id for one in resolve_agency(uow, petition.story.text)]
    return None if any(concerned(uow, one, chosen.id) for one in about) else chosen


def _by_habit(uow: UnitOfWork, petition: Petition, field: PetitionField) -> Agency | None:
    decided = uow.petition_fields.decided_agencies(field.code, petition.commune_id, _LOOKED_AT)
    if len(decided) < _LEAST_DECIDED:
        return None
    ((agency_id, times),) = Counter(decided).most_common(1)
    return uow.agencies.get(agency_id) if times >= _HABIT * len(decided) else None


def _by_place(uow: UnitOfWork, petition: Petition, field: PetitionField) -> Agency | None:
    commune = uow.agencies.get(petition.commune_id) if petition.commune_id is not None else None
    told = f" {' '.join(words(petition.story.text))} " if petition.story else ""
    lifted = any(f" {' '.join(words(one))} " in told for one in field.raised_by)
    if field.level is Level.COMMUNE and not lifted and commune is not None:
        return commune
    return _department(uow, field) or commune


def _department(uow: UnitOfWork, field: PetitionField) -> Agency | None:
    """The one whose name has the field's words, the first of them first; old names of merged ones count."""
    above = [one for one in uow.agencies.all() if one.kind not in {"commune", "province"}]
    for wanted in map(fold, field.agency_words):
        for old in (False, True):
            for one in above:
                names = [name for name, _until in one.predecessors] if old else [one.name]
                if any(wanted in fold(name) for name in names):
                    return one
    return None


def _name(model: FieldModel, learnt: Learnt) -> str:
    return f"{model.name}+{learnt.petitions}" if learnt.petitions else model.name
