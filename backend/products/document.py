"""A document in Word: A4, the margins and the type of administrative papers (Decree 30/2020, Appendix I)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

_FONT = "Times New Roman"
SIZE = 14  # points


def new_document() -> Any:
    """Margins: top and bottom 20 mm, left 30 mm, right 20 mm."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(6)
    return made


def paragraph(
    place: Any,
    text: str,
    *,
    size: float = 0,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    indented: bool = False,
    underlined: bool = False,
    after: float = 6,
) -> Any:
    """Add one paragraph to a document or a cell. ``indented``: the first line, and both edges are straight."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    made = place.add_paragraph()
    run = made.add_run(plain(text))
    run.bold, run.italic, run.underline = bold, italic, underlined
    run.font.name = _FONT
    if size:
        run.font.size = Pt(size)
    made.paragraph_format.space_after = Pt(after)
    if centred:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indented:
        made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        made.paragraph_format.first_line_indent = Mm(10)
    return made


def first_paragraph(cell: Any, text: str, **how: Any) -> Any:
    """As ``paragraph``, in the empty one that a cell begins with."""
    empty = cell.paragraphs[0]._p
    made = paragraph(cell, text, **how)
    empty.getparent().remove(empty)
    return made


def table(made: Any, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Any:
    """A ruled table; ``widths`` in millimetres. Its head is repeated on every page."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    drawn = made.add_table(rows=1, cols=len(head))
    drawn.style = "Table Grid"
    drawn.autofit = False
    for cell, text in zip(drawn.rows[0].cells, head, strict=True):
        first_paragraph(cell, text, size=12, bold=True, centred=True, after=2)
    drawn.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, text in zip(drawn.add_row().cells, row, strict=True):
            first_paragraph(cell, text, size=12, after=2)
    for row in drawn.rows:
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = Mm(wide)
    return drawn


def columns(made: Any, left: float, right: float) -> tuple[Any, Any]:
    """Two cells side by side without rules, in millimetres: the head and the foot of an official letter."""
    from docx.shared import Mm

    drawn = made.add_table(rows=1, cols=2)
    drawn.autofit = False
    cells = drawn.rows[0].cells
    cells[0].width, cells[1].width = Mm(left), Mm(right)
    return cells[0], cells[1]


def draft_mark(made: Any, word: str) -> None:
    """The word on top of every page: nobody shall take it for the signed paper."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import RGBColor

    line = made.sections[0].header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = line.add_run(word)
    run.bold = True
    run.font.name = _FONT
    run.font.color.rgb = RGBColor(0xB3, 0x26, 0x1E)


def plain(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(
        one for one in text if ord(one) >= 32 and not 0xD800 <= ord(one) <= 0xDFFF or one in "\t\n"
    )


def written(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
