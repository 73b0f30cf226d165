"""Asking to be received: the form, from whom to the reception board's list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from actions.reception_fields import (
    day_value,
    host_value,
    offer_days,
    offer_hosts,
    read_content,
    read_day,
    read_decision,
    read_host,
    read_name,
    read_own_name,
    read_people,
    read_phone,
    refusal,
    rule_of,
    said_host,
    said_span,
    said_when,
    topic_of,
    wants_soonest,
)
from backend.domain.reception import (
    KEPT_DAYS,
    BookingRequest,
    BookingStatus,
    DayVerdict,
    HostKind,
    ReceptionRule,
    WhyNot,
)
from backend.services.reception import booking, days, hosts
from backend.text.phones import mask_phone


def reception_booking(turn: Turn) -> Outcome:
    """Begin a request; what the sentence already says (whom, when, what about) is not asked again."""
    if turn.viewer.group:
        return Reply("reception/private_only")
    topic = topic_of(turn.text) if not turn.given else None
    before_topic = "" if turn.given else turn.text.split(topic)[0] if topic else turn.text
    choice = hosts.find_host(turn.uow, said_host(turn), before_topic)
    rule = choice.rule if choice.named else _recalled(turn)
    if choice.named and not choice.rules and choice.open_kind is None:
        return Reply("reception/host_unknown", buttons=_book_chairman(turn))
    if rule is not None and not rule.bookable:
        return Reply("reception/desk_needs_none", {"place": rule.place, "sessions": rule.sessions})
    known: dict[str, Any] = {}
    if rule is None:
        known["open_kind"] = str(choice.open_kind or HostKind.COMMUNE_CHAIRMAN)
        known["host_choices"] = [one.id for one in choice.rules]
    if topic is not None:
        known["content"] = topic
    begun = _with_day(turn, rule, known)
    if choice.district and isinstance(begun, StartForm):
        return replace(begun, before=(Reply("reception/no_district"), *begun.before))
    return begun


def reception_book_day(turn: Turn) -> Outcome:
    """A button: this host, perhaps on this day."""
    if turn.viewer.group:
        return Reply("reception/private_only")
    rule = turn.uow.reception.rule(int(turn.given["host"]))
    if not rule.bookable:
        return Reply("reception/desk_needs_none", {"place": rule.place, "sessions": rule.sessions})
    return _with_day(turn, rule, {})


def _with_day(turn: Turn, rule: ReceptionRule | None, known: dict[str, Any]) -> Outcome:
    """Judge the named day before anything is asked: nobody should fill in a form for a holiday."""
    if rule is not None:
        mine = [one for one in booking.my_bookings(turn.uow, turn.viewer) if one.rule.id == rule.id]
        if mine:
            return booked_reply("reception/already", mine[0])
        known["host"] = host_value(rule)
    if turn.recalled("verified_phone"):
        known["phone"] = turn.recalled("verified_phone")
    asked = _asked_day(turn)
    if asked is None and rule is not None and not turn.given and wants_soonest(turn.text):
        asked = next((day.held_on for day in days.bookable_days(turn.uow, rule)), None)
    before: tuple[Reply, ...] = ()
    if asked is not None:
        verdict = days.judge_day(turn.uow, rule, asked) if rule else _judge_without_host(turn, asked)
        if verdict is not None and verdict.why_not is None and verdict.day is not None:
            known["day"] = day_value(verdict.day)
        elif verdict is not None and rule is not None:
            known["refused"] = asked.isoformat()
        elif verdict is None:
            known["wish"] = asked.isoformat()  # judged when it is known who should receive
        else:
            before = (Reply("reception/day_refused", refusal(None, verdict)),)
    return StartForm("reception_booking", known, before)


def _asked_day(turn: Turn) -> date | None:
    if "day" in turn.given:
        return date.fromisoformat(str(turn.given["day"]))
    span = said_span(said_when(turn), turn.today)
    return span[0] if span and span[0] == span[1] else None


def _judge_without_host(turn: Turn, asked: date) -> DayVerdict | None:
    """What can be said of a day whoever receives: that it is over, or a day off."""
    off = turn.uow.calendar.off_reason(asked)
    if asked < turn.today:
        return DayVerdict(asked, None, WhyNot.PAST)
    return DayVerdict(asked, None, WhyNot.DAY_OFF, off) if off else None


def _recalled(turn: Turn) -> ReceptionRule | None:
    """The host whose schedule was just shown, else the provincial chairman."""
    rule_id = turn.recalled("reception_host")
    known = {rule.id: rule for rule in hosts.hosts(turn.uow)}
    return known.get(rule_id) or hosts.chairman(turn.uow)


def _book_chairman(turn: Turn) -> tuple[Button, ...]:
    head = hosts.chairman(turn.uow)
    return (Button(head.host, "reception_book_day", {"host": head.id}),) if head else ()


def booked_reply(key: str, one: booking.Booked) -> Reply:
    values = {
        "code": one.code,
        "host": one.rule.host,
        "on": one.day.held_on,
        "sessions": one.day.sessions,
        "place": one.day.place,
        "phone": one.rule.phone,
        "people": one.people,
        "confirmed": one.status is BookingStatus.CONFIRMED,
        "remind_at": one.remind_at,
    }
    buttons = (
        Button("@reception/button_reschedule", "reception_reschedule", {"code": one.code}),
        Button("@reception/button_cancel", "reception_cancel", {"code": one.code}, changes=True),
    )
    return Reply(key, values, buttons)


def _complete(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    request = BookingRequest(
        content=values["content"],
        name=values["name"],
        phone=values["phone"],
        decision=values.get("decision") or "",
        representative=values.get("representative") or "",
    )
    done = booking.book(turn.uow, turn.viewer, values["day"]["id"], request, int(values["people"]))
    if isinstance(done, booking.NotBooked):
        raise Refused("reception/day_full", field="day", host=done.rule.host, on=done.day.held_on)
    return booked_reply("reception/already" if done.already else "reception/booked", done)


def _about_host(_turn: Turn, values: Mapping[str, Any]) -> Mapping[str, Any]:
    host = values.get("host")
    return {"host": host["name"] if host else "", "kept_days": KEPT_DAYS}


def _about_refused_day(turn: Turn, values: Mapping[str, Any]) -> Mapping[str, Any]:
    rule = rule_of(turn, values)
    asked = date.fromisoformat(values["refused"])
    if rule is None:
        return refusal(None, DayVerdict(asked, None, WhyNot.NOT_RECEIVING))
    told = refusal(rule, days.judge_day(turn.uow, rule, asked))
    # Asked again in a later message, the reason is not repeated.
    return told if _asked_day(turn) == asked else {**told, "why": "told"}


def _about_days(turn: Turn, values: Mapping[str, Any]) -> Mapping[str, Any]:
    rule = rule_of(turn, values)
    last = turn.today + timedelta(days=days.HORIZON_DAYS)
    coming = days.upcoming(turn.uow, rule, turn.today, last)[:3] if rule else ()
    can = days.bookable_days(turn.uow, rule) if rule else ()
    wish = date.fromisoformat(values["wish"]) if rule and "wish" in values else None
    return {
        "wish": wish if rule and wish and days.judge_day(turn.uow, rule, wish).why_not else None,
        "host": rule.host if rule else "",
        "full": [day.held_on for day in coming if day.full],
        "can": [day.held_on for day in can],
    }


def _about_people(_turn: Turn, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"people": values.get("people", 1), "kept_days": KEPT_DAYS}


def _shown_day(value: Any) -> date | None:
    return date.fromisoformat(value["on"]) if value else None


def _no_name_yet(values: Mapping[str, Any]) -> bool:
    """A day refused in the first message is spoken of once; later corrections get the plain question."""
    return "refused" in values and "name" not in values


#: What people come to be heard about.
_COMPLAINTS = frozenset({"complaint_file", "complaint_status", "dossier_status", "rating", "fees_payment"})

FORMS = (
    Form(
        "reception_booking",
        version=1,
        fields=(
            # "day" stands twice: right at the start it is asked with the reason why the named day cannot be.
            Field(
                "day",
                "reception/day_refused",
                read_day,
                when=_no_name_yet,
                offer=offer_days,
                prompt_values=_about_refused_day,
            ),
            Field(
                "content",
                "reception/ask_content",
                read_content,
                free_text=True,
                takes=_COMPLAINTS,
                prompt_values=_about_host,
                words=("nội dung", "việc", "content"),
            ),
            Field(
                "host",
                "reception/ask_host",
                read_host,
                offer=offer_hosts,
                show=lambda value: value["name"] if value else "",
                prompt_values=lambda _turn, values: {"kind": values.get("open_kind", "")},
                words=("người tiếp", "người gặp", "person to meet"),
                unsettles=("day", "refused"),
            ),
            Field(
                "day",
                "reception/ask_day",
                read_day,
                entity="date",
                offer=offer_days,
                show=_shown_day,
                prompt_values=_about_days,
                words=("ngày", "lịch", "buổi", "day", "date"),
            ),
            Field(
                "decision",
                "reception/ask_decision",
                read_decision,
                optional=True,
                words=("văn bản", "document"),
            ),
            Field(
                "people",
                "reception/ask_people",
                read_people,
                offer=lambda _turn, _values: (Button("@reception/button_alone", values={"answer": 1}),),
                words=("số người", "mấy người", "people"),
            ),
            Field(
                "representative",
                "reception/ask_representative",
                read_name,
                when=lambda values: int(values.get("people") or 1) > 1,
                prompt_values=_about_people,
                words=("đại diện", "representative"),
            ),
            Field(
                "name",
                "reception/ask_name",
                read_own_name,
                prompt_values=_about_people,
                words=("họ tên", "tên", "name"),
            ),
            Field(
                "phone",
                "reception/ask_phone",
                read_phone,
                entity="phone",
                show=lambda value: mask_phone(value) if value else "",
                prompt_values=_about_people,
                words=("điện thoại", "số máy", "phone"),
            ),
        ),
        summary="reception/summary",
        complete=_complete,
        left="reception/left",
        left_by=frozenset({"reception_cancel"}),  # what is not registered yet cannot be cancelled otherwise
    ),
)

ACTIONS: dict[str, Action] = {
    "reception_booking": reception_booking,
    "reception_book_day": reception_book_day,
}
