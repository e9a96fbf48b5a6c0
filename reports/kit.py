"""What the session kit gathers of a meeting: who is expected, the timed points with what one has at
hand, the decisions to recall. Reads only, in a constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import time

from agreements.models import Attachment
from committees import queries as committees
from committees import register
from committees.models import AgendaItem, Attendance, CommitteeMember, Decision, Meeting
from core import formats as fr
from core.audience import Audience
from core.db import fr_order

Kind, Answer = AgendaItem.Kind, Attendance.Answer
ARBITRATION_PAGE = "Page d'arbitrage"
EXPECTED = {
    Kind.INFORMATION: "Pour information",
    Kind.DEBATE: "Un échange, puis une orientation",
    Kind.ARBITRATION: "Un choix entre les options",
    Kind.APPROVAL: "L'accord du comité",
}


@dataclass(frozen=True)
class Guest:
    organisation: str
    name: str
    quality: str
    answer: str = ""
    """What was announced, in words; empty when nobody answered."""
    answer_key: str = ""


@dataclass(frozen=True)
class Point:
    """One point of the agenda, timed. ``reason``, a note of the preparation, is empty for who may
    not read what is internal."""

    item: AgendaItem
    starts_at: time
    ends_at: time
    attachments: tuple[str, ...] = ()
    reason: str = ""

    @property
    def question(self) -> str:
        return self.item.arbitration.question if hasattr(self.item, "arbitration") else ""

    @property
    def options(self) -> tuple[str, ...]:
        if not hasattr(self.item, "arbitration"):
            return ()
        return tuple(option.title for option in self.item.arbitration.options.all())

    @property
    def expected(self) -> str:
        return EXPECTED[Kind(self.item.kind)]

    @property
    def at_hand(self) -> tuple[str, ...]:
        """What whoever runs the meeting keeps within reach; the sheets of actions by their codes."""
        codes = ", ".join(action.code or str(action) for action in self.item.actions.all())
        sheets = (f"Fiches {codes}" if "," in codes else f"Fiche {codes}",) if codes else ()
        return (*((ARBITRATION_PAGE,) if self.options else ()), *sheets, *self.attachments)


def points_of(meeting: Meeting, audience: Audience) -> list[Point]:
    items = [line.item for line in committees.agenda_of(meeting).lines]
    files: dict[int, list[str]] = defaultdict(list)
    for target, title in Attachment.objects.filter(
        agreement=meeting.agreement_id, audience__in=audience.readable,
        target_type=AgendaItem._meta.label_lower, target_id__in=[item.pk for item in items],
    ).order_by("pk").values_list("target_id", "title"):  # fmt: skip
        files[target].append(title)
    is_internal = audience == Audience.INTERNAL
    return [
        Point(item, start, end, tuple(files[item.pk]), item.reason if is_internal else "")
        for item, start, end in committees.timed(meeting, items)
    ]


def guests_of(meeting: Meeting) -> list[Guest]:
    """Those on the list, by organisation; while it is empty, the members in mandate on the day. A
    quality is that of the seat, else the person's function."""
    members = list(
        committees.members(meeting.agreement)
        .filter(committee=meeting.committee_id)
        .in_mandate(meeting.on)  # type: ignore[attr-defined]
        .order_by(*fr_order("organisation__name"), *fr_order("contact__last_name"), "pk")
        .prefetch_related("contact__positions")
    )
    roles = {member.contact_id: member.role for member in members}
    listed = list(
        committees.attendances(meeting.agreement)
        .filter(meeting=meeting)
        .prefetch_related("contact__positions")
    )
    return [
        Guest(
            str(row.organisation),
            str(row.contact),
            roles.get(row.contact_id) or function_of(row),
            *((row.announced, row.answer) if isinstance(row, Attendance) else ()),
        )
        for row in listed or members
    ]


def function_of(row: Attendance | CommitteeMember) -> str:
    """The function that the person holds in the organisation for which they come."""
    return next(
        (
            position.function
            for position in row.contact.positions.all()
            if position.organisation_id == row.organisation_id
        ),
        "",
    )


def answers_told(guests: list[Guest]) -> str:
    """« 12 personnes sur la liste : 7 seront présentes, 2 excusées… »."""
    counts = Counter(guest.answer_key for guest in guests)
    told = [
        f"{counts[key]} {one if counts[key] == 1 else many}"
        for key, one, many in (
            (Answer.COMING, "annoncée présente", "annoncées présentes"),
            (Answer.REPRESENTED, "représentée", "représentées"),
            (Answer.EXCUSED, "excusée", "excusées"),
            ("", "sans réponse", "sans réponse"),
        )
        if counts[key]
    ]
    listed = fr.plural(len(guests), "personne")
    return f"{listed} sur la liste : {', '.join(told)}" if told else f"{listed} sur la liste"


def decisions_to_recall(meeting: Meeting) -> list[Decision]:
    """Open decisions whose due date will be past on the day of the meeting, the oldest first."""
    return list(
        register.decisions(meeting.agreement).overdue(meeting.on).order_by("due_on", "pk")  # type: ignore[attr-defined]
    )
