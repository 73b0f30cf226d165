"""The forms engine: asks what is missing, lets people leave, go back, correct, ask something else and return.

Forms are declared (``actions.base.Form``); nothing in here knows what a form is about.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from actions.base import Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from backend.domain.errors import DomainError
from backend.text.fold import fold
from backend.text.phones import find_phones
from bot.dialogue.state import DEEPEST, FormState, State
from bot.dialogue.words import BACK, EDIT, LEAVE, NO, SKIP, YES

#: Sure enough of another question to leave the field unanswered for a moment.
CLEAR = 0.60
#: In a field that takes any sentence one must be surer still, and the sentence short.
CLEAR_IN_FREE_TEXT = 0.80
SHORT_WORDS = 14
#: Thanks in the middle of a form are answered, and are no answer: only when surely nothing else.
SURELY_THANKS = 0.90
SHORT_THANKS = 4
SHORT_WITH_NUMBER = 5

#: Never a digression: they belong to whatever is being talked about.
_OWN_CODES = frozenset({"dossier_code", "complaint_code", "task_code"})  # who gives one asks about it
OWN = frozenset({"affirm", "deny", "cancel", "greeting", "thanks", "out_of_scope", "", "rating"})

Act = Callable[[str, Turn], Outcome]


class FormEngine:
    """One turn's work on the form on top of the stack."""

    def __init__(self, forms: Mapping[str, Form], state: State, act: Act) -> None:
        self._forms = forms
        self._state = state
        self._act = act

    # --- beginning ---------------------------------------------------------------------------------------

    def start(self, turn: Turn, order: StartForm) -> tuple[Reply, ...]:
        """Open a form with what is already known, and ask for the first thing that is not."""
        form = self._forms[order.form]
        waiting = [one for one in self._state.forms if one.name != form.name]
        fresh = FormState(form.name, form.version, secrets.token_urlsafe(9), dict(order.values))
        self._state.forms = [*waiting[-(DEEPEST - 1) :], fresh]
        self._fill_from_entities(turn, form, fresh)
        return (*order.before, *self._go_on(turn))

    # --- one message while a form is open ----------------------------------------------------------------

    def answer(self, turn: Turn) -> tuple[Reply, ...] | None:
        """What the open form says to this message; None when the message is not for the form."""
        at = self._state.form
        if at is None:
            return None
        form = self._forms.get(at.name)
        word = fold(turn.text)
        if form is None or form.version != at.version:
            return self._leave(turn, form) if form and word in LEAVE else self._renewed(turn, at, form)
        if _is_press(turn) and turn.intent in form.outgrown_by:
            self._state.forms.pop()
            return None
        if pressed := self._pressed(turn, form, at):
            return pressed
        if word in LEAVE or (turn.intent in {"cancel", *form.left_by} and self._sure(turn, at, form)):
            return self._leave(turn, form)
        if self._outgrown(turn, form, at):
            self._state.forms.pop()
            return None
        if word in BACK:
            return self._back(turn, form, at)
        if at.asking == "":
            return self._at_summary(turn, form, at, word)
        return self._at_field(turn, form, at, word)

    def resume(self, turn: Turn) -> tuple[Reply, ...]:
        """Ask again what the form on top was asking, after something else was answered."""
        at = self._state.form
        if at is None:
            return ()
        form = self._forms.get(at.name)
        if (
            form is None or form.version != at.version
        ):  # it waited below another while the program was upgraded
            return self._renewed(turn, at, form) or self.resume(turn)
        return self._go_on(turn)

    def asks_for(self, entity: str) -> bool:
        """Whether the open form's question is the one that this entity answers."""
        at = self._state.form
        form = self._forms.get(at.name) if at else None
        field = form.field(at.asking) if at and form else None
        return field is not None and field.entity == entity

    # --- pieces ------------------------------------------------------------------------------------------

    def _renewed(self, turn: Turn, at: FormState, form: Form | None) -> tuple[Reply, ...] | None:
        """A form that was changed by an upgrade starts afresh; one that is gone is left."""
        self._state.forms.pop()
        if form is None:
            return None
        kept = {name: value for name, value in at.values.items() if form.field(name)}
        return self.start(turn, StartForm(form.name, kept, before=(Reply("form/renewed"),)))

    def _pressed(self, turn: Turn, form: Form, at: FormState) -> tuple[Reply, ...] | None:
        what = turn.intent.removeprefix("form:") if turn.intent.startswith("form:") else ""
        if what == "confirm":
            return self._complete(turn, form, at)
        if what == "leave":
            return self._leave(turn, form)
        if what == "back":
            return self._back(turn, form, at)
        if what == "edit":
            return self._edit(turn, form, at, str(turn.given.get("field", "")))
        if what == "answer":
            if (
                not at.asking or turn.given.get("field", at.asking) != at.asking
            ):  # an earlier question's button
                return (Reply("button/expired"), *self._go_on(turn))
            return self._take(
                turn, form, at, turn.given.get("answer"), parsed=bool(turn.given.get("parsed", True))
            )
        if what == "use_text":
            said = replace(turn, text=at.last_text, given={})
            return self._parse(said, form, at)
        if what or not _is_press(turn):
            return None
        return self._leave(turn, form) if turn.intent == "cancel" else self._aside(turn)

    def _at_summary(self, turn: Turn, form: Form, at: FormState, word: str) -> tuple[Reply, ...] | None:
        changed = self._corrected(turn, form, at)
        if changed is not None:
            return (*changed, *self._go_on(turn))
        if word in EDIT:
            return self._edit(turn, form, at, "")
        if word in YES or (turn.intent == "affirm" and turn.understood.confidence >= 0.5):
            return self._complete(turn, form, at)
        if word in NO or (turn.intent == "deny" and turn.understood.confidence >= 0.5):
            return (Reply("form/which_to_change", buttons=self._edit_buttons(form, at)),)
        if other := self._digression(turn, form, free_text=False):
            return other
        return (Reply("form/please_confirm"), *self._go_on(turn))

    def _at_field(self, turn: Turn, form: Form, at: FormState, word: str) -> tuple[Reply, ...] | None:
        field = form.field(at.asking)
        if field is None:
            return self._go_on(turn)
        if field.optional and word in SKIP:
            return self._take(turn, form, at, None)
        if (
            field.free_text
            and not _answers(turn, field)
            and (other := self._digression(turn, form, free_text=True))
        ):
            return other
        if thanked := self._courtesy(turn):
            return thanked
        if self._wants_correction(turn, word) and (changed := self._corrected(turn, form, at)) is not None:
            return (*changed, *self._go_on(turn))
        return self._parse(turn, form, at)

    def _parse(self, turn: Turn, form: Form, at: FormState) -> tuple[Reply, ...]:
        field = form.field(at.asking)
        if field is None:
            return self._go_on(turn)
        try:
            value = field.parse(turn, at.values)
        except Refused as refused:
            if other := self._digression(turn, form, free_text=False):
                return other
            return (Reply(refused.key, refused.values), *self._go_on(turn))
        return self._take(turn, form, at, value)

    def _take(
        self, turn: Turn, form: Form, at: FormState, value: Any, parsed: bool = True
    ) -> tuple[Reply, ...]:
        if not parsed:
            return self._parse(replace(turn, text=str(value), given={}), form, at)
        name = at.asking
        self._settle(form, at, name, value)
        at.order = [*(one for one in at.order if one != name), name]
        at.last_text = ""
        self._fill_from_entities(turn, form, at)
        return self._go_on(turn)

    def _settle(self, form: Form, at: FormState, name: str, value: Any) -> None:
        """Set a field; what hung on another value of it has to be asked again."""
        before = at.values.get(name)
        at.values[name] = value
        field = form.field(name)
        if field is not None and before != value:
            for hanging in field.unsettles:
                at.values.pop(hanging, None)

    def _fill_from_entities(self, turn: Turn, form: Form, at: FormState) -> None:
        """What the sentence already said is not asked again."""
        for field in form.fields:
            said = turn.understood.first(field.entity) if field.entity else None
            if said is None or field.name in at.values or not field.when(at.values):
                continue
            try:
                at.values[field.name] = field.parse(replace(turn, text=said), at.values)
            except Refused:
                continue  # it will be asked for, and the refusal explained then

    def _go_on(self, turn: Turn) -> tuple[Reply, ...]:
        """Ask for the next missing field, or show the summary."""
        at = self._state.form
        if at is None:
            return ()
        form = self._forms[at.name]
        for field in form.fields:
            if field.name not in at.values and field.when(at.values):
                at.asking = field.name
                return (self._question(turn, field, at),)
        at.asking = ""
        if not form.summary:
            return self._complete(turn, form, at)
        shown = {
            field.name: field.show(at.values.get(field.name)) if field.when(at.values) else None
            for field in form.fields
        }
        buttons = (
            Button("@form/button_confirm", "form:confirm", changes=True),
            Button("@form/button_edit", "form:edit"),
            Button("@form/button_leave", "form:leave"),
        )
        return (Reply(form.summary, shown, buttons),)

    def _question(self, turn: Turn, field: Field, at: FormState) -> Reply:
        here = {"field": field.name}
        buttons = tuple(
            one if one.intent else replace(one, intent="form:answer", values={**one.values, **here})
            for one in field.offer(turn, at.values)
        )
        if at.last_text:
            buttons = (*buttons, Button("@form/button_use_text", "form:use_text"))
        if field.optional:
            buttons = (*buttons, Button("@form/button_skip", "form:answer", {"answer": None, **here}))
        return Reply(field.prompt, field.prompt_values(turn, at.values), buttons)

    def _edit_buttons(self, form: Form, at: FormState) -> tuple[Button, ...]:
        return tuple(
            Button(f"@{form.labels or form.name}/field_{field.name}", "form:edit", {"field": field.name})
            for field in form.fields
            if field.name in at.values and field.when(at.values) and field.words
        )

    def _edit(self, turn: Turn, form: Form, at: FormState, name: str) -> tuple[Reply, ...]:
        if form.field(name) is None:
            return (Reply("form/which_to_change", buttons=self._edit_buttons(form, at)),)
        at.values.pop(name, None)
        return self._go_on(turn)

    def _wants_correction(self, turn: Turn, word: str) -> bool:
        return turn.intent == "deny" or word.startswith(
            ("sua ", "doi ", "nham", "a nham", "khong phai", "a khong", "edit ", "change ", "sorry")
        )

    def _corrected(self, turn: Turn, form: Form, at: FormState) -> tuple[Reply, ...] | None:
        """Set again the fields that this sentence names or brings a new value for; None when it corrects nothing.

        What comes back are the reasons why a new value cannot be: those fields are asked again.
        """
        word = fold(turn.text)
        wanted = self._wants_correction(turn, word)
        changed, why = False, []
        for field in form.fields:
            if field.name not in at.values or field.name == at.asking:
                continue
            said = turn.understood.first(field.entity) if field.entity else None
            if said is not None:
                try:
                    value = field.parse(replace(turn, text=said), at.values)
                except Refused as refused:
                    if wanted:
                        why.append(Reply(refused.key, refused.values))
                        at.values.pop(field.name)
                    continue
                if value != at.values[field.name]:
                    self._settle(form, at, field.name, value)
                    changed = True
            elif wanted and any(fold(name) in word for name in field.words):
                at.values.pop(field.name)
                changed = True
        return tuple(why) if changed or why else None

    def _back(self, turn: Turn, form: Form, at: FormState) -> tuple[Reply, ...]:
        if not at.order:
            return (Reply("form/nothing_before"), *self._go_on(turn))
        at.values.pop(at.order.pop(), None)
        return self._go_on(turn)

    def _leave(self, turn: Turn, form: Form) -> tuple[Reply, ...]:
        self._state.forms.pop()
        return (Reply(form.left), *self.resume(turn))

    def _complete(self, turn: Turn, form: Form, at: FormState) -> tuple[Reply, ...]:
        missing = [f for f in form.fields if f.name not in at.values and f.when(at.values)]
        if missing:
            return self._go_on(turn)
        try:
            with turn.uow.savepoint():
                outcome = form.complete(turn, at.values)
        except Refused as refused:
            if at.values.pop(str(refused.values.get("field", "")), None) is None:
                self._state.forms.pop()  # nothing to ask again: the form cannot go on
                return (Reply(refused.key, refused.values), *self.resume(turn))
            return (Reply(refused.key, refused.values), *self._go_on(turn))
        except DomainError as refusal:
            self._state.forms.pop()
            return (Reply(refusal.key, refusal.values), *self.resume(turn))
        if self._state.form is at:
            self._state.forms.pop()
        return self._heard(turn, outcome)

    def _sure(self, turn: Turn, at: FormState, form: Form) -> bool:
        field = form.field(at.asking)
        words = len(turn.text.split())
        return turn.understood.confidence >= CLEAR and words <= (4 if field and field.free_text else 8)

    def _digression(self, turn: Turn, form: Form, *, free_text: bool) -> tuple[Reply, ...] | None:
        """Answer a clear other question, then ask again; None when the sentence is not one."""
        read = turn.understood
        if read.intent in OWN or read.source == "none" or read.intent.startswith("form:"):
            return None
        if find_phones(turn.text) and len(turn.text.split()) <= SHORT_WITH_NUMBER:
            return None  # "sđt 0912 000 118" answers, whatever else such words may mean
        sure = CLEAR_IN_FREE_TEXT if free_text else CLEAR
        if read.confidence < sure or (free_text and len(turn.text.split()) > SHORT_WORDS):
            return None
        outcome = self._act(read.intent, turn)
        if free_text and isinstance(outcome, Reply) and outcome.empty:
            return None  # no question after all
        if free_text and self._state.form is not None:
            self._state.form.last_text = turn.text
        if isinstance(outcome, StartForm) and outcome.form == form.name:
            return self._same_wish(turn, form, outcome)
        return self._heard(turn, outcome)

    def _same_wish(self, turn: Turn, form: Form, order: StartForm) -> tuple[Reply, ...] | None:
        """The wish that opened the form, said again: what is new in it counts, else the form just goes on."""
        at = self._state.form
        fields = {field.name for field in form.fields}
        new = {name: value for name, value in order.values.items() if at and at.values.get(name) != value}
        if at is None or not any(name in at.values for name in new if name in fields):
            return None
        for name, value in new.items():
            self._settle(form, at, name, value)
        return (*order.before, *self._go_on(turn))

    def _courtesy(self, turn: Turn) -> tuple[Reply, ...] | None:
        """A word of thanks is no answer, and no failed one either."""
        short = len(turn.text.split()) <= SHORT_THANKS
        if turn.intent != "thanks" or turn.understood.confidence < SURELY_THANKS or not short:
            return None
        return self._heard(turn, self._act(turn.intent, turn))

    def _outgrown(self, turn: Turn, form: Form, at: FormState) -> bool:
        """The sentence asks, whole by itself, what the form would have found out."""
        field = form.field(at.asking)
        named = bool(field and field.entity and turn.understood.first(field.entity))
        sure = turn.understood.confidence >= CLEAR and turn.understood.source != "none"
        return named and sure and turn.intent in form.outgrown_by

    def _aside(self, turn: Turn) -> tuple[Reply, ...]:
        """Another matter's button was pressed: it is answered, then the form goes on.

        A button that opens the same form means its own values: the form starts anew with them.
        """
        return self._heard(turn, self._act(turn.intent, turn))

    def _heard(self, turn: Turn, outcome: Outcome) -> tuple[Reply, ...]:
        if isinstance(outcome, StartForm):
            return self.start(turn, outcome)
        replies = (outcome,) if isinstance(outcome, Reply) else outcome
        for reply in replies:
            self._state.remember(reply.remember)
        return (*replies, *self.resume(turn))


def _answers(turn: Turn, field: Field) -> bool:
    """Whether the sentence is this field's answer, however much it looks like another question."""
    if field.entity and turn.understood.first(field.entity):
        return True
    coded = any(one.name in _OWN_CODES for one in turn.understood.entities)
    return turn.intent in field.takes and not coded


def _is_press(turn: Turn) -> bool:
    """A button was pressed: nothing was there to understand, and yet it is sure."""
    return turn.understood.source == "none" and turn.understood.confidence == 1.0 and bool(turn.intent)
