"""The words that actions speak: Turn in, Reply (or a form to fill) out.

An action never formats a sentence and never touches a channel, a session or an environment variable. It names a
reply key of ``bot/replies`` and hands over values; the dialogue floor does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from backend.domain.messaging import Attachment, ChannelName, OutgoingFile
from backend.domain.ports import UnitOfWork
from backend.domain.understanding import Understanding
from backend.domain.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply. Pressing it means ``intent`` with ``values`` (no language model is asked).

    ``title`` is a literal (a procedure's name) or, with a leading ``@``, a key of the replies ("@button/fee").
    ``changes`` marks a button that changes something: it works once. ``url`` makes it a link instead.
    """

    title: str
    intent: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: bool = False
    url: str = ""
    asks_contact: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say: a key of the replies with its values (a mapping or a dataclass), and what to offer next.

    ``remember`` is merged into the conversation's context (procedure, dossier … of the last answer), so that
    "thế lệ phí bao nhiêu?" is understood; a value of None forgets. ``empty`` marks a reply that found nothing to say:
    a form that takes any sentence then takes this one as its answer. ``files`` go along with the words.
    ``foot`` is said at the end of the same message.
    """

    key: str
    values: Any = None
    buttons: tuple[Button, ...] = ()
    remember: Mapping[str, Any] = field(default_factory=dict)
    empty: bool = False
    files: tuple[OutgoingFile, ...] = ()
    foot: Reply | None = None


@dataclass(frozen=True, slots=True)
class StartForm:
    """Begin a form; ``values`` are fields already known (from the first message), by field name.

    ``before`` is said before the first question.
    """

    form: str
    values: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Reply, ...] = ()


Outcome = Reply | StartForm | tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message being answered.

    ``context`` is what the conversation remembers; ``given`` are the values of a pressed button;
    ``understood`` is what the sentence was read as.
    """

    uow: UnitOfWork
    viewer: Viewer
    text: str
    understood: Understanding
    context: Mapping[str, Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    codes_from_photo: tuple[str, ...] = ()
    office: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: tuple[float, float] | None = None  # latitude, longitude in degrees
    left: Mapping[str, Any] = field(
        default_factory=dict
    )  # values of the form that this message made needless
    again: bool = False  # the last question again, about the values named now ("tuần sau thì sao")
    late_hour: time = time(15)  # what is handed in later counts as received on the next working day
    officers_page: str = ""  # address of the page where officers see rows; "" where it has none yet
    rows_on: frozenset[ChannelName] = frozenset()  # where officers are shown single rows; elsewhere counts

    @property
    def now(self) -> datetime:
        return self.uow.now

    @property
    def today(self) -> date:
        return self.uow.today

    @property
    def intent(self) -> str:
        return self.understood.intent

    def value(self, name: str) -> str | None:
        """A value of this message: a button's first, then the sentence's entity. Context is not looked at."""
        if name in self.given:
            return str(self.given[name])
        return self.understood.first(name)

    def recalled(self, name: str) -> Any:
        """What the conversation remembers under this name, or None."""
        return self.context.get(name)

    def asking(self, **given: Any) -> Turn:
        """The same turn with these values given, to hand on to another action."""
        return replace(self, given={**self.given, **given})


Action = Callable[[Turn], Outcome]


# --- forms ---------------------------------------------------------------------------------------------------


class Refused(ValueError):
    """A field's parser could not take the answer; ``key`` is the reply that says why, with ``values``."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    ``parse`` returns the value (JSON types only: it is kept in the conversation's sealed state) or raises
    ``Refused``. ``entity`` names the entity that may fill the field without asking. ``free_text`` marks a field
    that would take any sentence: there, a clear other question is answered instead of being swallowed.
    ``offer`` gives buttons for the question (each button's ``values`` is ``{"answer": …}``). ``show`` turns the value
    into what the summary shows. ``words`` are names by which people correct the field ("sửa ngày"). ``unsettles`` names
    fields whose values no longer hold once this one has another value. ``takes`` names intents that a good answer is
    easily read as (what somebody wants to complain about): without a code in it, such a sentence is the answer.
    """

    name: str
    prompt: str
    parse: Callable[[Turn, Mapping[str, Any]], Any]
    entity: str = ""
    free_text: bool = False
    optional: bool = False
    when: Callable[[Mapping[str, Any]], bool] = lambda _values: True
    offer: Callable[[Turn, Mapping[str, Any]], tuple[Button, ...]] = lambda _turn, _values: ()
    prompt_values: Callable[[Turn, Mapping[str, Any]], Mapping[str, Any]] = lambda _turn, _values: {}
    show: Callable[[Any], Any] = lambda value: value
    words: tuple[str, ...] = ()
    unsettles: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """A declared dialogue: fields in order, a summary to confirm, a completion.

    ``version`` is raised when fields change; a conversation that still holds an older version is told so and
    starts afresh with the values that still parse. ``complete`` runs in the turn's transaction. ``outgrown_by`` names
    intents that, said clearly and whole, make the form's question needless: they are answered in its place.
    ``attach`` takes photos, files and places that come while the form is open: values to set, if any.
    ``left_by`` names intents that mean leaving this form, besides "hủy".
    """

    name: str
    version: int
    fields: tuple[Field, ...]
    summary: str  # reply key; "" completes without asking for confirmation
    complete: Callable[[Turn, Mapping[str, Any]], Outcome]
    left: str = "form/left"  # said after "hủy"
    outgrown_by: frozenset[str] = frozenset()
    attach: Callable[[Turn, Mapping[str, Any]], Mapping[str, Any]] | None = None
    left_by: frozenset[str] = frozenset()
    labels: str = ""  # the reply topic with the fields' names; the form's own name where it is empty

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)
