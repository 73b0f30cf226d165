"""What is still understood while the language model is out of reach: codes, menu words, a few keywords.

This is the only place where words of a sentence choose an intent by rule.
"""

from __future__ import annotations

from backend.domain.understanding import Entity, Understanding
from backend.text.codes import find_codes
from backend.text.fold import fold

#: Folded words that must all occur, and the intent; the first that fits counts.
_RULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("chay nha",), "emergency"),
    (("cap cuu",), "emergency"),
    (("quen", "ma"), "forgot_code"),
    (("mat", "bien nhan"), "forgot_code"),
    (("ho so",), "dossier_status"),
    (("huy", "lich hen"), "reception_cancel"),
    (("dang ky", "tiep dan"), "reception_booking"),
    (("gap", "chu tich"), "reception_booking"),
    (("tiep dan",), "reception_schedule"),
    (("tiep cong dan",), "reception_schedule"),
    (("giay to",), "documents_needed"),
    (("le phi",), "fee"),
    (("bao nhieu tien",), "fee"),
    (("thu tuc",), "procedure_guide"),
    (("khai sinh",), "procedure_guide"),
    (("ket hon",), "procedure_guide"),
    (("so do",), "procedure_guide"),
    (("gap nguoi",), "human_handoff"),
    (("tong dai",), "human_handoff"),
    (("phan anh",), "complaint_file"),
    (("khieu nai",), "complaint_file"),
    (("to cao",), "complaint_file"),
    (("xin chao",), "greeting"),
    (("cam on",), "thanks"),
)
#: Menu words: the whole message is the word.
_WORDS = {
    "huy": "cancel",
    "thoi": "cancel",
    "co": "affirm",
    "khong": "deny",
    "menu": "help",
    "tro giup": "help",
    "giup": "help",
    "ho so": "dossier_status",
    "thu tuc": "procedure_guide",
    "lich tiep dan": "reception_schedule",
    "can bo": "human_handoff",
}
_INTENT = {"dossier": "dossier_status", "complaint": "complaint_status", "procedure": "procedure_guide"}
_ENTITY = {"dossier": "dossier_code", "complaint": "complaint_code", "procedure": "proc_code_mention"}


def read_without_model(text: str) -> Understanding:
    """The best reading without Rasa; intent ``""`` when there is none."""
    codes = [one for one in find_codes(text) if one.kind in _INTENT]
    if codes:
        entities = tuple(Entity(_ENTITY[one.kind], one.value, one.start, one.end) for one in codes)
        return Understanding(_INTENT[codes[0].kind], 0.9, entities, source="fallback")
    word = fold(text)
    if word in _WORDS:
        return Understanding(_WORDS[word], 0.9, source="fallback")
    folded = f" {word} "
    for words, intent in _RULES:
        if all(word in folded for word in words):
            found = (Entity("procedure", text, 0, len(text)),) if intent in _NEEDS_PROCEDURE else ()
            return Understanding(intent, 0.6, found, source="fallback")
    return Understanding("", 0.0, source="fallback")


_NEEDS_PROCEDURE = frozenset({"documents_needed", "fee", "procedure_guide"})
