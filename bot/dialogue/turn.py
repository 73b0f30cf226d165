"""One turn: the lowest unfinished message of a conversation is answered, in one transaction.

What the action changes, what the conversation remembers, the audit rows and the replies commit together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from actions.base import Outcome, Reply, StartForm, Turn
from actions.languages import other_language
from backend.domain.conversation import Conversation, InboxRow
from backend.domain.errors import DomainError
from backend.domain.messaging import OFFICERS_ROOM, Address, ChannelName, Kind
from backend.domain.person import LINKABLE, REACHING
from backend.domain.ports import UnitOfWork
from backend.domain.understanding import Understanding
from backend.domain.viewer import Viewer
from bot.dialogue import choosing, follow, voice
from bot.dialogue.attaching import attach
from bot.dialogue.desk import Desk
from bot.dialogue.forms import FormEngine
from bot.dialogue.speak import Spoken, speak
from bot.dialogue.state import State, read_state
from bot.dialogue.tongue import answered_in, is_strange

#: A message that failed this often is put aside and shown to operators.
MOST_ATTEMPTS = 3
SILENCE = Spoken((), (), ())


@dataclass(frozen=True, slots=True)
class Ready:
    """A message's preparation that is not on its row yet; ``text`` is the wording that was prepared."""

    inbox_id: int
    text: str
    understood: Understanding
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that was answered, by whom, with what; ``more`` when later messages are waiting."""

    inbox_id: int
    conversation: Conversation
    answered_by: str
    spoken: Spoken
    more: bool


class TurnFailed(Exception):
    """The turn of this message broke and was undone as a whole; the cause says why."""

    def __init__(self, inbox_id: int) -> None:
        super().__init__(f"inbox:{inbox_id}")
        self.inbox_id = inbox_id


def take_turn(
    uow: UnitOfWork,
    desk: Desk,
    conversation_id: int,
    ready: Ready | None = None,
) -> Answered | None:
    """Answer the conversation's lowest unfinished message; None when it is not prepared yet or there is none.

    ``ready`` is the preparation of one message that is not on its row yet: it is used at once when the turn is
    its own, and kept on the row otherwise.
    """
    conversation = uow.conversations.lock(conversation_id)
    row = uow.inbox.lowest_unfinished(conversation_id)
    understood, codes = (row.understood, row.extracted) if row else (None, ())
    own: tuple[Understanding, Sequence[str]] | None = None
    if ready is not None and row is not None and row.id == ready.inbox_id:
        if row.incoming.text == ready.text:  # else it was edited meanwhile and is prepared again
            own = (ready.understood, ready.codes)
            understood, codes = ready.understood, tuple(ready.codes)
    elif ready is not None:  # an earlier message comes first: whoever answers it goes on with this one
        uow.inbox.prepared(ready.inbox_id, ready.understood, ready.codes)
    if row is None or understood is None:
        return None
    if row.incoming.kind is Kind.EDITED:  # what was answered is never executed again; the new wording is kept
        uow.inbox.finish(row.id, "nobody", uow.now, "a later wording of an answered message", own)
        return Answered(row.id, conversation, "nobody", SILENCE, row.seq < conversation.last_seq)
    if conversation.owner != "bot":
        uow.inbox.finish(row.id, conversation.owner, uow.now, ready=own)
        return Answered(row.id, conversation, conversation.owner, SILENCE, row.seq < conversation.last_seq)
    try:
        spoken = _answer(uow, desk, conversation, row, understood, codes)
    except Exception as error:  # a bug, or the database: the transaction is undone, the message tried again
        raise TurnFailed(row.id) from error
    uow.inbox.finish(row.id, "bot", uow.now, ready=own)
    return Answered(row.id, conversation, "bot", spoken, row.seq < conversation.last_seq)


def put_aside(uow: UnitOfWork, desk: Desk, inbox_id: int, reason: str) -> Answered | None:
    """Give up on a message for now: operators see it, the person is told that it was not recorded."""
    row = uow.inbox.get(inbox_id)
    if row.status in {"done", "put_aside"}:
        return None
    conversation = uow.conversations.lock(row.conversation_id)
    spoken = speak(uow, desk, conversation, (Reply("errors/not_recorded"),), inbox_id=inbox_id)
    uow.inbox.put_aside(inbox_id, uow.now, reason)
    uow.audit.record("bot", "message_put_aside", f"inbox:{inbox_id}", reason)
    return Answered(inbox_id, conversation, "nobody", spoken, row.seq < conversation.last_seq)


def _answer(
    uow: UnitOfWork,
    desk: Desk,
    conversation: Conversation,
    row: InboxRow,
    understood: Understanding,
    codes: Sequence[str],
) -> Spoken:
    state = read_state(conversation.state, uow.now)
    viewer = viewer_of(uow, conversation, row, state)
    if not viewer.roles:
        understood = choosing.for_the_public(understood, desk.officers_only)
    turn = Turn(
        uow=uow,
        viewer=viewer,
        text=row.incoming.text,
        understood=choosing.fitting(understood, desk.uses, len(row.incoming.text.strip())),
        context=state.context,
        codes_from_photo=tuple(codes),
        attachments=row.incoming.attachments,
        location=row.incoming.location,
        office=desk.office,
        late_hour=desk.late_hour,
        officers_page=desk.officers_page,
        rows_on=desk.rows_on,
    )
    replies = _replies(uow, desk, state, turn, row, conversation)
    if not replies:
        replies = (Reply("errors/nothing_to_say"),)
    conversation = _in_its_language(uow, conversation, state, turn)
    instance = state.form.instance if state.form else ""
    spoken = speak(uow, desk, conversation, replies, inbox_id=row.id, form_instance=instance)
    state.offer(spoken.offered, spoken.titles)
    uow.conversations.save_state(conversation.id, state.as_json(uow.now))
    return spoken


def _in_its_language(uow: UnitOfWork, conversation: Conversation, state: State, turn: Turn) -> Conversation:
    """After the action, which may have been to change the language."""
    language = answered_in(conversation, state, turn.understood, turn.text)
    if language != conversation.language:
        uow.conversations.speak(conversation.id, language)
        conversation = replace(conversation, language=language)
    return conversation


def _replies(
    uow: UnitOfWork, desk: Desk, state: State, turn: Turn, row: InboxRow, conversation: Conversation
) -> tuple[Reply, ...]:
    asked = state.context.pop(follow.WHETHER, None)
    act = _actor(uow, desk)
    engine = FormEngine(desk.forms, state, act)
    if row.incoming.contact is not None:
        turn = choosing.with_contact(turn, row.incoming.contact)
        if engine.asks_for("phone"):  # shared instead of typed
            turn = replace(turn, text=row.incoming.contact.phone)
    if turn.codes_from_photo and not turn.text.strip():
        turn = replace(turn, understood=Understanding("dossier_status", 1.0, source="code"))
    pressed = choosing.pressed_button(turn, row, state, conversation)
    if isinstance(pressed, Reply):
        return (pressed, *engine.resume(turn))
    waiting, state.heard = state.heard, None
    said = voice.as_said(pressed or turn, waiting)
    if isinstance(said, Reply):
        return (said, *engine.resume(turn))
    turn = said or pressed or turn
    if question := voice.read_back(turn, row, state):
        return (question,)
    if is_strange(turn.understood) and not turn.understood.entities:
        return (other_language(turn), *engine.resume(turn))
    if attach(turn, desk.forms, state) and not turn.text.strip():
        return engine.resume(turn)
    left = state.form.values if state.form else {}
    if state.form and choosing.says_something(turn, row) and (answered := engine.answer(turn)) is not None:
        return _less(state, turn, answered)
    turn = follow.again(follow.whether(turn, asked), desk.uses)
    turn = replace(turn, left=left if state.form is None else {})
    chosen = choosing.intent_of(turn, row, state)
    if isinstance(chosen, Reply):
        return _less(state, turn, (chosen, *engine.resume(turn)))
    outcome = act(chosen, turn)
    if desk.uses.get(chosen):
        state.remember({follow.ASKED: chosen})
    if isinstance(outcome, StartForm):
        return _less(state, turn, engine.start(turn, outcome))
    replies = (outcome,) if isinstance(outcome, Reply) else outcome
    for reply in replies:
        state.remember(reply.remember)
    return _less(state, turn, (*replies, *engine.resume(turn)))


def _actor(uow: UnitOfWork, desk: Desk) -> Callable[[str, Turn], Outcome]:
    """Runs an intent's action inside a savepoint: a refusal undoes its changes, the turn goes on."""

    def act(intent: str, turn: Turn) -> Outcome:
        action = desk.actions.get(intent) or desk.actions["out_of_scope"]
        try:
            with uow.savepoint():
                return action(turn)
        except DomainError as refusal:
            uow.audit.record(turn.viewer.actor, intent[:60], "turn", refusal.key[:40])
            return Reply(refusal.key, refusal.values)

    return act


def _less(state: State, turn: Turn, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """Say once that the bot understands less while its language model is out of reach."""
    if turn.understood.source == "model":
        state.told_less = False
    if turn.understood.source != "fallback" or state.told_less:
        return replies
    state.told_less = True
    return (Reply("fallback/less"), *replies)


def _staff(address: Address, row: InboxRow) -> str:
    """The account that the channel itself vouches for: the shell's owner, or who signed in on the web."""
    if address.channel is ChannelName.TERMINAL:
        return row.incoming.staff
    signed_in = address.channel is ChannelName.WEB and address.account == OFFICERS_ROOM
    return address.external_id if signed_in else ""


def viewer_of(uow: UnitOfWork, conversation: Conversation, row: InboxRow, state: State) -> Viewer:
    address = conversation.address
    account, roles = "", frozenset[str]()
    proof: frozenset[str] = frozenset()
    identity_id = None
    if staff := _staff(address, row):
        officer = uow.accounts.by_name(staff)
        if officer is not None and officer.active:
            account, roles = officer.name, officer.roles
    elif address.channel in LINKABLE and not row.incoming.group:
        identity = uow.accounts.identity(address)
        if identity is not None:
            identity_id = identity.id
            proof = frozenset({identity.phone_print}) if identity.phone_print else frozenset()
            if address.channel in REACHING:  # a browser may be linked to a citizen, never to an officer
                account, roles = identity.officer or "", identity.roles
    return Viewer(
        conversation_id=conversation.id,
        address=address,
        identity_id=identity_id,
        phone_proofs=proof,
        opened=frozenset(state.context.get("opened", ())),
        account=account,
        roles=roles,
        group=row.incoming.group,
    )
