"""How people speak against how procedures are titled: synonyms, words that carry no topic, abbreviations.

The phrases come from files that officers edit (see ``backend.importers.synonyms``); in here they are only applied.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.text.fold import fold_aligned, nfc, place_tones

_WORD = re.compile(r"[^\W_]+")
# "kí" and "ký" are one syllable in two spellings; so are "lí", "tỉ", "mĩ" …
_I_FOR_Y = re.compile(r"(?<![^\W_])(k|l|m|t|s|h|qu)([iíìỉĩị])(?![^\W_])")
_AS_Y = dict(zip("iíìỉĩị", "yýỳỷỹỵ", strict=True))
#: Readings of one sentence that are tried; more would be slow and add nothing.
MOST_READINGS = 6
#: Shares of a term's rarity that count.
WEAK, DECISIVE = 0.35, 2.0
#: With so many of its words marked, a sentence was typed with marks.
_MARKED_SHARE = 0.4
#: Only so much of a message can name a procedure.
MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Word:
    """``marked`` is lower case with its marks, old-style tones; ``joined``: directly follows the word before;
    ``doubtful``: typed without marks, it may be a word of asking ("khi") or one that names something ("khí")."""

    folded: str
    marked: str
    joined: bool = True
    doubtful: bool = False


def split_words(text: str) -> list[Word]:
    plain = _I_FOR_Y.sub(lambda match: match[1] + _AS_Y[match[2]], place_tones(nfc(text)).lower())
    return [
        Word(fold_aligned(match[0]), match[0])
        for match in itertools.islice(_WORD.finditer(plain), MOST_WORDS)
    ]


@dataclass(frozen=True, slots=True)
class _Phrase:
    marked: tuple[str, ...]
    kind: str  # synonym, filler, keep, abbreviation
    targets: tuple[tuple[Word, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """The officers' phrases as read from their files."""

    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fillers: Sequence[str] = ()
    kept: Sequence[str] = ()
    weak: Sequence[str] = ()
    decisive: Sequence[str] = ()
    abbreviations: Mapping[str, str] = field(default_factory=dict)  # short form -> full words
    #: Special cases: words of a title -> words of which a question for it says at least one.
    qualifiers: Mapping[str, Sequence[str]] = field(default_factory=dict)


#: A piece of a sentence: the ways to read it, the person's own words first.
Piece = tuple[tuple[Word, ...], ...]


class Lexicon:
    """Immutable; ``version`` changes with the phrases."""

    def __init__(self, phrases: Phrases | None = None) -> None:
        phrases = phrases or Phrases()
        self._phrases: dict[tuple[str, ...], list[_Phrase]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}  # first word -> lengths of phrases, longest first
        for said, meant in phrases.synonyms.items():
            self._add(said, "synonym", tuple(tuple(split_words(one)) for one in meant))
        for said in phrases.fillers:
            self._add(said, "filler")
        for said in phrases.kept:
            self._add(said, "keep")
        self._short = {
            found[0].folded: (found[0], tuple(split_words(full)))
            for short, full in phrases.abbreviations.items()
            if len(found := split_words(short)) == 1
        }
        self._weights = {
            **dict.fromkeys(_terms_of(phrases.weak), WEAK),
            **dict.fromkeys(_terms_of(phrases.decisive), DECISIVE),
        }
        self._qualifiers = tuple(
            (f" {_plain(title)} ", frozenset(map(_plain, said))) for title, said in phrases.qualifiers.items()
        )
        self.version = hashlib.sha256(repr(phrases).encode()).hexdigest()[:16]

    def _add(self, said: str, kind: str, targets: tuple[tuple[Word, ...], ...] = ()) -> None:
        found = split_words(said)
        if not found:
            return
        key = tuple(word.folded for word in found)
        phrase = _Phrase(tuple(word.marked for word in found), kind, targets)
        self._phrases.setdefault(key, []).append(phrase)
        lengths = {*self._lengths.get(key[0], ()), len(key)}
        self._lengths[key[0]] = tuple(sorted(lengths, reverse=True))

    def weight(self, term: str) -> float:
        """How much more or less than its rarity says this term tells procedures apart."""
        return self._weights.get(term, 1.0)

    def asked_by(self, title: str) -> tuple[frozenset[str], ...]:
        """For each special case that a title is, the folded phrases of which a question for it says one."""
        words = f" {_plain(title)} "
        return tuple(said for case, said in self._qualifiers if case in words)

    def expand(self, found: Sequence[Word]) -> list[Word]:
        """Abbreviations written out ("đk ks" -> đăng ký khai sinh)."""
        out: list[Word] = []
        for word in found:
            short = self._short.get(word.folded)
            if short is not None and word.marked in (short[0].marked, word.folded):
                out += short[1]
            else:
                out.append(word)
        return out

    def expand_text(self, text: str) -> list[Word]:
        return self.expand(split_words(text))

    def content(self, text: str) -> list[Word]:
        """The words that may name a procedure; what is asked about it is dropped."""
        return [piece[0][0] for piece in self._pieces(self.expand(split_words(text)), synonyms=False)]

    def readings(self, found: Sequence[Word]) -> list[list[Word]]:
        """The sentence as said, then with synonyms in place of what was said. At least one, maybe empty."""
        pieces = list(self._pieces(found, synonyms=True))
        plain = [word for piece in pieces for word in piece[0]]
        out = [plain]
        for chosen in itertools.product(*(range(len(piece)) for piece in pieces if len(piece) > 1)):
            if not any(chosen):
                continue
            if len(out) >= MOST_READINGS:
                break
            turn = iter(chosen)
            out.append([w for piece in pieces for w in piece[next(turn) if len(piece) > 1 else 0]])
        # The reading with every synonym taken is the likeliest one: it must not fall to the limit.
        if any(len(piece) > 1 for piece in pieces):
            out.insert(1, [w for piece in pieces for w in piece[min(1, len(piece) - 1)]])
        return list({tuple(one): one for one in out}.values())

    def _pieces(self, found: Sequence[Word], *, synonyms: bool) -> Iterator[Piece]:
        at, joined = 0, True
        strict = sum(word.marked != word.folded for word in found) >= _MARKED_SHARE * len(found)
        while at < len(found):
            phrase, length = self._longest(found, at, strict)
            own = tuple(found[at : at + length])
            if phrase is not None and phrase.kind == "filler":
                if length == 1 and own[0].marked != phrase.marked[0]:
                    yield ((replace(own[0], joined=joined, doubtful=True),),)
                    joined = True
                else:
                    joined = False
            elif phrase is not None and phrase.kind == "synonym" and synonyms:
                yield (_led(own, joined), *(_led(one, False) for one in phrase.targets))
                joined = True
            else:
                for word in _led(own, joined):
                    yield ((word,),)
                joined = True
            at += length

    def _longest(self, found: Sequence[Word], at: int, strict: bool) -> tuple[_Phrase | None, int]:
        for length in self._lengths.get(found[at].folded, ()):
            part = found[at : at + length]
            for phrase in self._phrases.get(tuple([word.folded for word in part]), ()):
                # Amid marked words a bare one is meant bare: "kinh" is not "kính".
                bare = strict and length == 1 and part[0].marked != phrase.marked[0]
                if not bare and _same_marks(part, phrase.marked):
                    return phrase, length
        return None, 1


def _plain(text: str) -> str:
    return " ".join(word.folded for word in split_words(text))


def _terms_of(phrases: Iterable[str]) -> Iterator[str]:
    for said in phrases:
        folded = [word.folded for word in split_words(said)]
        yield from folded if len(folded) == 1 else (" ".join(pair) for pair in itertools.pairwise(folded))


def _same_marks(part: Iterable[Word], marked: Sequence[str]) -> bool:
    """A word typed with other marks is another word; one typed without marks may be any."""
    return all(word.marked in (wanted, word.folded) for word, wanted in zip(part, marked, strict=True))


def _led(found: Sequence[Word], joined: bool) -> tuple[Word, ...]:
    if joined or not found:
        return tuple(found)
    return (replace(found[0], joined=False), *found[1:])
