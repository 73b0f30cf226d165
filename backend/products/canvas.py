"""A page of pixels to draw on: text that is measured before it is set, bars, panels. Width 1080, for a phone.

matplotlib's Agg backend with the DejaVu fonts that come with it: they have every Vietnamese letter, and nothing need be
installed on the machine. Its modules are imported when the first picture is made, not at start-up.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

WIDTH = 1080
_DPI = 100
#: In place of a character that the font has not.
_MISSING = "□"

INK = "#16222e"
MUTED = "#566573"
ACCENT = "#1f5fa8"
GOOD = "#2e7d4f"
BAD = "#b3261e"
PANEL = "#eef3f8"
TRACK = "#dde5ee"
RULE = "#c9d4df"


@cache
def _font(bold: bool) -> tuple[Any, frozenset[int]]:
    """The font and the code points that it has."""
    from pathlib import Path

    import matplotlib
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    return FontProperties(fname=str(path)), frozenset(FT2Font(str(path)).get_charmap())


def printable(text: str, *, bold: bool = False) -> str:
    """One line that the font can print: breaks and control characters are spaces, unknown letters boxes."""
    known = _font(bold)[1]
    spaced = " ".join("".join(" " if ord(one) < 32 or one.isspace() else one for one in text).split())
    return "".join(one if ord(one) in known else _MISSING for one in spaced)


class Page:
    """Coordinates are pixels from the upper left corner; ``size`` of a text is its height in pixels."""

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self._figure = Figure(figsize=(WIDTH / _DPI, 1), dpi=_DPI, facecolor="white")
        self._canvas = FigureCanvasAgg(self._figure)
        self._renderer: Any = self._canvas.get_renderer()  # type: ignore[no-untyped-call]
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self.boxes: list[tuple[float, float, float, float]] = []  # of texts: left, top, right, bottom

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Of one line, in pixels."""
        font = self._sized(size, bold)
        measured, _, _ = self._renderer.get_text_width_height_descent(printable(text, bold=bold), font, False)
        return float(measured)

    def wrapped(self, text: str, size: float, room: float, *, bold: bool = False, most: int = 4) -> list[str]:
        """Lines that fit into ``room`` pixels; what is too long for ``most`` lines ends in an ellipsis."""
        lines: list[str] = []
        line = ""
        words = [
            part
            for word in printable(text, bold=bold).split()
            for part in self._broken(word, size, room, bold)
        ]
        for word in words:
            longer = f"{line} {word}" if line else word
            if self.width(longer, size, bold=bold) <= room:
                line = longer
                continue
            lines.append(line)
            line = word
        lines.append(line)
        if len(lines) <= most:
            return lines
        last = lines[most - 1]
        while last and self.width(f"{last}…", size, bold=bold) > room:
            last = last[:-1].rstrip()
        return [*lines[: most - 1], f"{last}…"]

    def _broken(self, word: str, size: float, room: float, bold: bool) -> list[str]:
        """A word longer than the line, in pieces."""
        pieces = []
        while self.width(word, size, bold=bold) > room and len(word) > 1:
            end = len(word) - 1
            while end > 1 and self.width(word[:end], size, bold=bold) > room:
                end -= max(1, end // 8)
            pieces.append(word[:end])
            word = word[end:]
        return [*pieces, word]

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        right: bool = False,
    ) -> float:
        """Set one line whose upper edge is ``y``; returns the y below it. ``right``: ``x`` is its right end."""
        shown = printable(text, bold=bold)
        if shown:
            wide = self.width(shown, size, bold=bold)
            left = x - wide if right else x
            self._axes.text(
                left,
                y + size,
                shown,
                fontproperties=self._sized(size, bold),
                color=colour,
                ha="left",
                va="baseline",
                parse_math=False,
            )
            self.boxes.append((left, y, left + wide, y + size * 1.25))
        return y + size * 1.32

    def lines(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        room: float,
        *,
        bold: bool = False,
        colour: str = INK,
        most: int = 4,
    ) -> float:
        """Set a text in as many lines as it needs; returns the y below the last."""
        for line in self.wrapped(text, size, room, bold=bold, most=most):
            y = self.text(x, y, line, size, bold=bold, colour=colour)
        return y

    def box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((x, y), wide, high, facecolor=colour, linewidth=0, zorder=0.5))

    def png(self, high: float) -> bytes:
        """The picture, cut at this height."""
        self._figure.set_size_inches(WIDTH / _DPI, round(high) / _DPI)
        self._axes.set_ylim(round(high), 0)
        out = io.BytesIO()
        self._figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
        return _fewer_colours(out.getvalue())

    def _sized(self, size: float, bold: bool) -> Any:
        font = _font(bold)[0].copy()
        font.set_size(size * 72 / _DPI)
        return font


def _fewer_colours(png: bytes) -> bytes:
    """A palette of 64 colours is all that these pictures have, and a quarter of the bytes on a phone's network."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB").quantize(64, method=Image.Quantize.MEDIANCUT)
        out = io.BytesIO()
        small.save(out, format="PNG", optimize=True)
    return out.getvalue()
