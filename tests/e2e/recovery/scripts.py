"""Two hundred conversations, always the same: what is said, and what must be answered whoever dies meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from backend.demo.showcase import ALL
from tests.e2e.recovery.clients import RestCaller, TelegramPerson

CODES = tuple(one.code for one in ALL.values())
#: More want to see the chairman than his next day has room for; the others ask for somebody else.
CHAIRMAN, OTHERS, QUESTIONS, TELEGRAM = 20, 30, 110, 40
_HOSTS = (
    "giám đốc Sở Nội vụ",
    "giám đốc Sở Y tế",
    "giám đốc Sở Tài chính",
    "giám đốc Sở Tư pháp",
    "giám đốc Sở Xây dựng",
)
_PROCEDURES = (
    "làm giấy khai sinh cần giấy tờ gì",
    "thu tuc dang ky ket hon",
    "mo tiem tap hoa phai dang ky gi, thu tuc the nao",
    "lam lai so do bi mat thi thu tuc the nao",
)
_MOST_QUESTIONS = 30


@dataclass(frozen=True)
class Script:
    """``kind``: booking, question or telegram. ``number`` makes every conversation a little different."""

    kind: str
    number: int
    chairman: bool = False


def scripts() -> list[Script]:
    """All of them, well mixed: the same order every time."""
    made = [
        *(Script("booking", n, chairman=True) for n in range(CHAIRMAN)),
        *(Script("booking", CHAIRMAN + n) for n in range(OTHERS)),
        *(Script("question", n) for n in range(QUESTIONS)),
        *(Script("telegram", n) for n in range(TELEGRAM)),
    ]
    return [made[(place * 73) % len(made)] for place in range(len(made))]


async def book(caller: RestCaller, script: Script) -> None:
    """Through the form to the end, answering whatever is asked; Rasa may be dead at any point."""
    n = script.number
    host = "chủ tịch tỉnh" if script.chairman else _HOSTS[n % len(_HOSTS)]
    wish = f"tôi muốn đăng ký tiếp dân, gặp {host}"
    answers = {
        "reception/ask_content": f"Đền bù đất làm đường ở thôn {n + 1}",
        "reception/ask_host": host,
        "reception/ask_decision": "chưa",
        "reception/ask_name": "Nguyễn Văn An",
        "reception/ask_phone": f"0912 345 {n:03}",
    }
    presses = {
        "reception/day_refused",
        "reception/ask_day",
        "reception/day_full",
        "reception/ask_people",
        "reception/summary",
        "reception/day_unclear",
    }
    await caller.say("xin chào")
    await caller.say(wish)
    for _ in range(_MOST_QUESTIONS):
        if caller.key == "reception/booked":
            return
        if caller.key in presses:
            await caller.press()
        else:
            await caller.say(answers.get(caller.key, wish))
    raise AssertionError(f"{caller.name} got no booking, the last question was {caller.key}")


async def ask(caller: RestCaller, script: Script) -> None:
    """Codes get the right answer without Rasa, too; of the other questions only that they are answered."""
    n = script.number
    code, other = CODES[n % len(CODES)], CODES[(n + 3) % len(CODES)]
    if n % 3 == 0:
        await caller.say("xin chào")
        await caller.press()
        await caller.say(code.lower().replace("-", " "))
        assert code in caller.text
    elif n % 3 == 1:
        await caller.say("ho so cua toi toi dau roi")
        await caller.say(code)
        assert code in caller.text
        await caller.say(other)
        assert other in caller.text
    else:
        await caller.say(_PROCEDURES[n % len(_PROCEDURES)])
        await caller.say("thế lệ phí bao nhiêu")
        await caller.say("hủy")
        await caller.say(code)
        assert code in caller.text
    await caller.say("cảm ơn")


async def chat(person: TelegramPerson, script: Script) -> None:
    """Some wait for each answer, some write three things at once."""
    n = script.number
    code, other = CODES[n % len(CODES)], CODES[(n + 5) % len(CODES)]
    await person.write("xin chào")
    await person.hear()
    if n % 2:
        await person.press()
        await person.hear()
        await person.write(code)
    else:
        await person.write(code)
        await person.write("lịch tiếp dân")
        await person.write(other)
    await person.hear()
    await person.write("cảm ơn")
    await person.hear()
