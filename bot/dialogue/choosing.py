"""Which action answers this message: a pressed button, a typed number, or what the sentence was understood as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from actions.base import Button, Reply, Turn
from actions.callback import BUTTON as CALL_BACK
from backend.domain.conversation import ButtonRow, Conversation, InboxRow
from backend.domain.messaging import Contact, Kind
from backend.domain.understanding import Understanding
from backend.services import people
from backend.services.procedures.search import Verdict, find_procedure, has_content
from backend.text.fold import fold
from backend.text.phones import normalise_phone
from bot.dialogue.clearness import SURE, UNOFFERED, WORDLESS, Clearness, how_clear
from bot.dialogue.follow import nth_said, of_a_row
from bot.dialogue.state import State

#: Not understood this often in a row: a person is offered.
MANY_MISSES = 3

CERTAIN = 0.95
#: So unsure that what the sentence names counts more than the reading.
VAGUE = 0.40
#: Surer than this, a reading stands even when it has no use for what the sentence names.
FITS = 0.70
#: A procedure's name that makes up this much of the sentence is the question, whatever intent the rest was read as.
WHOLE = 0.85
#: A sentence without a readable intent is a question about a procedure when the search is this sure of one,
#: and the sentence says this much of its name.
KNOWN = 0.70
KNOWN_SHARE = 0.5
#: Entities that tell what a sentence is about, and the intent for them when no reading has a use for them.
_TELLING = {
    "dossier_code": "dossier_status",
    "procedure": "procedure_guide",
    "proc_code_mention": "procedure_guide",
}

_KINDS = {
    Kind.LOCATION: "media/location",
    Kind.FILE: "media/file",
    Kind.OTHER: "media/other",
}


def with_contact(turn: Turn, contact: Contact) -> Turn:
    """A shared number becomes a proof only when the channel vouched that it is the sender's own."""
    if not contact.verified or turn.viewer.group:
        return turn
    try:
        phone = normalise_phone(contact.phone)
    except ValueError:  # a foreign number: nothing of ours stands under it
        return turn
    identity = people.vouch(turn.uow, turn.viewer.address, phone)
    turn.uow.audit.record(turn.viewer.actor, "phone_verified", f"identity:{identity.id}", "ok")
    viewer = replace(
        turn.viewer, identity_id=identity.id, phone_proofs=frozenset({identity.phone_print or ""})
    )
    return replace(turn, viewer=viewer)


def pressed_button(
    turn: Turn, row: InboxRow, state: State, conversation: Conversation
) -> Turn | Reply | None:
    """The turn as the pressed button means it; a Reply when the choice has expired; None when none was pressed.

    A typed number counts only against the buttons of the latest reply, a whole title also against those before it where
    nothing was offered since. An event of ours means what it says.
    """
    if row.incoming.kind is Kind.EVENT:
        read = Understanding(intent=str(row.incoming.metadata["intent"]), confidence=1.0)
        return replace(turn, understood=read, given=row.incoming.metadata["values"])
    button_id = row.incoming.button
    text = turn.text.strip().rstrip(".)")
    if not button_id and text.isascii() and text.isdigit() and len(text) <= 2:
        number = int(text)
        if 1 <= number <= len(state.offered):
            button_id = state.offered[number - 1]
    elif not button_id and (title := fold(text)) in state.titles:
        button_id = state.offered[state.titles.index(title)]
    elif not button_id and (nth := nth_said(text, len(state.offered))) is not None:
        button_id = state.offered[nth - 1]
        chosen = turn.uow.buttons.get(conversation.id, button_id)
        if of_a_row(text) and (chosen is None or not chosen.payload["values"]):
            return None
    if not button_id:
        return _earlier(turn, state, conversation)
    return _pressed(turn, button_id, state, conversation)


def _earlier(turn: Turn, state: State, conversation: Conversation) -> Turn | Reply | None:
    """The whole title of a button whose reply was followed by one without any ("Tôi đang làm tệp Excel")."""
    button_id = state.earlier.get(fold(turn.text.strip()))
    button = turn.uow.buttons.get(conversation.id, button_id) if button_id else None
    if button is None or not button_id or not _alive(turn, button, state, conversation):
        return None
    return _pressed(turn, button_id, state, conversation)


def _pressed(turn: Turn, button_id: str, state: State, conversation: Conversation) -> Turn | Reply:
    button = turn.uow.buttons.get(conversation.id, button_id)
    if button is None or not _alive(turn, button, state, conversation):
        return Reply("button/expired")
    if button.single_use and not turn.uow.buttons.use(button.id, turn.now):
        return Reply("button/used")
    read = Understanding(intent=button.payload["intent"], confidence=1.0)
    return replace(turn, understood=read, given=button.payload["values"])


def _alive(turn: Turn, button: ButtonRow, state: State, conversation: Conversation) -> bool:
    if button.epoch != conversation.epoch or button.expires_at is None or button.expires_at < turn.now:
        return False
    if button.form_instance:
        return state.form is not None and state.form.instance == button.form_instance
    return True


def fitting(read: Understanding, uses: Mapping[str, frozenset[str]], length: int = 0) -> Understanding:
    """The reading that fits what the sentence names; ``length`` is the sentence's, in characters.

    An unsure intent that has no use for the procedure or the code found in the sentence gives way to the best
    runner-up that has one: "tôi muốn làm giấy phép xây dựng" is no yes or no, whatever its short words look like.
    """
    named = {entity.name for entity in read.entities} & _TELLING.keys()
    if not named or read.source != "model":
        return read
    if read.confidence < VAGUE or (length and _is_name_alone(read, uses, length)):
        intent = _TELLING[min(named)]
        return replace(read, intent=intent, confidence=SURE, ranking=((intent, SURE),))
    if named & uses.get(read.intent, frozenset()):
        return read
    if read.confidence >= (CERTAIN if read.intent in WORDLESS else FITS):
        return read
    better = [(name, sure) for name, sure in read.ranking if named & uses.get(name, frozenset())]
    intent, sure = better[0] if better else (_TELLING[min(named)], SURE)
    return replace(read, intent=intent, confidence=max(sure, SURE), ranking=((intent, SURE),))


def for_the_public(read: Understanding, officers_only: frozenset[str]) -> Understanding:
    """What somebody who is no officer means: of two readings, not the one that only an officer would mean.

    A sentence that is surely an officer's question stays one; the answer then says whom it is for.
    """
    if read.source != "model" or read.intent not in officers_only or read.confidence >= CERTAIN:
        return read
    left = [(name, sure) for name, sure in read.ranking if name not in officers_only]
    known = sum(sure for name, sure in read.ranking if name in officers_only)
    if not left or known >= 1.0:
        return read
    ranking = tuple((name, sure / (1.0 - known)) for name, sure in left)
    return replace(read, intent=ranking[0][0], confidence=ranking[0][1], ranking=ranking)


def _is_name_alone(read: Understanding, uses: Mapping[str, frozenset[str]], length: int) -> bool:
    """ "trích lục khai sinh": nothing but a procedure's name, and no reading that is sure what about it."""
    named = sum(one.end - one.start for one in read.entities if one.name == "procedure")
    sure = read.confidence >= FITS and "procedure" in uses.get(read.intent, frozenset())
    return named >= WHOLE * length and not sure


def says_something(turn: Turn, row: InboxRow) -> bool:
    """Words, a code or a button: what an open form can take. A voice note or a place on the map is not."""
    return bool(turn.text.strip() or turn.codes_from_photo or row.incoming.button)


def intent_of(turn: Turn, row: InboxRow, state: State) -> str | Reply:
    """The intent to act on, or the reply to a message that carries none."""
    kind = row.incoming.kind
    if kind is Kind.CONTACT and row.incoming.contact:
        return "contact_shared" if row.incoming.contact.verified else "contact_not_own"
    if kind is Kind.PHOTO and not turn.codes_from_photo and not turn.text.strip():
        return Reply("media/photo_without_code")
    if turn.codes_from_photo:
        return "dossier_status"
    if kind is Kind.VOICE and not turn.text.strip():
        return Reply("media/voice", buttons=(CALL_BACK,)) if state.form else "voice_unheard"
    if kind in _KINDS and not turn.text.strip():
        return Reply(_KINDS[kind])
    read = turn.understood
    if read.source == "none" and read.confidence == 1.0:
        return read.intent
    clear = how_clear(read)
    if clear is Clearness.UNCLEAR:
        return "procedure_guide" if _names_procedure(turn) else _missed(state)
    if clear is Clearness.BETWEEN_TWO:
        two = [name for name, _ in read.ranking[:2] if name not in UNOFFERED]
        return _which_of_two(read) if len(two) == 2 else (two or [read.intent])[0]
    state.misses = 0 if read.intent != "out_of_scope" else state.misses
    return read.intent


def _names_procedure(turn: Turn) -> bool:
    """A sentence that no intent fits, and which the catalogue knows all the same ("hưởng thai sản")."""
    if not has_content(turn.text):
        return False
    found = find_procedure(turn.uow, turn.text)
    return (
        found.verdict is Verdict.CLEAR and found.hits[0].sure >= KNOWN and found.hits[0].named >= KNOWN_SHARE
    )


def _missed(state: State) -> Reply:
    state.misses += 1
    key = "fallback/offer_person" if state.misses >= MANY_MISSES else "fallback/not_understood"
    return Reply(key, buttons=menu())


def _which_of_two(read: Understanding) -> Reply:
    (first, _), (second, _) = read.ranking[:2]
    buttons = tuple(Button(f"@intent/{name}", name, _values(read)) for name in (first, second))
    return Reply("fallback/which_of_two", buttons=buttons)


def _values(read: Understanding) -> dict[str, str]:
    return {entity.name: entity.value for entity in read.entities}


def menu() -> tuple[Button, ...]:
    """What most people come for."""
    return (
        Button("@button/dossier", "dossier_status"),
        Button("@button/procedure", "procedure_guide"),
        Button("@button/reception", "reception_schedule"),
        Button("@button/person", "human_handoff"),
    )
