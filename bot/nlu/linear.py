"""A linear model over named features: trained by scikit-learn, served by numpy alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

# A feature never seen counts like a rare one: text unlike any training sentence gets small values, so low
# probabilities, instead of being judged by the two letters that it happens to share.
_UNKNOWN = 10.0
# 99 of 100 sentences held back had this share of their letter groups known, mistyped ones included; below it
# (another language, random keys) probabilities sink towards "no idea". The order of intents stays.
_USUAL = 0.67
Blocks = Sequence[Collection[str]]  # one set of feature names a block


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which column a feature has, and how rare it is (inverse document frequency)."""

    columns: list[dict[str, int]]  # one mapping a block
    rarity: np.ndarray

    @classmethod
    def learn(cls, documents: Sequence[Blocks], least: int) -> Vocabulary:
        """Features seen in at least `least` documents."""
        columns: list[dict[str, int]] = []
        rarity: list[float] = []
        for block in range(len(documents[0])):
            counts: dict[str, int] = {}
            for document in documents:
                for name in document[block]:
                    counts[name] = counts.get(name, 0) + 1
            kept = sorted(name for name, count in counts.items() if count >= least)
            columns.append({name: len(rarity) + at for at, name in enumerate(kept)})
            rarity += [1 + np.log((1 + len(documents)) / (1 + counts[name])) for name in kept]
        return cls(columns, np.asarray(rarity, dtype=np.float32))

    def vector(self, document: Blocks) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values; every block has length one at most, so that none drowns another."""
        all_columns, all_values = [], []
        for known, names in zip(self.columns, document, strict=True):
            columns = np.asarray(sorted(known[name] for name in names if name in known), dtype=np.int64)
            values = self.rarity[columns]
            unknown = _UNKNOWN * (len(names) - len(columns))
            all_columns.append(columns)
            all_values.append(values / max(float(np.sqrt(values @ values + unknown)), 1e-9))
        return np.concatenate(all_columns), np.concatenate(all_values)

    def matrix(self, documents: Sequence[Blocks]) -> Any:
        """A scipy CSR matrix, one row a document."""
        from scipy.sparse import csr_matrix  # only training needs it

        rows = [self.vector(document) for document in documents]
        ends = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self.rarity)))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Names with probabilities that mean what they say: `sharpness` was fitted on sentences held back."""

    names: list[str]
    vocabulary: Vocabulary
    weights: np.ndarray  # features x names
    bias: np.ndarray
    sharpness: float

    def rank(self, document: Blocks) -> list[tuple[str, float]]:
        """All names with their probability, best first."""
        columns, values = self.vocabulary.vector(document)
        scores = values @ self.weights[columns] + self.bias
        chances = _softmax(scores * self.sharpness * min(1.0, self._familiar(document) / _USUAL))
        return [(self.names[at], float(chances[at])) for at in np.argsort(-chances, kind="stable")]

    def _familiar(self, document: Blocks) -> float:
        """The share of known features in the largest block, which is the letters'."""
        block = max(range(len(document)), key=lambda at: len(document[at]))
        known = self.vocabulary.columns[block]
        return sum(name in known for name in document[block]) / max(1, len(document[block]))

    def save(self, folder: Path) -> None:
        described = {"names": self.names, "columns": [list(c) for c in self.vocabulary.columns]}
        (folder / "names.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / "weights.npz",
            weights=self.weights,
            bias=self.bias,
            rarity=self.vocabulary.rarity,
            sharpness=np.float32(self.sharpness),
        )

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        described = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        columns, start = [], 0
        for block in described["columns"]:
            columns.append({name: start + at for at, name in enumerate(block)})
            start += len(block)
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            vocabulary = Vocabulary(columns, arrays["rarity"])
            sharpness = float(arrays["sharpness"])
            return cls(described["names"], vocabulary, arrays["weights"], arrays["bias"], sharpness)


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def fit(
    documents: Sequence[Blocks],
    names: Sequence[str],
    origins: Sequence[int],
    *,
    least: int,
    strength: float,
    counts_more: Mapping[str, float] = MappingProxyType({}),
) -> LinearModel:
    """Train on everything; sharpness from a third held back, a sentence together with its copies.

    Every name weighs the same, however many documents it has, but for those that ``counts_more`` multiplies.
    """
    vocabulary = Vocabulary.learn(documents, least)
    matrix = vocabulary.matrix(documents)
    targets = np.asarray(names)
    groups = np.asarray(origins) % 3
    classes = sorted(set(names))
    kept = groups != 0
    scored: list[np.ndarray] = []
    right: list[np.ndarray] = []
    if set(targets[kept]) == set(classes) and not kept.all():
        weights, bias = _plane_each(_svm(matrix[kept], targets[kept], strength, counts_more))
        scored.append(matrix[~kept] @ weights + bias)
        right.append(np.searchsorted(classes, targets[~kept]))
    whole = _svm(matrix, targets, strength, counts_more)
    weights, bias = _plane_each(whole)
    return LinearModel(
        names=[str(name) for name in whole.classes_],
        vocabulary=vocabulary,
        weights=np.ascontiguousarray(weights, dtype=np.float32),
        bias=bias.astype(np.float32),
        sharpness=_sharpness(np.concatenate(scored), np.concatenate(right)) if scored else 1.0,
    )


def _svm(matrix: Any, targets: np.ndarray, strength: float, counts_more: Mapping[str, float]) -> Any:
    from sklearn.svm import LinearSVC  # only training needs it

    classes, counts = np.unique(targets, return_counts=True)
    weights = {
        name: len(targets) / (len(classes) * count) * counts_more.get(name, 1.0)
        for name, count in zip(classes.tolist(), counts.tolist(), strict=True)
    }
    return LinearSVC(C=strength, class_weight=weights, random_state=7).fit(matrix, targets)


def _plane_each(svm: Any) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features x names) and bias (names); of two names scikit-learn keeps one plane for both."""
    weights, bias = svm.coef_, svm.intercept_
    if len(svm.classes_) == 2:
        weights, bias = np.concatenate([-weights, weights]), np.concatenate([-bias, bias])
    return weights.T, bias


def _sharpness(scores: np.ndarray, right: np.ndarray) -> float:
    """The factor on scores under which the right names were least surprising."""
    tried = np.linspace(0.5, 12.0, 47)
    rows = np.arange(len(right))
    losses = [-np.log(_softmax(scores * factor)[rows, right] + 1e-9).mean() for factor in tried]
    return float(tried[int(np.argmin(losses))])
