"""A letter on paper: letterhead, addressee, subject, text, signature, and a slip to cut and return.

A letter is no report: no chapter, no number, nobody's footer. Its text is made of the same blocks
as documents (paragraphs and lists), and several letters may follow one another in one PDF.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from core.documents.content import Block, BulletList
from core.documents.fetcher import ProjectFetcher
from core.documents.page import block_context
from core.documents.pdf import finish, font_faces

STYLE = Path(__file__).resolve().parent.parent.parent / "static" / "documents" / "letter.css"
LONG_LIST = 6
_local = threading.local()


@dataclass(frozen=True)
class ReplySlip:
    """What the person ticks, cuts and returns: ``choices`` are boxes; one that ends with « … » is
    followed by a line to write on."""

    title: str
    sentence: str
    choices: tuple[str, ...]
    return_to: str


@dataclass(frozen=True)
class Letter:
    """``signatory``: (quality, name). ``references``: what is told beside the addressee.
    ``logo``: the name of a media file."""

    sender: str
    place_and_date: str
    subject: str
    body: tuple[Block, ...]
    signatory: tuple[str, str]
    addressee: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    sender_lines: tuple[str, ...] = ()
    logo: str = ""
    foot: str = ""
    slip: ReplySlip | None = None

    @property
    def is_tight(self) -> bool:
        """A slip and a long list ask for closer lines, so that all holds on one page."""
        listed = sum(len(block.items) for block in self.body if isinstance(block, BulletList))
        return self.slip is not None and listed > LONG_LIST


def pdf(letters: Sequence[Letter], *, title: str, author: str = "") -> bytes:
    """Tagged PDF (PDF/UA-1): one letter, or one page after the other for several people."""
    fonts, style = _shared()
    markup = render_to_string(
        "core/documents/letter.html",
        {
            "title": title,
            "author": author,
            "letters": [
                (letter, [block_context(block, "print", []) for block in letter.body])
                for letter in letters
            ],
        },
    )
    return HTML(string=markup, base_url="projet:/", url_fetcher=ProjectFetcher()).write_pdf(
        stylesheets=[style],
        font_config=fonts,
        finisher=lambda document, file: finish(file, {}),
        pdf_variant="pdf/ua-1",
    )


def _shared() -> tuple[FontConfiguration, CSS]:
    """Once a thread, as for the documents: Pango's configuration does not cross threads."""
    if not hasattr(_local, "shared"):
        fonts = FontConfiguration()
        text = font_faces() + STYLE.read_text(encoding="utf-8")
        _local.shared = (
            fonts,
            CSS(string=text, font_config=fonts, url_fetcher=ProjectFetcher()),
        )
    return _local.shared
