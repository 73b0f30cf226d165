"""Abbreviations and word lists of nlu_data, read once for training and stored inside the model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from backend.text.fold import fold, nfc, place_tones
from bot.nlu.syllables import Syllable

_LONGEST_ENTRY = 7  # syllables
_MOST_SYLLABLES = 200  # ideas of a longer text are those of its beginning
OUTSIDE = "-"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What officers wrote down beside the sentences."""

    abbreviations: dict[str, str]  # lower-case short form -> words
    lookups: dict[str, str]  # folded phrase -> the list it stands in
    cues: dict[str, list[str]]  # folded phrase -> ideas that it may express

    @classmethod
    def read(cls, folder: Path) -> Lexicon:
        """From `synonyms/abbreviations.yml`, `lookups/cues.yml` and `lookups/*.txt` (a phrase a line, # comments)."""
        table = yaml.safe_load((folder / "synonyms" / "abbreviations.yml").read_text(encoding="utf-8"))
        abbreviations = {
            place_tones(nfc(str(short))).lower(): place_tones(nfc(words))
            for words, shorts in table["abbreviations"].items()
            for short in shorts
        }
        lookups: dict[str, str] = {}
        for path in sorted((folder / "lookups").glob("*.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                phrase = fold(line.partition("#")[0])
                if phrase:
                    lookups.setdefault(phrase, path.stem)
        cues: dict[str, list[str]] = {}
        ideas = yaml.safe_load((folder / "lookups" / "cues.yml").read_text(encoding="utf-8"))["cues"]
        for idea, phrases in ideas.items():
            for phrase in phrases:
                cues.setdefault(fold(str(phrase)), []).append(str(idea))
        return cls(abbreviations, lookups, cues)

    @classmethod
    def from_json(cls, text: str) -> Lexicon:
        return cls(**json.loads(text))

    def to_json(self) -> str:
        fields = {"abbreviations": self.abbreviations, "lookups": self.lookups, "cues": self.cues}
        return json.dumps(fields, ensure_ascii=False, sort_keys=True)

    def words(self) -> list[str]:
        """Every folded syllable that officers wrote: spelt rightly by definition."""
        return [word for phrase in (*self.lookups, *self.cues) for word in phrase.split()]

    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def mark(
        self, syllables: Sequence[Syllable], dated: Sequence[tuple[int, int]] = (), *, listed: bool = True
    ) -> list[str]:
        """For each syllable the list whose longest phrase covers it, as B-list or I-list, else "-".

        `dated` are the characters that name a day or a period; they count as a list of their own.
        """
        marks = [OUTSIDE] * len(syllables)
        at = 0
        while listed and at < len(syllables):
            length, name = self._longest(syllables, at)
            if length:
                marks[at : at + length] = [f"B-{name}"] + [f"I-{name}"] * (length - 1)
            at += length or 1
        for start, end in dated:
            inside = [at for at, syllable in enumerate(syllables) if start <= syllable.start < end]
            for at in inside:
                marks[at] = "B-when" if at == inside[0] else "I-when"
        return marks

    def ideas(self, syllables: Sequence[Syllable]) -> list[str]:
        """What the phrases in the text may mean, sorted; phrases may overlap."""
        words = " ".join(syllable.folded for syllable in syllables[:_MOST_SYLLABLES]).split()
        found: set[str] = set()
        for at in range(len(words)):
            for size in range(1, _LONGEST_ENTRY):
                found.update(self.cues.get(" ".join(words[at : at + size]), ()))
        return sorted(found)

    def _longest(self, syllables: Sequence[Syllable], at: int) -> tuple[int, str]:
        phrase, best = "", (0, "")
        for length, syllable in enumerate(syllables[at : at + _LONGEST_ENTRY], start=1):
            phrase = f"{phrase} {syllable.folded}" if phrase else syllable.folded
            if phrase in self.lookups:
                best = (length, self.lookups[phrase])
        return best
