"""What a room declares to have a document, and the one function that draws it in any format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

from django.utils.text import slugify

from core.audience import Audience
from core.documents.content import Content

MIMES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True)
class RenderedFile:
    """A file ready to be sent or kept."""

    name: str
    mime: str
    data: bytes
    format: str = ""


class DocumentDeclaration:
    """A document: identifier (of commands and URLs), title, audience, formats, and its content.

    A room overrides ``build``; whoever draws the document asks ``content``.
    """

    identifier: ClassVar[str] = ""
    title: ClassVar[str] = ""
    description: ClassVar[str] = ""
    audience: ClassVar[Audience] = Audience.COMMITTEE
    formats: ClassVar[tuple[str, ...]] = ("pdf", "docx", "xlsx")

    def build(self, context: Any) -> Content:
        """Override: the whole content. ``context`` is what the room agreed on (agreement, year…)."""
        raise NotImplementedError

    def complete(self, content: Content, snapshot_id: int) -> Content:
        """What was added since a content was frozen (a dated correction), printed after it in later
        copies. What was frozen does not move: override to append, never to change."""
        return content

    def content(self, context: Any) -> Content:
        """The content without what is meant for fewer people than the document."""
        return self.build(context).restricted()


class Registry:
    """The documents that exist. Each room registers its own when it is ready (``AppConfig.ready``)."""

    def __init__(self) -> None:
        self._known: dict[str, DocumentDeclaration] = {}

    def register(
        self, declaration: DocumentDeclaration | type[DocumentDeclaration]
    ) -> DocumentDeclaration:
        """Add a declaration (a class is instantiated). Registering twice replaces the first."""
        known = declaration() if isinstance(declaration, type) else declaration
        if not known.identifier:
            raise ValueError(f"{type(known).__name__} has no identifier")
        self._known[known.identifier] = known
        return known

    def get(self, identifier: str) -> DocumentDeclaration:
        """Raises ``KeyError`` with the sentence to show for an unknown identifier."""
        try:
            return self._known[identifier]
        except KeyError:
            names = ", ".join(sorted(self._known)) or "aucun"
            raise KeyError(
                f"Document inconnu : « {identifier} ». Documents connus : {names}."
            ) from None

    def all(self) -> list[DocumentDeclaration]:
        return sorted(self._known.values(), key=lambda known: known.identifier)


registry = Registry()


def render(content: Content, fmt: str, *, watermark: bool | None = None) -> RenderedFile:
    """Draw a content as ``pdf``, ``docx``, ``xlsx`` or ``pptx``.

    ``watermark=None`` marks « PROJET » on what is still a draft. Raises ``ValueError`` for an
    unknown format.
    """
    if fmt not in MIMES:
        raise ValueError(f"Format inconnu : « {fmt} ». Formats possibles : {', '.join(MIMES)}.")
    is_draft = content.meta.is_draft and not content.working_paper
    marked = is_draft if watermark is None else watermark
    # The renderers are heavy to import (Pango, openpyxl): only who draws pays for them.
    draw: Callable[..., bytes] = import_module(f"core.documents.{fmt}").render
    data = draw(content.restricted(), watermark=marked)
    return RenderedFile(name=file_name(content, fmt), mime=MIMES[fmt], data=data, format=fmt)


def file_name(content: Content, fmt: str) -> str:
    """« dossier-copil-saint-andre-no-3.pdf »: readable, sorted, safe in any mail."""
    parts = [content.title, content.meta.agreement_name]
    if content.meta.number:
        parts.append(f"no {content.meta.number}")
    return f"{slugify(' '.join(parts))[:90].strip('-')}.{fmt}"
