"""A conditional random field over syllables, kept as crfsuite's own file: it loads at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from bot.nlu.syllables import Syllable, masked

_WINDOW = 3
# How neighbours further off are accented tells names learnt by heart, not shapes of sentences.
_MARKED_WINDOW = 1
_MOST_SYLLABLES = 600  # what follows in a longer text is a petition's body, not a request's values
OUTSIDE = "O"
Span = tuple[int, int]


def crf_features(
    syllables: Sequence[Syllable], marks: Sequence[str], kinds: Sequence[str], words: Sequence[str]
) -> list[list[str]]:
    """For each syllable what stands there and up to three places left and right."""
    shown = [_own(*each) for each in zip(syllables, marks, kinds, words, strict=True)][:_MOST_SYLLABLES]
    folded = [masked(s.folded.replace(" ", "_")) for s in syllables]
    shapes = [one.shape for one in syllables]
    return [
        _window(shown, folded, at) + _beside_lists(folded, marks, at) + _named(folded, shapes, at)
        for at in range(len(shown))
    ]


def _own(syllable: Syllable, mark: str, kind: str, word: str) -> tuple[list[str], list[str], list[str]]:
    """What all neighbours see, what the next ones see too, and what only the syllable itself shows."""
    surface = masked(syllable.surface.replace(" ", "_"))
    folded = masked(syllable.folded.replace(" ", "_"))
    seen = [f"f={folded}", f"h={syllable.shape}", f"m={mark}"]
    if word:
        seen.append(f"w={word}")
    if kind:
        seen.append(f"k={kind}")
    ends = [f"p2={folded[:2]}", f"p3={folded[:3]}", f"e2={folded[-2:]}", f"e3={folded[-3:]}"]
    return seen, [f"s={surface}"], ends


def _window(shown: Sequence[tuple[list[str], ...]], folded: Sequence[str], at: int) -> list[str]:
    features = ["bias", *shown[at][0], *shown[at][1], *shown[at][2]]
    last = len(shown) - 1
    for step in range(-_WINDOW, _WINDOW + 1):
        there = at + step
        if step and 0 <= there <= last:
            features += [f"{step}{feature}" for feature in shown[there][0]]
            if abs(step) <= _MARKED_WINDOW:
                features += [f"{step}{feature}" for feature in shown[there][1]]
        elif there in (-1, last + 1):
            features.append(f"{step}edge")
    if at > 0:
        features.append(f"-1f0={folded[at - 1]}|{folded[at]}")
        if at > 1:
            features.append(f"-2f0={folded[at - 2]}|{folded[at - 1]}|{folded[at]}")
    if at < last:
        features.append(f"0f1={folded[at]}|{folded[at + 1]}")
        if at + 1 < last:
            features.append(f"0f2={folded[at]}|{folded[at + 1]}|{folded[at + 2]}")
    if 0 < at < last:
        features.append(f"-1f1={folded[at - 1]}|{folded[at + 1]}")
    return features


def _beside_lists(folded: Sequence[str], marks: Sequence[str], at: int) -> list[str]:
    """Which word stands beside a listed phrase, and where such a phrase ends."""
    before, after = (marks[at - 1], folded[at - 1]) if at else _EDGE, _EDGE
    if at + 1 < len(folded):
        after = marks[at + 1], folded[at + 1]
    mark = marks[at]
    return [
        f"mm0={before[0]}|{mark}",
        f"mm1={mark}|{after[0]}",
        f"mmm={before[0]}|{mark}|{after[0]}",
        f"fm={before[1]}|{mark}",
        f"mf={mark}|{after[1]}",
    ]


def _named(folded: Sequence[str], shapes: Sequence[str], at: int) -> list[str]:
    """A kind word with a capital after it: "xã Phú Lộc" is a name, whatever the name; "lên xã hỏi" is none."""
    features = [f"f0h1={folded[at]}|{shapes[at + 1]}"] if at + 1 < len(shapes) else []
    features += [f"-{back}f0h={folded[at - back]}|{shapes[at]}" for back in (1, 2, 3) if back <= at]
    return features


_EDGE = ("^", "^")


def bio_labels(syllables: Sequence[Syllable], entities: Iterable[tuple[int, int, str]]) -> list[str]:
    """A label a syllable; a syllable counts as inside when it begins within the span."""
    spans = sorted(entities)
    labels = []
    for syllable in syllables:
        label = OUTSIDE
        for start, end, name in spans:
            if start <= syllable.start < end:
                label = (
                    f"I-{name}"
                    if labels and labels[-1][2:] == name and not _begins(syllable, start)
                    else f"B-{name}"
                )
        labels.append(label)
    return labels


def _begins(syllable: Syllable, start: int) -> bool:
    return syllable.start == start


def train(
    path: Path, rows: Sequence[list[list[str]]], labels: Sequence[list[str]], options: dict[str, float]
) -> None:
    """Writes crfsuite's model file; L-BFGS with L1 and L2 penalties."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"feature.possible_transitions": False, **options})
    for row, names in zip(rows, labels, strict=True):
        trainer.append(pycrfsuite.ItemSequence(row), names)
    trainer.train(str(path))


class Tagger:
    """A loaded model file."""

    def __init__(self, path: Path) -> None:
        # From memory, so that Rasa may clear its unpacked files away.
        self._image = path.read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._image)

    def spans(self, rows: list[list[str]]) -> list[tuple[int, int, str, float]]:
        """First and last syllable, name, and how sure: the least probability of the labels inside."""
        if not rows:
            return []
        labels = self._tagger.tag(pycrfsuite.ItemSequence(rows))
        found: list[tuple[int, int, str, float]] = []
        for at, label in enumerate(labels):
            if label == OUTSIDE:
                continue
            chance = self._tagger.marginal(label, at)
            if label[0] == "I" and found and found[-1][1] == at - 1 and found[-1][2] == label[2:]:
                first, _, name, least = found[-1]
                found[-1] = (first, at, name, min(least, chance))
            else:
                found.append((at, at, label[2:], chance))
        return found
