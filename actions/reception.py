"""Who receives citizens when; giving back and moving a booked day."""

from __future__ import annotations

from datetime import date, timedelta

from actions.base import Action, Button, Outcome, Refused, Reply, Turn
from actions.reception_booking import booked_reply
from actions.reception_fields import accepted, said_host, said_span, said_when, title_of
from backend.services.reception import booking, days, hosts, schedule

#: Less sure than this of "hủy lịch" in a sentence, the bot asks before it gives a place back.
_SURE = 0.55
_MOST_CHOICES = 8


def reception_schedule(turn: Turn) -> Outcome:
    """Answer "chủ tịch tỉnh tiếp dân ngày nào?", for anybody who receives."""
    choice = _choice(turn)
    span = said_span(said_when(turn), turn.today)
    if span is not None and span[1] < turn.today:
        span = None
    view = schedule.schedule(turn.uow, choice, span)
    remember = {"reception_host": view.named.rule_id} if view.named and view.named.bookable else {}
    return Reply("reception/schedule", view, _after(view), remember)


def _choice(turn: Turn) -> hosts.HostChoice:
    if "host" in turn.given:
        return hosts.HostChoice((turn.uow.reception.rule(int(turn.given["host"])),), named=True)
    said = said_host(turn)
    if turn.again and not said and (last := turn.recalled("reception_host")) is not None:
        known = tuple(rule for rule in hosts.hosts(turn.uow) if rule.id == last)
        return hosts.HostChoice(known, named=True)
    return hosts.find_host(turn.uow, said, "" if turn.given else turn.text)


def _after(view: schedule.Schedule) -> tuple[Button, ...]:
    if view.choices:
        return tuple(
            Button(rule.host, "reception_schedule", {"host": rule.id})
            for rule in view.choices[:_MOST_CHOICES]
        )
    shown = view.named or view.chairman
    if shown is None or not shown.bookable:
        return ()
    return (Button("@reception/button_book", "reception_book_day", {"host": shown.rule_id}),)


def reception_cancel(turn: Turn) -> Outcome:
    """Give a booked place back."""
    mine = _meant(turn)
    if len(mine) != 1:
        return _none_or_which(turn, mine, "reception_cancel", changes=True)
    if turn.understood.confidence < _SURE:
        button = Button("@reception/button_cancel", "reception_cancel", {"code": mine[0].code}, changes=True)
        return Reply("reception/confirm_cancel", _facts(mine[0]), (button,))
    gone = booking.cancel(turn.uow, turn.viewer, mine[0].code)
    again = Button("@reception/button_book_again", "reception_book_day", {"host": gone.rule.id})
    return Reply("reception/cancelled", _facts(gone), (again,))


def reception_reschedule(turn: Turn) -> Outcome:
    """Move a booked day to the one named, or ask which."""
    mine = _meant(turn)
    if len(mine) != 1:
        return _none_or_which(turn, mine, "reception_reschedule")
    held = mine[0]
    asked = _new_day(turn, held)
    offered = _other_days(turn, held)
    if asked is None:
        return Reply("reception/ask_new_day", _facts(held), offered)
    try:
        day = accepted(turn, held.rule, asked)
    except Refused as refused:
        return Reply(refused.key, refused.values, offered)
    done = booking.reschedule(turn.uow, turn.viewer, held.code, day.id)
    if isinstance(done, booking.NotBooked):
        return Reply("reception/day_full", {"host": done.rule.host, "on": done.day.held_on}, offered)
    return booked_reply("reception/already" if done.already else "reception/rescheduled", done)


def _new_day(turn: Turn, held: booking.Booked) -> date | None:
    """The single day that is wished for; a span ("tuần sau") counts when one day in it can be had."""
    if "day" in turn.given:
        return date.fromisoformat(str(turn.given["day"]))
    span = said_span(said_when(turn), turn.today)
    if span is None or span == (held.day.held_on, held.day.held_on):
        return None
    if span[0] == span[1]:
        return span[0]
    can = days.bookable_days(turn.uow, held.rule, count=40)
    inside = [day.held_on for day in can if span[0] <= day.held_on <= span[1]]
    return inside[0] if len(inside) == 1 else None


def _other_days(turn: Turn, held: booking.Booked) -> tuple[Button, ...]:
    can = [day for day in days.bookable_days(turn.uow, held.rule, count=5) if day.id != held.day.id]
    return tuple(
        Button(
            title_of(day),
            "reception_reschedule",
            {"code": held.code, "day": day.held_on.isoformat()},
            changes=True,
        )
        for day in can[:4]
    )


def _meant(turn: Turn) -> list[booking.Booked]:
    """Which of this person's bookings the message is about."""
    mine = booking.my_bookings(turn.uow, turn.viewer)
    code = str(turn.given.get("code", "")) or (None if turn.given else booking.read_code(turn.text))
    if code:
        return [one for one in mine if one.code == code]
    named = [rule.id for rule in hosts.find_host(turn.uow, said_host(turn)).rules]
    span = said_span(said_when(turn), turn.today)
    at = [span[0] + timedelta(days=n) for n in range(min((span[1] - span[0]).days + 1, 62))] if span else []
    return booking.choose(mine, named, at)


def _none_or_which(turn: Turn, mine: list[booking.Booked], intent: str, changes: bool = False) -> Reply:
    if not mine:
        return Reply(
            "reception/none_booked", buttons=(Button("@reception/button_schedule", "reception_schedule"),)
        )
    buttons = tuple(
        Button(f"{one.rule.host}, {title_of(one.day)}", intent, {"code": one.code}, changes=changes)
        for one in mine
    )
    return Reply("reception/which_booking", {"bookings": [_facts(one) for one in mine]}, buttons)


def _facts(one: booking.Booked) -> dict[str, object]:
    return {"code": one.code, "host": one.rule.host, "on": one.day.held_on}


ACTIONS: dict[str, Action] = {
    "reception_schedule": reception_schedule,
    "reception_cancel": reception_cancel,
    "reception_reschedule": reception_reschedule,
}
