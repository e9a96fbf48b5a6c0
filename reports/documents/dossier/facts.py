"""What every part of a pack is told from, read once and only when a chosen part asks for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from actionplan.models import Action, ActionStatus, FollowUpNote, Orientation
from agreements.attachments import for_audience
from agreements.models import Attachment
from committees.models import AgendaItem, ArbitrationPoint, Decision, Meeting
from core.audience import Audience
from reports import pack_sections, queries
from reports.documents.base import Request
from reports.meetings import questions
from territory.comparison import Row, key_figures

NOTES_SHOWN = 3


@dataclass(frozen=True)
class Facts:
    """One meeting on one day, for one audience. ``keys``: the parts, in the order of reading."""

    request: Request
    meeting: Meeting
    audience: Audience
    keys: tuple[str, ...]

    @property
    def with_money(self) -> bool:
        """A public document never has amounts."""
        return self.request.with_money and self.audience != Audience.PUBLIC

    @property
    def with_people(self) -> bool:
        return self.audience != Audience.PUBLIC

    @cached_property
    def agenda(self) -> list[AgendaItem]:
        """The points kept, each with its actions, its question and its options."""
        return list(
            self.meeting.agenda.filter(is_confirmed=True)
            .select_related("arbitration", "arbitration__action")
            .prefetch_related("actions", "arbitration__options")
        )

    @property
    def arbitrations(self) -> list[ArbitrationPoint]:
        return [item.arbitration for item in self.agenda if hasattr(item, "arbitration")]

    @property
    def asked(self) -> list[str]:
        return questions(self.agenda, with_money=self.with_money)

    @cached_property
    def files(self) -> dict[int, list[Attachment]]:
        """By point: those that the stated audience may read."""
        return for_audience(self.agenda, self.audience)

    @cached_property
    def actions(self) -> list[Action]:
        """All of the plan, or those of the themes of the committee where its kind has some."""
        themes = [theme.pk for theme in self.meeting.committee.kind.themes.all()]
        actions = Action.objects.filter(agreement=self.request.agreement).active()
        if themes:
            actions = actions.filter(themes__in=themes).distinct()
        return list(
            actions.select_related("orientation", "lead_organisation", "lead_contact")
            .prefetch_related("steps")
            .in_plan_order()
        )

    @property
    def is_limited(self) -> bool:
        return bool(self.meeting.committee.kind.themes.all())

    @property
    def late(self) -> list[Action]:
        return [action for action in self.actions if action.is_late_on(self.request.on)]

    @property
    def blocked(self) -> list[Action]:
        return [action for action in self.actions if action.status == ActionStatus.BLOCKED]

    @property
    def counts(self) -> Counter[str]:
        return Counter(action.status for action in self.actions)

    @cached_property
    def progress(self) -> list[queries.OrientationProgress]:
        """Orientations without an action are told for the whole plan, not for a theme."""
        rows = [
            queries.OrientationProgress(
                orientation,
                Counter(row.status for row in self.actions if row.orientation_id == orientation.pk),
                sum(row.orientation_id == orientation.pk for row in self.late),
            )
            for orientation in Orientation.objects.filter(agreement=self.request.agreement)
        ]
        return [row for row in rows if row.total or not self.is_limited]

    def notes(self, *kinds: str) -> list[FollowUpNote]:
        """Of the year of the meeting; internal information never."""
        return queries.notes_of_year(
            self.request.agreement,
            self.request.year,
            list(kinds),
            NOTES_SHOWN,
            actions=[action.pk for action in self.actions] if self.is_limited else None,
        )

    @cached_property
    def decisions(self) -> list[Decision]:
        return queries.previous_decisions(self.meeting)

    @cached_property
    def figures(self) -> list[Row]:
        return key_figures(self.request.agreement, self.request.on, audience=self.audience)

    @cached_property
    def contracts(self) -> list[queries.ContractYear]:
        return queries.contracts_of_year(self.request.agreement, self.request.year)

    @cached_property
    def means(self) -> list[queries.MeansRow]:
        return queries.means_of_year(
            self.request.agreement, self.request.year, contracts=self.contracts
        )

    @property
    def needs_figures(self) -> bool:
        return bool({"synthese", "chiffres"} & set(self.keys))

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({row.source for row in self.figures})) if self.needs_figures else ()


def gather(request: Request) -> Facts:
    """Raises ``DomainError`` without a meeting of this agreement, or for an unknown part."""
    meeting = request.meeting
    prefetch_related_objects([meeting], "committee__kind__themes")
    return Facts(
        request=request,
        meeting=meeting,
        audience=Audience(request.audience or meeting.pack_audience),
        keys=pack_sections.chosen(meeting, request.sections),
    )
