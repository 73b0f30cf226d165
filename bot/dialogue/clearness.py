"""Whether a reading is clear enough to act on: the thresholds of the dialogue, which evaluation counts by too."""

from __future__ import annotations

from enum import StrEnum

from backend.domain.understanding import Understanding

#: Below this the bot says that it did not understand. Chosen on the held-out sentences: see docs/language.md.
UNSURE = 0.30
#: Two readings closer than this, with neither above SURE, are offered as two buttons.
CLOSE = 0.08
SURE = 0.55

#: Intents of a word or two, which a sentence that names something can hardly mean.
WORDLESS = frozenset({"affirm", "deny", "cancel", "greeting", "thanks", "goodbye"})


#: Nothing that a button could offer: beside one of these, the other reading is what is wanted.
UNOFFERED = frozenset({"insult", "others_data"})


class Clearness(StrEnum):
    """Whether a reading is acted on, offered beside its runner-up, or not acted on at all."""

    CLEAR = "clear"
    BETWEEN_TWO = "between_two"
    UNCLEAR = "unclear"


def how_clear(read: Understanding) -> Clearness:
    """Only a model's reading can be vague: codes and the fallback are certain of what little they read."""
    if not read.intent or (read.source == "model" and read.confidence < UNSURE):
        return Clearness.UNCLEAR
    if len(read.ranking) < 2 or read.confidence >= SURE:
        return Clearness.CLEAR
    (first, sure), (second, less) = read.ranking[:2]
    if sure - less > CLOSE or {first, second} & WORDLESS:  # "Đồng ý" is nothing to choose from
        return Clearness.CLEAR
    return Clearness.BETWEEN_TWO
