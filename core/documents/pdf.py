"""The PDF of a content: tagged (PDF/UA-1), in French, its fonts inside, its identity on each page.

Costs little beside WeasyPrint itself: the style sheet and the fonts are read once a thread, and
charts come from the cache.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from core import palette
from core.documents.content import Content
from core.documents.fetcher import ProjectFetcher
from core.documents.page import (
    context_of,
    data_sentence,
    identity_sentence,
    numbered,
)

STYLE = Path(__file__).resolve().parent.parent.parent / "static" / "documents" / "pdf.css"
WATERMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="210mm" viewBox="0 0 210 210">'
    '<text x="105" y="118" text-anchor="middle" transform="rotate(-45 105 105)" font-size="46" '
    'font-family="\'Source Sans 3\'" font-weight="700" letter-spacing="6" fill="#f7eae8">PROJET'
    "</text></svg>"
)
# A picture and not a gradient: WeasyPrint fills the whole page with a gradient of one colour.
THREAD = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'"
    " preserveAspectRatio='none'%3E%3Crect width='1' height='1'"
    f" fill='{palette.THREAD.replace('#', '%23')}'/%3E%3C/svg%3E"
)
_local = threading.local()


@dataclass
class Pages:
    """Where the parts of a PDF begin. ``first``: their anchor → page, from one."""

    total: int = 0
    first: dict[str, int] = field(default_factory=dict)


def render(content: Content, *, watermark: bool = False) -> bytes:
    """Draw the PDF. Raises ``ForbiddenAddress`` if the content reaches outside the project."""
    return write(html(content), content, watermark=watermark)


def draw(content: Content, *, watermark: bool = False) -> tuple[bytes, Pages]:
    """As ``render``, and on which page each part begins."""
    pages = Pages()
    return write(html(content), content, watermark=watermark, pages=pages), pages


def html(content: Content) -> str:
    """The finished HTML: what WeasyPrint is given (the benchmark's floor starts here)."""
    return render_to_string("core/documents/pdf.html", context_of(content, "print"))


def page_count(content: Content) -> int:
    """How many pages it takes: laid out, not written."""
    fonts, styles = _styles(content, watermark=False)
    return len(_source(html(content)).render(font_config=fonts, stylesheets=styles).pages)


def write(
    markup: str, content: Content, *, watermark: bool = False, pages: Pages | None = None
) -> bytes:
    """Finished HTML to PDF, with the page's header, footer and watermark. ``pages`` is filled with
    the page of each part."""
    fonts, styles = _styles(content, watermark=watermark)
    titles = {part.anchor: part.title for part in numbered(content.restricted())}

    def finished(document: Any, pdf: pydyf.PDF) -> None:
        finish(pdf, titles)
        if pages is not None:
            pages.total = len(document.pages)
            for rank, page in enumerate(document.pages, start=1):
                for anchor in titles.keys() & page.anchors.keys():
                    pages.first.setdefault(anchor, rank)

    return _source(markup).write_pdf(
        stylesheets=styles, font_config=fonts, finisher=finished, pdf_variant="pdf/ua-1"
    )


def _source(markup: str) -> HTML:
    return HTML(string=markup, base_url="projet:/", url_fetcher=ProjectFetcher())


def _styles(content: Content, *, watermark: bool) -> tuple[FontConfiguration, list[CSS]]:
    """The fonts, and the style sheets: the common one and that of the document's own pages."""
    fonts, style = _shared()
    pages = CSS(
        string=page_style(content, watermark), font_config=fonts, url_fetcher=ProjectFetcher()
    )
    return fonts, [style, pages]


def finish(pdf: pydyf.PDF, titles: dict[str, str]) -> None:
    """What WeasyPrint 70 leaves out: the scope of header cells, and links that say where they go."""
    for item in pdf.objects:
        if not isinstance(item, pydyf.Dictionary):
            continue
        if item.get("S") == "/TH":
            row = pdf.objects[_number(item["P"])]
            group = pdf.objects[_number(row["P"])]
            item["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
        elif item.get("Subtype") == "/Link" and "Dest" in item:
            anchor = item["Dest"].string
            item["Contents"] = pydyf.String(f"Aller à la partie {titles.get(anchor, anchor)}")


def page_style(content: Content, watermark: bool) -> str:
    """The part of the style sheet that tells this document: running texts and watermark."""
    meta = content.meta
    title = " – ".join(text for text in (content.title, meta.reference) if text)
    place = meta.agreement_name or meta.territory
    texts = {
        "top-left": f"content: {_css_text(title)}",
        "top-right": f"content: {_css_text(place)}",
        "bottom-left": f"content: {_css_text(identity_sentence(meta))} '\\A' {_css_text(data_sentence(meta))}",
    }
    boxes = "".join(f"@{name}{{{text}}}" for name, text in texts.items())
    names = ("", "wide", "first-plain")
    style = "".join(f"@page {name}{{{boxes}}}" for name in names)
    return style + (_watermark_style() if watermark else "")


@cache
def _watermark_style() -> str:
    uri = f"data:image/svg+xml;base64,{base64.b64encode(WATERMARK.encode()).decode()}"
    rule = (
        f'background-image: url("{THREAD}"), url({uri});'
        "background-position: -13mm 0, center; background-size: 0.5mm 100%, 210mm 210mm;"
        "background-repeat: no-repeat;"
    )
    return f"@page{{{rule}}}@page wide{{{rule}}}"


def _shared() -> tuple[FontConfiguration, CSS]:
    """Fonts and style sheet, once a thread: Pango's configuration does not cross threads."""
    if not hasattr(_local, "shared"):
        fonts = FontConfiguration()
        _local.shared = (
            fonts,
            CSS(
                string=font_faces() + _widths() + STYLE.read_text(encoding="utf-8"),
                font_config=fonts,
                url_fetcher=ProjectFetcher(),
            ),
        )
    return _local.shared


def font_faces() -> str:
    faces = {
        "Regular": ("400", "normal"),
        "It": ("400", "italic"),
        "Semibold": ("600", "normal"),
        "Bold": ("700", "normal"),
    }
    return "".join(
        "@font-face{font-family:'Source Sans 3';"
        f"font-weight:{weight};font-style:{style};src:url(font:{name})}}"
        for name, (weight, style) in faces.items()
    )


def _widths() -> str:
    return "".join(f".w-{percent}{{width:{percent}%}}" for percent in range(1, 101))


def _css_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    return f"'{escaped}'"


def _number(reference: bytes | str) -> int:
    return int(reference.split()[0])
