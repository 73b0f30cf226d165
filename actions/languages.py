"""The languages that people write or ask for, and which of them this counter speaks."""

from __future__ import annotations

from actions.base import Button, Outcome, Reply, Turn
from backend.services import people
from backend.text.fold import fold

#: Languages with replies of their own.
SPOKEN = ("vi", "en")
#: Folded names as people write them -> ISO 639 code.
_NAMES = {
    "anh": "en", "english": "en", "eng": "en", "viet": "vi", "vietnamese": "vi", "phap": "fr", "french": "fr",
    "trung": "zh", "hoa": "zh", "chinese": "zh", "mandarin": "zh", "nhat": "ja", "japanese": "ja", "han": "ko",
    "korean": "ko", "lao": "lo", "thai": "th", "nga": "ru", "russian": "ru", "duc": "de", "german": "de",
    "khmer": "km", "kho me": "km", "kho mer": "km", "campuchia": "km", "cham": "cjm", "mong": "hmn", "hmong": "hmn",
    "h mong": "hmn", "hmoob": "hmn", "e de": "rad", "ba na": "bdq", "bana": "bdq", "gia rai": "jra", "jrai": "jra",
    "tay": "tyz", "nung": "nut", "dao": "ium", "muong": "mtq", "van kieu": "bru", "filipino": "tl", "tagalog": "tl",
}  # fmt: skip


def language_named(text: str) -> str:
    """ISO 639 code of "tiếng Khmer", "English"; "" for a name that is not known."""
    return _NAMES.get(fold(text).removeprefix("tieng ").strip(), "")


def language_switch(turn: Turn) -> Outcome:
    """Go on in the language asked for, or say which there are and lead to a person who may find an interpreter.

    Asked without a name, in English, it is English that is wanted.
    """
    named = turn.value("language")
    wanted = language_named(named) if named else ("" if turn.understood.language == "vi" else "en")
    if wanted in SPOKEN:
        people.speak(turn.uow, turn.viewer, wanted)
        return Reply("social/language", remember={"language": wanted})
    return other_language(turn, named) if named else Reply("social/which_language", buttons=_CHOICES)


_CHOICES = (
    Button("English", "language_switch", {"language": "english"}),
    Button("Tiếng Việt", "language_switch", {"language": "tiếng việt"}),
)


def other_language(turn: Turn, named: str = "") -> Reply:
    """What is said to a message in a language that nobody has written replies in."""
    return Reply(
        "social/other_language",
        {"code": turn.understood.language if not named else "", "named": named},
        buttons=(Button("@button/person", "human_handoff"), *_CHOICES),
    )
