"""Pictures for the phone: right size, something on them, no text on another, whatever the data say."""

from __future__ import annotations

import io
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.domain.brief import AgencyWeek
from backend.domain.figure import Figure, Unit
from backend.products import canvas
from backend.products.canvas import WIDTH, Page, printable
from backend.products.chart import figure_chart
from backend.products.week_picture import week_picture
from tests.unit.products.texts import LONG_NAME, WORDS, brief, figure, figures


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[Page]:
    """Every page that was drawn on."""
    made: list[Page] = []
    begin = Page.__init__

    def note(page: Page) -> None:
        begin(page)
        made.append(page)

    monkeypatch.setattr(Page, "__init__", note)
    return made


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture


def overlapping(page: Page) -> list[tuple[object, object]]:
    return [
        (one, other)
        for one, other in combinations(page.boxes, 2)
        if one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1
    ]


def outside(page: Page) -> list[object]:
    return [box for box in page.boxes if box[0] < 0 or box[2] > WIDTH]


@pytest.mark.parametrize("kind", ["chart", "week"])
def test_a_picture_is_upright_for_a_phone_and_small(kind: str, pages: list[Page]) -> None:
    png = figure_chart(figures(), WORDS) if kind == "chart" else week_picture(brief(), WORDS.say)
    picture = opened(png)
    assert picture.width == WIDTH
    assert picture.height > WIDTH
    assert len(png) < 150_000
    assert len(set(picture.convert("L").tobytes())) > 10  # not blank
    assert overlapping(pages[0]) == []
    assert outside(pages[0]) == []


def test_not_known_is_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    write = Page.text

    def note(page: Page, x: float, y: float, text: str, size: float, **how: object) -> float:
        said.append(text)
        return write(page, x, y, text, size, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Page, "text", note)
    figure_chart(figures((128_063, 1, 0, None)), WORDS)
    assert {"128.063", "1", "0", "chưa có"} <= set(said)
    shown = " ".join(said)
    for printed in (
        "Từ 01/01/2026 đến 14/11/2026",
        "Phạm vi: toàn tỉnh.",
        "1,62% của 65.761",
        "Nguồn: hệ thống một cửa, cập nhật 09:00 ngày 22/11/2026",
        "Kỳ so sánh: Từ 01/01/2025",
    ):
        assert printed in shown


@pytest.mark.parametrize("values", [(), (0,), (None,), (0, 0), tuple(range(80))])
def test_any_number_of_agencies(values: tuple[int | None, ...]) -> None:
    names = [f"Ủy ban nhân dân xã số {one}" for one in range(80)]
    assert opened(figure_chart(figures(values, names), WORDS)).width == WIDTH


def test_an_empty_week_says_so() -> None:
    quiet = brief(agencies=(), pending=())
    assert opened(week_picture(quiet, WORDS.say)).height > 800


@pytest.mark.parametrize(
    "name",
    ["$x^2$ \\frac{1}{2}", "=1+1", "a\x00b\n\tc", "漢字 🙂", "x" * 400, "", "Ậ" * 90, "%s {0} {{ a }}"],
)
def test_hostile_names_are_only_drawn(name: str, pages: list[Page]) -> None:
    figure_chart(figures((5, 3), [name, LONG_NAME]), WORDS)
    assert overlapping(pages[0]) == []
    assert outside(pages[0]) == []


def test_letters_that_the_font_lacks_are_boxes() -> None:
    assert printable("Hồ sơ 🙂\nnhanh") == "Hồ sơ □ nhanh"
    assert printable("ĂÂĐÊÔƠƯ ằắẳẵặ ỵỹỷ", bold=True) == "ĂÂĐÊÔƠƯ ằắẳẵặ ỵỹỷ"


@settings(max_examples=15)
@given(
    st.lists(st.integers(0, 10**12) | st.none(), max_size=6),
    st.lists(st.text(max_size=60), min_size=6, max_size=6),
)
def test_any_values_and_names_make_a_picture(values: list[int | None], names: list[str]) -> None:
    assert opened(figure_chart(figures(values, names), WORDS)).width == WIDTH


def test_a_bar_is_as_long_as_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    bars: list[float] = []
    draw = Page.box

    def note(page: Page, x: float, y: float, wide: float, high: float, colour: str) -> None:
        if colour == canvas.ACCENT and high == 34:
            bars.append(wide)
        draw(page, x, y, wide, high, colour)

    monkeypatch.setattr(Page, "box", note)
    figure_chart(figures((1000, 500, 0, None)), WORDS)
    assert len(bars) == 2
    assert bars[0] == pytest.approx(2 * bars[1])


def test_money_and_rates_without_counts() -> None:
    given = (
        figure("dossiers/fees", Decimal(12_985_000_000), unit=Unit.DONG),
        figure("dossiers/rated", Decimal("99.5"), unit=Unit.PERCENT),
        Figure("dossiers/entered", 7, remark=""),
    )
    assert opened(figure_chart(figures(figures=given, lines=()), WORDS)).width == WIDTH


def test_a_picture_never_grows_so_long_that_a_messenger_shrinks_it() -> None:
    """Telegram keeps 1,280 pixels of the longer side: twice as high as wide is what can still be read."""
    names = [f"Ủy ban nhân dân phường số {one}" for one in range(60)]
    many = tuple(figure(f"dossiers/f{one}", one, of=60) for one in range(20))
    chart = opened(figure_chart(figures(tuple(range(60)), names, figures=many), WORDS))
    agencies = tuple(AgencyWeek(name, 1, 1, 9, 3) for name in names)
    week = opened(week_picture(brief(agencies=agencies), WORDS.say))
    assert max(chart.height, week.height) <= 2.2 * WIDTH
