"""The blank deck: our theme, one master, six layouts, made from python-pptx's own default file.

Whoever edits the deck finds these layouts in « Nouvelle diapositive » and our colours and letters
in the theme. All that is decoration stands here, so that no screen reader meets it on a slide.
"""

from __future__ import annotations

import io
from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml

from core import palette
from core.documents.pptx import geometry as place
from core.documents.pptx.geometry import Box, points

COVER, SECTION, TEXT, TABLE, CHART, DECISION = range(6)
FONT = "Source Sans 3"
PANOSE = {False: "020B0503030403020204", True: "020B0703030403020204"}
"""By which a computer without the font chooses what replaces it."""

LANGUAGE = "fr-FR"
TITLE_SIZE, BODY_SIZE, FOOTER_SIZE, COVER_SIZE = 36, 24, 12, 48
SUBTITLE_SIZE, COVER_LINE_SIZE = 28, 18
TABLE_PLACE, CHART_PLACE, LINES_PLACE = 13, 14, 15

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
COLOURS = {
    "dk1": palette.INK,
    "lt1": "#ffffff",
    "dk2": palette.PRIMARY,
    "lt2": palette.PAPER,
    **{f"accent{rank}": palette.LIGHT[f"cat{rank}"] for rank in range(1, 7)},
    "hlink": palette.TONES["info"][0],
    "folHlink": palette.LIGHT["cat5"],
}
EMPTY_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/extended-properties"><Application>Fil rouge'
    b"</Application></Properties>"
)


def blank() -> Any:
    """A presentation without a slide, to be filled."""
    return Presentation(io.BytesIO(_blank_bytes()))


@cache
def _blank_bytes() -> bytes:
    deck = Presentation()
    deck.slide_width, deck.slide_height = points(place.WIDTH), points(place.HEIGHT)
    deck.element.find("{*}sldSz").attrib.pop("type", None)
    _only_what_is_ours(deck)
    master = deck.slide_masters[0]
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _theme(theme.blob)
    _fill_master(master.element)
    layouts = list(deck.slide_layouts)
    for layout, (kind, name, shapes, ground) in zip(layouts, LAYOUTS, strict=False):
        _fill_layout(layout.element, kind, name, shapes, ground)
    for layout in layouts[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    for style in deck.element.iter(f"{DRAWING}defRPr"):
        style.set("lang", LANGUAGE)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def _only_what_is_ours(deck: Any) -> None:
    """Without the thumbnail, the printer and the list of titles of the file that we begin from."""
    package = deck.part.package
    for owner, kind in ((package, RT.THUMBNAIL), (deck.part, RT.PRINTER_SETTINGS)):
        rels = owner._rels
        for key in [key for key, rel in rels.items() if rel.reltype == kind]:
            rels.pop(key)
    package.part_related_by(RT.EXTENDED_PROPERTIES)._blob = EMPTY_APPLICATION


def _theme(blob: bytes) -> bytes:
    theme = etree.fromstring(blob)
    theme.set("name", "Fil rouge")
    colours = theme.find(f".//{DRAWING}clrScheme")
    colours.set("name", "Fil rouge")
    for name, value in COLOURS.items():
        slot = colours.find(f"{DRAWING}{name}")
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, f"{DRAWING}srgbClr", val=value.lstrip("#").upper())
    fonts = theme.find(f".//{DRAWING}fontScheme")
    fonts.set("name", "Fil rouge")
    for role in ("majorFont", "minorFont"):
        latin = fonts.find(f"{DRAWING}{role}/{DRAWING}latin")
        latin.set("typeface", FONT)
        latin.set("panose", PANOSE[role == "majorFont"])
    return etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


# --- Shapes of the master and of the layouts ------------------------------------------------
def _frame(box: Box) -> str:
    left, top, width, height = (points(value) for value in box)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _decoration(number: int, name: str, box: Box, colour: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{_frame(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        f'<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="{LANGUAGE}"/></a:p></p:txBody></p:sp>'
    )


def _placeholder(
    number: int, name: str, kind: str, box: Box, *, prompt: str, style: str = "", body: str = ""
) -> str:
    """``kind``: the attributes of its ``p:ph``; ``style``: what differs from the master."""
    size = "<a:normAutofit/>" if "ftr" not in kind and "sldNum" not in kind else ""
    inset = 'lIns="0" tIns="0" rIns="0" bIns="0"'
    text = (
        prompt
        if prompt.startswith("<a:fld")
        else f'<a:r><a:rPr lang="{LANGUAGE}"/><a:t>{prompt}</a:t></a:r>'
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f"</p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{_frame(box)}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr {inset} {body}>{size}'
        f"</a:bodyPr><a:lstStyle>{style}</a:lstStyle><a:p>{text}"
        f'<a:endParaRPr lang="{LANGUAGE}"/></a:p></p:txBody></p:sp>'
    )


def _level(size: float, colour: str = "tx1", *, bold: bool = False, align: str = "l") -> str:
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:buNone/><a:defRPr sz="{round(size * 100)}"'
        f' b="{int(bold)}" lang="{LANGUAGE}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        "</a:defRPr></a:lvl1pPr>"
    )


NUMBER_FIELD = (
    f'<a:fld id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum"><a:rPr lang="{LANGUAGE}"/>'
    "<a:t>‹N°›</a:t></a:fld>"
)


def running(colour: str = "tx1") -> tuple[str, str]:
    """Footer and number: on each slide they are placeholders too, with the same keys."""
    return (
        _placeholder(
            90, "Pied de page", 'type="ftr" sz="quarter" idx="10"', place.FOOTER,
            prompt="Convention, état", style=_level(FOOTER_SIZE, colour), body='anchor="ctr"',
        ),
        _placeholder(
            91, "Numéro de diapositive", 'type="sldNum" sz="quarter" idx="11"', place.NUMBER,
            prompt=NUMBER_FIELD, style=_level(FOOTER_SIZE, colour, align="r"), body='anchor="ctr"',
        ),
    )  # fmt: skip


THREAD_LINE = _decoration(80, "Fil", Box(24, 0, 3, place.HEIGHT), "accent2")
TITLE_LINE = _decoration(81, "Filet", Box(place.LEFT, 113, place.TEXT_WIDTH, 1), "bg2")
TITLE_PLACE = _placeholder(
    2, "Titre", 'type="title"', place.TITLE, prompt="Titre de la diapositive", body='anchor="b"'
)
BODY_PLACE = _placeholder(3, "Texte", 'type="body" idx="1"', place.BODY, prompt="Texte")

LAYOUTS: list[tuple[str, str, str, str]] = [
    (
        "title",
        "Couverture",
        _decoration(82, "Bandeau", place.COVER_PANEL, "tx2")
        + _decoration(83, "Fil", Box(24, 124, 6, 270), "accent2")
        + _placeholder(
            2, "Titre", 'type="ctrTitle"', place.COVER_TITLE, prompt="Titre de la séance",
            style=_level(COVER_SIZE, "bg1", bold=True), body='anchor="b"',
        )
        + _placeholder(
            3, "Sous-titre", 'type="subTitle" idx="1"', place.COVER_SUBTITLE, prompt="Date et lieu",
            style=_level(SUBTITLE_SIZE, "bg1"),
        )
        + _placeholder(
            4, "Convention", f'type="body" sz="quarter" idx="{LINES_PLACE}"', place.COVER_LINES,
            prompt="Commune et convention", style=_level(COVER_LINE_SIZE),
        ),
        "bg1",
    ),
    (
        "secHead",
        "Partie",
        _decoration(83, "Fil", Box(24, 0, 6, place.HEIGHT), "accent2")
        + _placeholder(
            2, "Titre", 'type="title"', place.SECTION_TITLE, prompt="Titre de la partie",
            style=_level(COVER_SIZE, "bg1", bold=True), body='anchor="ctr"',
        ),
        "tx2",
    ),
    ("obj", "Titre et texte", THREAD_LINE + TITLE_LINE + TITLE_PLACE + BODY_PLACE, "bg1"),
    (
        "tbl",
        "Titre et tableau",
        THREAD_LINE + TITLE_LINE + TITLE_PLACE + BODY_PLACE
        + _placeholder(
            5, "Tableau", f'type="tbl" idx="{TABLE_PLACE}"', place.BODY, prompt="Tableau"
        ),
        "bg1",
    ),
    (
        "chart",
        "Titre et graphique",
        THREAD_LINE + TITLE_LINE + TITLE_PLACE + BODY_PLACE
        + _placeholder(
            5, "Graphique", f'type="chart" idx="{CHART_PLACE}"', place.BODY, prompt="Graphique"
        ),
        "bg1",
    ),
    (
        "cust",
        "Décision",
        THREAD_LINE
        + _decoration(84, "Panneau", Box(place.LEFT, 122, place.TEXT_WIDTH, 366), "bg2")
        + _decoration(85, "Marque", Box(place.LEFT, 122, 8, 366), "accent2")
        + TITLE_PLACE
        + _placeholder(
            3, "Décisions", 'type="body" idx="1"', place.DECISION_BODY, prompt="Ce qui est demandé"
        ),
        "bg1",
    ),
]  # fmt: skip


def _tree(shapes: str, ground: str) -> Any:
    return parse_xml(
        f"<p:cSld {NAMESPACES}><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"{ground}\"/></a:solidFill>"
        "<a:effectLst/></p:bgPr></p:bg><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/>"
        "<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/>"
        "<a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>"
        f"{shapes}</p:spTree></p:cSld>"
    )  # fmt: skip


def _fill_layout(layout: Any, kind: str, name: str, shapes: str, ground: str) -> None:
    colour = "bg1" if ground == "tx2" else "tx1"
    tree = _tree(shapes + "".join(running(colour)), ground)
    tree.set("name", name)
    layout.replace(layout.find("{*}cSld"), tree)
    layout.set("type", kind)
    layout.set("preserve", "1")


def _fill_master(master: Any) -> None:
    footer, number = (
        text.replace('idx="10"', 'idx="3"').replace('idx="11"', 'idx="4"') for text in running()
    )
    shapes = TITLE_PLACE + BODY_PLACE + footer + number
    master.replace(master.find("{*}cSld"), _tree(shapes, "bg1"))
    styles = master.find("{*}txStyles")
    title, body = styles.find("{*}titleStyle"), styles.find("{*}bodyStyle")
    _set_style(title, [(TITLE_SIZE, "tx2", True, "")])
    _set_style(
        body,
        [(BODY_SIZE, "tx1", False, "•"), (22, "tx1", False, "–"), (20, "tx1", False, "•")],
    )


def _set_style(style: Any, levels: list[tuple[int, str, bool, str]]) -> None:
    """The first levels as we want them; deeper ones repeat the last."""
    for rank, level in enumerate(style):
        size, colour, bold, mark = levels[min(rank, len(levels) - 1)]
        margin = 22 * (rank + 1) if mark else 0
        bullet = f'<a:buFont typeface="Arial"/><a:buChar char="{mark}"/>' if mark else "<a:buNone/>"
        font = "+mj" if bold else "+mn"
        new = parse_xml(
            f'<a:lvl{rank + 1}pPr {NAMESPACES} marL="{points(margin)}" indent="{-points(22) if mark else 0}" algn="l"'
            ' defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1">'
            '<a:lnSpc><a:spcPct val="90000"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef>'
            f'{bullet}<a:defRPr sz="{size * 100}" b="{int(bold)}" kern="1200" lang="{LANGUAGE}">'
            f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:latin typeface="{font}-lt"/>'
            f'<a:ea typeface="{font}-ea"/><a:cs typeface="{font}-cs"/></a:defRPr></a:lvl{rank + 1}pPr>'
        )
        style.replace(level, deepcopy(new))
