"""What a document needs to be built: the agreement, the year, the meeting, the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agreements.models import Agreement
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import DocumentDeclaration
from core.errors import DomainError


@dataclass(frozen=True)
class Request:
    """Which document is asked for. ``edition``: provisional or final, for the annual report.

    For the diagnosis report: ``sections`` (none named: all), ``theme_id`` (None: the whole
    territory), ``audience`` (empty: the document's own).
    """

    agreement: Agreement
    on: date
    year: int
    meeting_id: int | None = None
    edition: str = ""
    sections: tuple[str, ...] = ()
    theme_id: int | None = None
    audience: str = ""


class Document(DocumentDeclaration):
    """A document of an agreement. ``needs`` says what the page asks before producing it."""

    needs_meeting = False
    needs_year = False
    needs_choices = False
    """Chapters, theme and audience are chosen when it is produced."""
    audience = Audience.COMMITTEE
    file_stem = ""

    def build(self, context: Request) -> Content:
        raise NotImplementedError

    def missing(self, context: Request) -> str:
        """Why it cannot be produced yet, in a sentence; empty when it can."""
        return ""

    def file_name(self, context: Request) -> str:
        return self.file_stem or self.identifier


def check_year(request: Request) -> None:
    """Raises ``DomainError`` for a year that is not the agreement's."""
    if request.year not in request.agreement.years:
        raise DomainError(f"{request.year} n'est pas une année de la convention.", field="year")
