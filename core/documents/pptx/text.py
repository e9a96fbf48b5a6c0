"""Paragraphs written in DrawingML: size, weight, colour, language; nothing that PowerPoint cannot edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from core.documents.pptx.geometry import points
from core.documents.pptx.master import DRAWING, LANGUAGE
from core.documents.pptx.measure import pieces, single_spaced
from core.documents.pptx.pieces import BULLET, PARAGRAPH_GAP, Para, Scale

INK, WHITE, PRIMARY = "tx1", "bg1", "tx2"


def paragraph(
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    colour: str = INK,
    align: str = "l",
    mark: str = "",
    after: float = 0.0,
) -> Any:
    """An ``a:p``. ``colour``: a colour of the theme, or ``#rrggbb``; ``after``: points below."""
    element = etree.Element(f"{DRAWING}p")
    properties = etree.SubElement(element, f"{DRAWING}pPr", algn=align)
    room = BULLET * (1.5 if len(mark) > 2 else 1) if mark else 0.0
    properties.set("marL", str(points(room)))
    properties.set("indent", str(-points(room)))
    _spacing(properties, "lnSpc", "spcPct", 90000)
    _spacing(properties, "spcBef", "spcPts", 0)
    _spacing(properties, "spcAft", "spcPts", round(after * 100))
    _marked(properties, mark)
    for letters, strong in pieces(single_spaced(text)):
        for rank, line in enumerate(letters.split("\n")):
            if rank:
                _run_properties(
                    etree.SubElement(element, f"{DRAWING}br"), "rPr", size, bold, italic, colour
                )
            if line:
                run = etree.SubElement(element, f"{DRAWING}r")
                _run_properties(run, "rPr", size, bold or strong, italic, colour)
                etree.SubElement(run, f"{DRAWING}t").text = _writable(line)
    _run_properties(element, "endParaRPr", size, bold, italic, colour)
    return element


def written(para: Para, scale: Scale) -> Any:
    """A paragraph of a slide at the size that its slide has."""
    size = para.size(scale)
    return paragraph(
        para.text,
        size,
        bold=para.bold,
        italic=para.style == "quote",
        colour=PRIMARY if para.style in ("heading", "lead", "question") else INK,
        mark=para.mark,
        after=size * PARAGRAPH_GAP,
    )


def fill(body: Any, paragraphs: Sequence[Any]) -> None:
    """Put these paragraphs in a ``p:txBody`` in place of its own."""
    for old in body.findall(f"{DRAWING}p"):
        body.remove(old)
    body.extend(paragraphs)


def _writable(text: str) -> str:
    """Without the control characters that XML refuses."""
    return "".join(letter for letter in text if letter >= " " or letter == "\t")


def _spacing(properties: Any, name: str, kind: str, value: int) -> None:
    etree.SubElement(
        etree.SubElement(properties, f"{DRAWING}{name}"), f"{DRAWING}{kind}", val=str(value)
    )


def _marked(properties: Any, mark: str) -> None:
    """Real bullets and real numbers: a new line typed after them has its own."""
    if not mark:
        etree.SubElement(properties, f"{DRAWING}buNone")
    elif mark[0].isdigit():
        number = etree.SubElement(properties, f"{DRAWING}buAutoNum", type="arabicPeriod")
        number.set("startAt", mark.rstrip("."))
    else:
        etree.SubElement(properties, f"{DRAWING}buFont", typeface="Arial")
        etree.SubElement(properties, f"{DRAWING}buChar", char=mark)


def _run_properties(
    parent: Any, name: str, size: float, bold: bool, italic: bool, colour: str
) -> None:
    element = etree.SubElement(parent, f"{DRAWING}{name}", lang=LANGUAGE, sz=str(round(size * 100)))
    element.set("b", str(int(bold)))
    if italic:
        element.set("i", "1")
    solid = etree.SubElement(element, f"{DRAWING}solidFill")
    if colour.startswith("#"):
        etree.SubElement(solid, f"{DRAWING}srgbClr", val=colour.lstrip("#").upper())
    else:
        etree.SubElement(solid, f"{DRAWING}schemeClr", val=colour)
