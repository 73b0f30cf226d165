"""Rating a result or an answer: the value is kept at once, reasons and words come after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from actions.dossier import digits_form, once_more, try_digits
from actions.dossier_codes import code_from_value, codes_said
from actions.dossier_replies import look, opened_list
from backend.domain.errors import DomainError, NotFound
from backend.domain.petition import PetitionState
from backend.domain.rating import HIGHEST, LOW, LOWEST, NoResultYet, RatedKind, Rating, Reason, reasons_for
from backend.services import ratings
from backend.services.dossiers.views import Blocked
from backend.services.petitions import viewing
from backend.services.rating_words import read_reasons, read_value
from backend.text.codes import find_codes
from backend.text.fold import nfc

#: What somebody's reasons are easily read as.
_TAKES = frozenset({
    "rating", "complaint_file", "complaint_status", "dossier_status", "fees_payment", "insult", "out_of_scope",
    "time_limit", "where_hours", "procedure_guide", "documents_needed",
})  # fmt: skip
#: So many words tell something, whatever they were read as.
_TELLING = 4


def rating_buttons(subject: str) -> tuple[Button, ...]:
    """One button per value, for the notice of a result or an answer.

    ``subject`` is a notice's ("dossier:CODE", "petition:CODE"). The lowest value comes first, so that a typed "4" is
    the fourth button.
    """
    code = subject.partition(":")[2]
    return tuple(
        Button(_title("value", value), "rating", {"subject": code, "rating_value": str(value)})
        for value in range(LOWEST, HIGHEST + 1)
    )


def _title(what: str, which: object) -> str:
    return f"@rating/{what}_{which}"


def rating(turn: Turn) -> Outcome:
    """A value, a subject, both or neither: what is missing is asked for."""
    if turn.viewer.group:
        return Reply("rating/private_only")
    value = _said_value(turn)
    known: dict[str, Any] = {} if value is None else {"value": value}
    code = _said_code(turn)
    if code is not None:
        return _begin(turn, code, known)
    found = ratings.rateable(turn.uow, turn.viewer)
    recalled = {turn.recalled("dossier"), turn.recalled("petition")}
    about = [one for one in found if one.code in recalled] or found
    if not about:
        return Reply(
            "rating/nothing",
            buttons=(
                Button("@button/dossier", "dossier_status"),
                Button("@intent/complaint_file", "complaint_file"),
            ),
        )
    if len(about) == 1:
        known["subject"] = about[0].code
    return StartForm("rating", known)


def rating_reason(turn: Turn) -> Outcome:
    """A button: one more reason for what was rated just now."""
    reason = Reason(str(turn.given["reason"]))
    done = ratings.explain(turn.uow, turn.viewer, str(turn.given["subject"]), [reason])
    return _thanks(turn, done)


def _said_code(turn: Turn) -> str | None:
    """Of the button, else of the sentence: a dossier's whole code or a petition's."""
    if "subject" in turn.given:
        return str(turn.given["subject"])
    if code := turn.value("complaint_code"):
        return code
    petitions = (one.value for one in find_codes(turn.text) if one.kind == "complaint")
    dossiers = (one.value for one in codes_said(turn) if not one.partial)
    return next(petitions, None) or next(dossiers, None)


def _said_value(turn: Turn) -> int | None:
    """Of the button, of the entity, else of the sentence without what else it names (a day is no score)."""
    if "rating_value" in turn.given:
        return read_value(str(turn.given["rating_value"]))
    for said in turn.understood.values("rating_value"):
        if (value := read_value(said)) is not None:
            return value
    text = turn.text
    for entity in sorted(turn.understood.entities, key=lambda one: -one.start):
        if entity.name != "rating_value":
            text = f"{text[: entity.start]} {text[entity.end :]}"
    return read_value(text)


def _begin(turn: Turn, code: str, known: dict[str, Any]) -> Outcome:
    """The form when it may be rated; else why not, or the way to prove whose dossier it is."""
    try:
        ratings.subject_of(turn.uow, turn.viewer, code)
    except NotFound:
        is_petition = ratings.kind_of(code) is RatedKind.PETITION
        return _not_own_petition(turn, code) if is_petition else _not_open(turn, code, known)
    return StartForm("rating", {**known, "subject": code})


def _not_own_petition(turn: Turn, code: str) -> Reply:
    found = viewing.look_up(turn.uow, turn.viewer, code)  # wrong codes are counted there
    if isinstance(found, Blocked):
        return Reply("dossier/too_many_guesses", {"until": found.until})
    return Reply("petition/not_found", {"code": code}) if found is None else Reply("rating/not_yours")


def _not_open(turn: Turn, code: str, known: dict[str, Any]) -> Outcome:
    view = look(turn, code_from_value(code))
    if isinstance(view, Reply):
        return view
    if not view.stage.has_result:
        raise NoResultYet(code=view.code)
    if view.can_open:
        return StartForm("dossier_digits_rating", {**known, "code": view.code})
    return Reply("rating/not_yours")


def _after_digits(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    opened = try_digits(turn, values)
    if isinstance(opened, Reply):
        again = once_more(opened, "dossier_digits_rating", values)
        kept = {"value": values["value"]} if "value" in values else {}
        return replace(again, values={**again.values, **kept}) if isinstance(again, StartForm) else again
    code = str(values["code"])
    remember = {"dossier": code, "opened": opened_list(turn, code)}
    if "value" not in values:
        return Reply("rating/opened", {"code": code}, rating_buttons(f"dossier:{code}"), remember)
    # The second factor is remembered with this reply, so a form that goes on in this turn would not know of it.
    done = ratings.rate(opened.uow, opened.viewer, code, int(values["value"]))
    return Reply("rating/recorded", _told(done), _more_reasons(done), remember)


# --- the value -----------------------------------------------------------------------------------------------


def read_subject(turn: Turn, _values: Mapping[str, Any]) -> str:
    code = _said_code(turn)
    if code is None:
        raise Refused("rating/subject_unclear")
    try:
        return ratings.subject_of(turn.uow, turn.viewer, code).code
    except DomainError as refusal:
        raise Refused(
            "rating/not_yet" if isinstance(refusal, NoResultYet) else "rating/not_yours", code=code
        ) from None


def offer_subjects(turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(one.code, values={"answer": one.code}) for one in ratings.rateable(turn.uow, turn.viewer)
    )


def read_score(turn: Turn, _values: Mapping[str, Any]) -> int:
    value = read_value(turn.text)
    if value is None:
        raise Refused("rating/value_unclear")
    return value


def _offer_scores(_turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(_title("value", value), values={"answer": value}) for value in range(LOWEST, HIGHEST + 1)
    )


def _about_subject(turn: Turn, values: Mapping[str, Any]) -> Mapping[str, Any]:
    subject = ratings.subject_of(turn.uow, turn.viewer, values["subject"])
    before = ratings.given(turn.uow, turn.viewer, subject)
    return {
        "code": subject.code,
        "title": subject.title,
        "answer": subject.kind is RatedKind.PETITION,
        "before": before.value if before else None,
    }


def _complete(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    """Kept now: whoever says no more has rated all the same."""
    done = ratings.rate(turn.uow, turn.viewer, values["subject"], int(values["value"]))
    recorded = Reply("rating/recorded", _told(done))
    return StartForm("rating_why", {"subject": done.subject.code, "value": done.value}, (recorded,))


def _told(done: Rating) -> dict[str, Any]:
    return {
        "code": done.subject.code,
        "answer": done.subject.kind is RatedKind.PETITION,
        "value": done.value,
        "until": done.fixed_at,
    }


# --- reasons and words ---------------------------------------------------------------------------------------


def read_why(turn: Turn, values: Mapping[str, Any]) -> dict[str, Any]:
    """Reasons named in passing, the words themselves, another value: JSON."""
    said = nfc(turn.text).strip()
    found = read_reasons(said)
    value = read_value(said) if turn.intent == "rating" else None
    told = len(said.split()) >= _TELLING and (turn.intent in _TAKES or turn.understood.confidence < 0.6)
    if not found and not told and (value is None or value == values["value"]):
        raise Refused("rating/why_unclear")
    alone = not found and not told
    return {
        "reasons": [str(one) for one in found],
        "words": "" if alone else said[: ratings.LONGEST_COMMENT],
        "value": value or values["value"],
    }


def _offer_reasons(_turn: Turn, values: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(_title("reason", one), values={"answer": {"reasons": [str(one)], "words": ""}})
        for one in reasons_for(int(values["value"]))
    )


def read_comment(turn: Turn, _values: Mapping[str, Any]) -> str:
    return nfc(turn.text).strip()[: ratings.LONGEST_COMMENT]


def _wants_words(values: Mapping[str, Any]) -> bool:
    """After a button; whoever wrote something has said it."""
    why = values.get("why") or {"words": "none"}
    return not why["words"]


def _complete_why(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    why = values.get("why") or {}
    code, value = str(values["subject"]), int(why.get("value") or values["value"])
    done = ratings.rate(turn.uow, turn.viewer, code, value)
    reasons = [Reason(one) for one in why.get("reasons", ())]
    words = why.get("words") or values.get("comment") or None
    if reasons or words:
        done = ratings.explain(turn.uow, turn.viewer, code, reasons, words)
    return _thanks(turn, done)


def _thanks(turn: Turn, done: Rating) -> Reply:
    """What stands now, the reasons not given yet, and for an answer that did not help the way to open it again."""
    again = _reopening(turn, done)
    more = _more_reasons(done) if done.reasons else ()
    values = {**_told(done), "reasons": [str(one) for one in done.reasons], "low": bool(again)}
    return Reply("rating/thanks", values, (*again, *more))


def _more_reasons(done: Rating) -> tuple[Button, ...]:
    code = done.subject.code
    return tuple(
        Button(_title("reason", one), "rating_reason", {"subject": code, "reason": str(one)}, changes=True)
        for one in reasons_for(done.value)
        if one not in done.reasons
    )


def _reopening(turn: Turn, done: Rating) -> tuple[Button, ...]:
    """Only while there is an answer to object to."""
    if done.value > LOW or done.subject.kind is not RatedKind.PETITION:
        return ()
    petition = turn.uow.petitions.by_code(done.subject.code)
    if petition is None or petition.state not in {PetitionState.ANSWERED, PetitionState.CLOSED}:
        return ()
    return (Button("@petition/button_not_settled", "petition_not_settled", {"code": petition.code}),)


FORMS = (
    digits_form("dossier_digits_rating", _after_digits),
    Form(
        "rating",
        version=1,
        fields=(
            Field("subject", "rating/ask_subject", read_subject, offer=offer_subjects),
            Field(
                "value",
                "rating/ask_value",
                read_score,
                entity="rating_value",
                offer=_offer_scores,
                prompt_values=_about_subject,
            ),
        ),
        summary="",
        complete=_complete,
    ),
    Form(
        "rating_why",
        version=1,
        fields=(
            Field(
                "why",
                "rating/ask_why",
                read_why,
                optional=True,
                offer=_offer_reasons,
                prompt_values=lambda _turn, values: {"low": values["value"] <= LOW},
            ),
            Field(
                "comment",
                "rating/ask_comment",
                read_comment,
                free_text=True,
                optional=True,
                when=_wants_words,
                takes=_TAKES,
            ),
        ),
        summary="",
        complete=_complete_why,
        left="rating/left",
        left_by=frozenset({"thanks", "goodbye"}),
        outgrown_by=frozenset({"rating", "petition_not_settled"}),
    ),
)

ACTIONS: dict[str, Action] = {"rating": rating, "rating_reason": rating_reason}
