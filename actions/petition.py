"""Petitions by chat: the kinds told apart, feedback and proposals filed, the lawful roads of the other two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Reply, StartForm, Turn
from actions.callback import BUTTON as CALL_BACK
from actions.petition_fields import (
    as_files,
    attach,
    files_of,
    offer_contact,
    read_contact,
    read_kind,
    read_place,
    read_story,
    said_place,
    shown_contact,
    shown_place,
    story_in,
)
from backend.domain.petition import BY_CHAT, NewPetition, PetitionKind, PetitionSource, Reporter, Story
from backend.services.notices.stopping import resume
from backend.services.petitions import filing
from backend.services.petitions.kinds import KindsMeant, kinds_meant

_KIND_BUTTONS = (
    Button("@petition/kind_feedback", "petition_kind", {"kind": str(PetitionKind.FEEDBACK)}),
    Button("@petition/kind_complaint", "petition_kind", {"kind": str(PetitionKind.COMPLAINT)}),
    Button("@petition/kind_denunciation", "petition_kind", {"kind": str(PetitionKind.DENUNCIATION)}),
)


def complaint_file(turn: Turn) -> Outcome:
    """Begin with what was said: the kind if it was named, the story, the place, the photos."""
    if turn.viewer.group:
        return Reply("petition/private_only")
    meant = kinds_meant(turn.text)
    if meant.mixed:
        return _mixed(turn, meant)
    if PetitionKind.DENUNCIATION in meant.said:
        return _denunciation(turn, turn.text)
    if PetitionKind.COMPLAINT in meant.said:
        return _complaint(turn)
    return _filing(turn, meant)


def petition_kind(turn: Turn) -> Outcome:
    """A button: which kind it is."""
    kind = PetitionKind(str(turn.given["kind"]))
    if kind is PetitionKind.DENUNCIATION:
        return _denunciation(turn, str(turn.left.get("story", "")))
    if kind is PetitionKind.COMPLAINT:
        return _complaint(turn)
    return StartForm("petition", {**turn.left, "kind": str(kind)})


def _filing(turn: Turn, meant: KindsMeant) -> Outcome:
    known: dict[str, Any] = {"named": str(meant.said[0])} if meant.said else {}
    if (story := story_in(turn.text)) is not None:
        known["story"] = story
    if (place := said_place(turn)) is not None:
        known["place"] = place
    if files := files_of(turn):
        known["files"] = files
    return StartForm("petition", known)


def _denunciation(turn: Turn, words: str) -> Reply:
    """The lawful ways; what was already said goes into the sealed lane and out of the conversation."""
    filing.seal_away(turn.uow, turn.viewer, words)
    return Reply(
        "petition/denunciation", {"sealed": bool(words.strip())}, remember=dict.fromkeys(turn.context)
    )


def _complaint(turn: Turn) -> Reply:
    return Reply(
        "petition/complaint",
        buttons=(
            Button("@petition/button_help", "complaint_help"),
            Button("@button/reception", "reception_schedule"),
            CALL_BACK,
        ),
    )


def _mixed(turn: Turn, meant: KindsMeant) -> Reply:
    """Several kinds in one message: each goes its own way, so they are split."""
    sealed = PetitionKind.DENUNCIATION in meant.said
    if sealed:
        filing.seal_away(turn.uow, turn.viewer, turn.text)
    return Reply("petition/mixed", {"sealed": sealed}, buttons=_KIND_BUTTONS)


def complaint_help(turn: Turn) -> Outcome:
    return StartForm("complaint_help", {})


def _new(turn: Turn, values: Mapping[str, Any], kind: PetitionKind) -> NewPetition:
    place, contact = values.get("place") or {}, values.get("contact") or {}
    return NewPetition(
        kind=kind,
        source=PetitionSource.CHAT,
        story=Story(values["story"], shown_place(place)),
        reporter=Reporter(contact.get("name", ""), contact.get("phone", "")),
        conversation_id=turn.viewer.conversation_id,
        commune_id=place.get("commune"),
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        hidden=bool(contact.get("hidden")),
        files=as_files(values),
    )


def _unclear(values: Mapping[str, Any]) -> bool:
    """The story sounds like a kind that is not filed by chat, and nobody has said that it is another."""
    meant = kinds_meant(values.get("story") or "")
    return bool(set(meant.said) - BY_CHAT) or (bool(meant.hinted) and "named" not in values)


def _about_kind(_turn: Turn, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"word": kinds_meant(values.get("story") or "").word}


def _kind_of(values: Mapping[str, Any]) -> PetitionKind:
    """The kind chosen, else the one it was called by, else feedback."""
    said = [one for one in kinds_meant(values["story"]).said if one in BY_CHAT]
    return PetitionKind(values.get("kind") or values.get("named") or (said or [PetitionKind.FEEDBACK])[0])


def _complete(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    kind = _kind_of(values)
    filed = filing.file(turn.uow, turn.viewer.actor, _new(turn, values, kind))
    resume(turn.uow, turn.viewer)  # the reply promises to tell of the answer
    return Reply(
        "petition/filed",
        {"code": filed.code, "by": filed.alarm_at, "files": filed.files, "anonymous": filed.reporter is None},
        remember={"petition": filed.code},
    )


def _complete_help(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    asked = filing.ask_for_help(turn.uow, turn.viewer.actor, _new(turn, values, PetitionKind.COMPLAINT))
    return Reply("petition/help_recorded", {"code": asked.code}, remember={"petition": asked.code})


def _contact(prompt: str) -> Field:
    return Field(
        "contact",
        prompt,
        read_contact,
        offer=offer_contact,
        show=shown_contact,
        words=("tên", "điện thoại", "số máy", "liên hệ", "name", "phone"),
    )


#: What a story is easily read as. Not an emergency: that is answered first.
_STORY_TAKES = frozenset({"complaint_file", "complaint_status", "dossier_status", "rating", "fees_payment"})
#: A decision that somebody objects to is named by its number, and sounds like many things.
_DECISION_TAKES = _STORY_TAKES | {"document_lookup", "delete_my_data", "dossier_withdraw", "stats_report"}

FORMS = (
    Form(
        "petition",
        version=1,
        fields=(
            Field(
                "story",
                "petition/ask_story",
                read_story,
                free_text=True,
                takes=_STORY_TAKES,
                words=("nội dung", "việc", "content"),
                unsettles=("kind",),
            ),
            Field(
                "kind",
                "petition/ask_kind",
                read_kind,
                offer=lambda _turn, _values: _KIND_BUTTONS,
                when=_unclear,
                prompt_values=_about_kind,
                words=("loại", "kind"),
            ),
            Field(
                "place",
                "petition/ask_place",
                read_place,
                free_text=True,  # nearly any words name a place; a clear question is answered all the same
                show=shown_place,
                words=("nơi", "chỗ", "địa điểm", "place"),
            ),
            _contact("petition/ask_contact"),
            # Never asked for: photos come by themselves, and the summary counts them.
            Field(
                "files",
                "petition/ask_story",
                read_story,
                when=lambda values: "files" in values,
                show=lambda value: len(value or ()),
            ),
        ),
        summary="petition/summary",
        complete=_complete,
        attach=attach,
        outgrown_by=frozenset({"petition_kind"}),
    ),
    Form(
        "complaint_help",
        version=1,
        fields=(
            Field(
                "story",
                "petition/ask_decision",
                read_story,
                free_text=True,
                takes=_DECISION_TAKES,
                words=("nội dung", "việc", "content"),
            ),
            _contact("petition/ask_help_contact"),
        ),
        summary="petition/help_summary",
        complete=_complete_help,
        attach=attach,
    ),
)

ACTIONS: dict[str, Action] = {
    "complaint_file": complaint_file,
    "petition_kind": petition_kind,
    "complaint_help": complaint_help,
}
