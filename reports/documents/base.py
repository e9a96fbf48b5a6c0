"""What a document needs to be built: the agreement, the year, the meeting, the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse

from actionplan.models import Orientation
from agreements.models import Agreement
from committees import queries
from committees.models import Meeting
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import DocumentDeclaration
from core.errors import DomainError
from reports.meetings import meetings, proposed_among


@dataclass(frozen=True)
class Request:
    """Which document is asked for. ``edition``: provisional or final, for the annual report.

    For the diagnosis report and the plan: ``sections`` (none named: all), ``audience`` (empty: the
    document's own). ``theme_id`` (None: the whole territory) is the diagnosis report's;
    ``orientations`` (keys, none named: all) and ``with_money`` are those of the plan and its budget.
    """

    agreement: Agreement
    on: date
    year: int
    meeting_id: int | None = None
    edition: str = ""
    sections: tuple[str, ...] = ()
    theme_id: int | None = None
    audience: str = ""
    orientations: tuple[int, ...] = ()
    with_money: bool = True

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Those that the document may be made for."""
        return list(meetings(self.agreement))

    @cached_property
    def meeting(self) -> Meeting:
        """The one asked for, else the one that comes first to mind.

        Raises ``DomainError`` for one that is not the agreement's, or when there is none.
        """
        if self.meeting_id is None:
            found = proposed_among(self.meetings, self.on)
        else:
            found = queries.meetings(self.agreement).filter(pk=self.meeting_id).first()
        if found is None:
            raise DomainError("Aucune réunion n'est fixée : créez-la d'abord.")
        return found


class Document(DocumentDeclaration):
    """A document of an agreement. ``needs`` says what the page asks before producing it."""

    needs_meeting = False
    needs_year = False
    needs_choices = False
    """Chapters, theme and audience are chosen when it is produced."""
    needs_orientations = False
    """Its orientations are chosen when it is produced."""
    section_keys: tuple[str, ...] = ()
    """The chapters that may be named, in a command."""
    is_listed = True
    """Produced from the documents page. False: it is frozen by another act (a validation)."""
    prepare_page = ""
    """The address of the page where its choices are made, when it has one."""
    audience = Audience.COMMITTEE
    file_stem = ""

    def build(self, context: Request) -> Content:
        raise NotImplementedError

    def missing(self, context: Request) -> str:
        """Why it cannot be produced yet, in a sentence; empty when it can."""
        if self.needs_meeting and not context.meetings:
            return "Fixez d'abord une réunion."
        return ""

    def prepare_url(self, context: Request) -> str:
        """The page where its choices are made, for this request; empty when it has none."""
        if not self.prepare_page:
            return ""
        return reverse(self.prepare_page, args=[context.agreement.slug])

    def details(self, context: Request) -> dict[str, Any]:
        """What its room must know later of how it was frozen (``Snapshot.details``)."""
        return {}

    def file_name(self, context: Request) -> str:
        return self.file_stem or self.identifier


def check_year(request: Request) -> None:
    """Raises ``DomainError`` for a year that is not the agreement's."""
    if request.year not in request.agreement.years:
        raise DomainError(f"{request.year} n'est pas une année de la convention.", field="year")


def chosen_orientations(request: Request) -> list[Orientation]:
    """Those asked for, in the order of the plan; all of them when none is named.

    Raises ``DomainError`` for one that is not this agreement's.
    """
    known = list(Orientation.objects.filter(agreement=request.agreement))
    if not request.orientations:
        return known
    chosen = [row for row in known if row.pk in request.orientations]
    if len(chosen) < len(set(request.orientations)):
        raise DomainError("Une orientation choisie n'existe plus.", field="orientations")
    return chosen
