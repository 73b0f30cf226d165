"""Numbers as Vietnamese papers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.figure import Figure, Unit
from backend.products.words import percent, rated, valued, whole
from tests.unit.products.texts import WORDS


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1, "1"),
        (999, "999"),
        (128_063, "128.063"),
        (Decimal("3.5"), "3,5"),
        (Decimal("1234.50"), "1.234,5"),
    ],
)
def test_thousands_and_fractions(value: int | Decimal, written: str) -> None:
    assert whole(value) == written


@pytest.mark.parametrize(
    ("part", "of", "written"),
    [
        (64_698, 65_761, "98,38%"),
        (136, 32_385, "0,42%"),
        (1, 2, "50%"),
        (0, 5, "0%"),
        (5, 5, "100%"),
        (99_999, 100_000, "99,999%"),  # not all
        (1, 100_000, "0,001%"),  # not none
    ],
)
def test_rates(part: int, of: int, written: str) -> None:
    assert percent(Decimal(part) * 100 / of) == written


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_only_all_is_a_hundred_per_cent_and_only_none_is_zero(part: int, of: int) -> None:
    shown = percent(Decimal(min(part, of)) * 100 / of)
    assert (shown == "100%") == (part >= of)
    assert (shown == "0%") == (part == 0)


def test_values_say_their_unit_and_their_denominator() -> None:
    assert valued(Figure("a/b", None), WORDS.say) == "chưa có"
    assert valued(Figure("a/b", 0), WORDS.say) == "0"
    assert valued(Figure("a/b", 5_099_000_000, Unit.DONG), WORDS.say) == "5.099.000.000 đồng"
    assert valued(Figure("a/b", Decimal("99.5"), Unit.PERCENT), WORDS.say) == "99,5%"
    assert rated(Figure("a/b", 1_063, of=65_761), WORDS.say) == "1,62% của 65.761"
    assert rated(Figure("a/b", 1_063), WORDS.say) == ""
    assert rated(Figure("a/b", 1, of=0), WORDS.say) == ""
