"""Reading what people answer about a reception: whom, which day, how many, who. Values are JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from actions.base import Button, Refused, Turn
from backend.domain.reception import DayVerdict, HostKind, ReceptionDay, ReceptionRule
from backend.services.reception import days, hosts
from backend.text.dates import find_dates
from backend.text.fold import fold, fold_aligned, nfc
from backend.text.phones import find_phones

_LONGEST_CONTENT = 2000
_LONGEST_NAME = 80
_MOST_PEOPLE = 200
_NUMBERS = {
    "mot minh": 1, "minh toi": 1, "ca nhan": 1, "toi thoi": 1, "hai vo chong": 2, "vo chong": 2, "mot": 1, "hai": 2,
    "alone": 1, "just me": 1, "only me": 1, "my wife and i": 2, "two": 2, "three": 3, "four": 4, "five": 5,
    "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_NUMBER = re.compile(r"\b(?:" + "|".join(_NUMBERS) + r")\b")
_SOONEST = re.compile(
    r"\b(?:som nhat|gan nhat|ngay nao cung duoc|som cang tot|soonest|earliest|as soon as possible|any day)\b"
)
_NAME_LEAD = re.compile(
    r"^(?:(?:da|vang|toi|em|chau|con|minh|tui)\s+)*(?:(?:ho )?ten(?: la)?|la)\s*:?\s+"
    r"|^(?:my name is|i am|i'm|name)\s*:?\s+"
    r"|^(?:da\s+)?(?:bac|co|chu|ong|ba|anh|chi)\s+(?:ho )?ten(?: la)?\s*:?\s+"
)
_NO_NAME = re.compile(r"^(?:khong|ko|chua|k|no|none)\b")
#: Titles by which a host is named without an agency.
_TITLES = frozenset({"chu", "ct", "giam", "gd", "lanh", "tinh", "xa", "phuong", "so", "ban", "bi"})
#: What comes after these words is what the person wants to talk about.
_TOPIC = re.compile(
    r"\b(?:de (?:trinh bay|phan anh|hoi|noi|thua|kien nghi)(?: ve)?|thua|noi dung|noi|trinh bay"
    r"|ve(?! (?:que|nha|kip|den|toi|lai|som|muon|tre|huu)\b))"
    r"(?: (?:viec|vu|chuyen|cai vu|vu viec))?\s+"
)
_TOPIC_SURE = re.compile(r"\b(?:ve|viec|vu|chuyen|noi dung|trinh bay|phan anh|kien nghi)\b")


# --- whom ----------------------------------------------------------------------------------------------------


def said_host(turn: Turn) -> str:
    """Titles and agencies of the sentence, in order ("giám đốc" + "Sở Xây dựng")."""
    if turn.given:
        return " ".join(str(turn.given[name]) for name in ("person", "agency") if name in turn.given)
    named = [one for one in turn.understood.entities if one.name in {"person", "agency"}]
    return " ".join(one.value for one in sorted(named, key=lambda one: one.start))


def host_value(rule: ReceptionRule) -> dict[str, Any]:
    return {"rule": rule.id, "name": rule.host}


def read_host(turn: Turn, _values: Mapping[str, Any]) -> dict[str, Any]:
    choice = hosts.find_host(turn.uow, turn.text)
    untitled = not choice.explained and not _TITLES & set(fold(turn.text).split())
    if untitled and choice.rule and choice.rule.host_kind is HostKind.CHAIRMAN:
        raise Refused("reception/which_host", names=[])  # whoever names nobody does not mean the chairman
    rule = choice.rule
    if rule is None:
        raise Refused("reception/which_host", names=[one.host for one in choice.rules])
    if not rule.bookable:
        raise Refused("reception/desk_needs_none", place=rule.place, sessions=rule.sessions)
    return host_value(rule)


def offer_hosts(turn: Turn, values: Mapping[str, Any]) -> tuple[Button, ...]:
    """The hosts in question: those an old name led to, all departments, or the chairman."""
    ids = set(values.get("host_choices", ()))
    kind = HostKind(values.get("open_kind", HostKind.CHAIRMAN))
    known = hosts.hosts(turn.uow)
    meant = [rule for rule in known if rule.id in ids] or hosts.of_kind(known, kind)
    if kind is HostKind.COMMUNE_CHAIRMAN and not ids:
        return ()  # too many to choose from: the name is typed
    return tuple(Button(rule.host, values={"answer": host_value(rule)}) for rule in meant)


# --- which day -----------------------------------------------------------------------------------------------


def said_when(turn: Turn) -> str:
    """The text to look for days in: a pressed button's date, else the sentence."""
    return str(turn.given.get("date", "")) if turn.given else turn.text


def said_span(text: str, today: date) -> tuple[date, date] | None:
    """The days a sentence names: its last single day, else its first span."""
    found = find_dates(text, today)
    single = [one for one in found if one.first == one.last]
    chosen = single[-1] if single else next(iter(found), None)
    return (chosen.first, chosen.last) if chosen else None


def wants_soonest(text: str) -> bool:
    """Whether any day will do, the next one best."""
    return bool(_SOONEST.search(fold(text)))


def day_value(day: ReceptionDay) -> dict[str, Any]:
    return {"id": day.id, "on": day.held_on.isoformat()}


def rule_of(turn: Turn, values: Mapping[str, Any]) -> ReceptionRule | None:
    host = values.get("host")
    return turn.uow.reception.rule(host["rule"]) if host else None


def read_day(turn: Turn, values: Mapping[str, Any]) -> dict[str, Any]:
    rule = rule_of(turn, values)
    if rule is None:
        raise Refused("reception/which_host", names=[])
    can = days.bookable_days(turn.uow, rule, count=40)
    if can and wants_soonest(turn.text):
        return day_value(can[0])
    span = said_span(turn.text, turn.today) or _bare_number(turn.text, can)
    if span is None:
        raise Refused("reception/day_unclear")
    if span[0] == span[1]:
        try:
            return day_value(accepted(turn, rule, span[0]))
        except Refused as refused:
            # The question that follows offers the other days: the refusal says no more than why.
            raise Refused(refused.key, **{**refused.values, "others": []}) from None
    inside = [day for day in can if span[0] <= day.held_on <= span[1]]
    if len(inside) == 1:
        return day_value(inside[0])
    raise Refused("reception/day_in_span", first=span[0], last=span[1], on=[day.held_on for day in inside])


def _bare_number(text: str, can: Iterable[ReceptionDay]) -> tuple[date, date] | None:
    """ "15": the next day with that number that can be had."""
    number = text.strip().rstrip(".")
    if not (number.isascii() and number.isdigit()):
        return None
    found = next((day.held_on for day in can if day.held_on.day == int(number)), None)
    return (found, found) if found else None


def accepted(turn: Turn, rule: ReceptionRule, asked: date) -> ReceptionDay:
    """The day, if it can be reserved; else ``Refused`` with the reason and the days that can."""
    verdict = days.judge_day(turn.uow, rule, asked)
    if verdict.day is None or verdict.why_not is not None:
        raise Refused("reception/day_refused", **refusal(rule, verdict))
    return verdict.day


def refusal(rule: ReceptionRule | None, verdict: DayVerdict) -> dict[str, Any]:
    return {
        "host": rule.host if rule else "",
        "asked": verdict.asked,
        "why": verdict.why_not or "",
        "off_reason": verdict.off_reason or "",
        "others": [day.held_on for day in verdict.others],
    }


def offer_days(turn: Turn, values: Mapping[str, Any]) -> tuple[Button, ...]:
    rule = rule_of(turn, values)
    can = days.bookable_days(turn.uow, rule) if rule else ()
    return tuple(Button(title_of(day), values={"answer": day_value(day)}) for day in can)


def title_of(day: ReceptionDay) -> str:
    names = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
    return f"{names[day.held_on.weekday()]} {day.held_on:%d/%m/%Y}"


# --- what about, how many, who -------------------------------------------------------------------------------


def read_content(turn: Turn, _values: Mapping[str, Any]) -> str:
    text = nfc(turn.text).strip()
    if sum(char.isalpha() for char in text) < 4:
        raise Refused("reception/content_too_short")
    return text[:_LONGEST_CONTENT]


def topic_of(text: str) -> str | None:
    """What the first message already says it is about: "… gặp chủ tịch về việc đền bù đất" -> "đền bù đất"."""
    text = nfc(text)
    folded = fold_aligned(text)
    for match in _TOPIC.finditer(folded):
        rest = text[match.end() :].strip(" .,;:!?")
        if _TOPIC_SURE.search(match[0]) and len(rest.split()) >= 2 and not find_phones(rest):
            return rest[:_LONGEST_CONTENT]
    return None


def read_decision(turn: Turn, _values: Mapping[str, Any]) -> str:
    """The number of an earlier answer; "" where there was none."""
    folded = fold(turn.text)
    if re.match(r"(?:da |vang )?(?:chua|khong|ko|hong|hem|no|none|not yet)\b", folded):
        return ""
    if re.search(r"\bchua\b", folded) and not re.search(r"\d|\b(?:co|da|roi)\b", folded):
        return ""
    return nfc(turn.text).strip()[:300]


def read_people(turn: Turn, _values: Mapping[str, Any]) -> int:
    folded = fold(turn.text)
    digits = re.search(r"\d{1,4}", folded)
    word = _NUMBER.search(folded)
    count = int(digits[0]) if digits else _NUMBERS[word[0]] if word else 0
    if not 1 <= count <= _MOST_PEOPLE:
        raise Refused("reception/people_unclear", most=_MOST_PEOPLE)
    return count


def read_name(turn: Turn, _values: Mapping[str, Any]) -> str:
    text = " ".join(nfc(turn.text).split())
    lead = _NAME_LEAD.match(fold_aligned(text))
    name = text[lead.end() :] if lead else text
    letters = sum(char.isalpha() for char in name)
    unlike = _NO_NAME.match(fold(name)) or any(char.isdigit() for char in name)
    if letters < 2 or unlike or len(name) > _LONGEST_NAME:
        raise Refused("reception/name_unclear")
    return name.strip(" .,")


def read_own_name(turn: Turn, values: Mapping[str, Any]) -> str:
    """The name of whoever registers: "tôi" tells none."""
    if fold(turn.text) in {"toi", "minh", "em", "chau", "con", "chinh toi", "la toi", "toi day"}:
        raise Refused("reception/name_unclear")
    return read_name(turn, values)


def read_phone(turn: Turn, _values: Mapping[str, Any]) -> str:
    found = find_phones(turn.text)
    if len(found) != 1:
        raise Refused("reception/phone_unclear")
    return found[0].value
