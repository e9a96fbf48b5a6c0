"""Where the papers of a meeting stand: the invitation, the pack, the record. Read with the meeting
itself, in its own query, for pages that list several."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from agreements.access import Access
from agreements.models import Agreement, DocumentState
from agreements.roles import Capability as C
from committees import queries
from committees.models import Meeting, PreparationLine, Sending, SendingRecipient, Step
from committees.sendings import ASKING, pack_rows
from core.formats import NBSP, date_long

Kind, Channel = Sending.Kind, SendingRecipient.Channel
TO_READ = (DocumentState.DRAFT, DocumentState.READ_BY_CAF, DocumentState.PRESENTED)
"""The pack waits for the direction's word; nothing leaves without it."""


def with_papers(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """What ``papers_of`` reads, in the query of the meetings."""
    left = Sending.objects.filter(meeting=OuterRef("pk"), state=Sending.State.SENT).order_by()
    steps = PreparationLine.objects.filter(meeting=OuterRef("pk"))
    packs = pack_rows().filter(agreement=OuterRef("agreement"), subject_id=OuterRef("pk"))
    asked = SendingRecipient.objects.filter(
        sending__meeting=OuterRef("pk"),
        sending__state=Sending.State.SENT,
        sending__kind__in=ASKING,
        contact__isnull=False,
    ).order_by("sending__sent_at", "pk")
    moves = Meeting.history.filter(
        id=OuterRef("pk"), calendar_sequence=OuterRef("calendar_sequence")
    ).order_by("history_date")
    return rows.annotate(
        kinds_left=ArraySubquery(left.values("kind").distinct()),
        dated_steps=ArraySubquery(
            steps.values(told=JSONObject(key="key", due_on="due_on", done_on="done_on"))
        ),
        last_pack=Subquery(packs.values(told=JSONObject(number="number", state="state"))[:1]),
        people_asked=ArraySubquery(
            asked.values(
                told=JSONObject(contact="contact_id", channel="channel", handed_on="handed_on")
            )
        ),
        last_move=Subquery(moves.values("history_date")[:1]),
    )


@dataclass(frozen=True)
class Papers:
    meeting: Meeting
    left: frozenset[str]
    """Kinds of sending that left."""
    due: dict[str, date]
    """Step of the rétroplanning → its date."""
    done: frozenset[str]
    """Steps of the rétroplanning that are ticked."""
    pack_number: int | None
    pack_state: str
    asked: dict[int, bool]
    """Who was invited → whether their last invitation is a letter that is still to be handed over."""
    moved_at: datetime | None
    """As ``sendings.changed_at``."""

    def is_out(self, kind: str, step: str) -> bool:
        """It left from here, or somebody ticked that it did."""
        return kind in self.left or step in self.done

    def has_invited(self, contact_id: int) -> bool:
        """An invitation that was ticked and did not leave from here went to everybody."""
        return contact_id in self.asked or (Step.INVITATION in self.done and not self.asked)

    @property
    def wants_pack(self) -> bool:
        """A meeting whose rétroplanning has no pack is held without one."""
        return Step.PACK in self.due and not self.is_out(Kind.PACK, Step.PACK)

    @property
    def pack(self) -> str:
        return f"dossier n°{NBSP}{self.pack_number}"

    @property
    def waits_for_direction(self) -> bool:
        return self.wants_pack and self.pack_number is not None and self.pack_state in TO_READ

    @property
    def deadline(self) -> date | None:
        """When the pack is to leave."""
        return self.due.get(Step.PACK)

    def before(self, step: str) -> str:
        """« avant le 17 novembre 2026 »: empty when the rétroplanning says nothing of it."""
        return f"avant le {date_long(self.due[step])}" if step in self.due else ""


def papers_of(meeting: Any) -> Papers:
    """``meeting`` comes from ``with_papers``."""
    steps, pack = meeting.dated_steps, meeting.last_pack or {}
    return Papers(
        meeting=meeting,
        left=frozenset(meeting.kinds_left),
        due={row["key"]: date.fromisoformat(row["due_on"]) for row in steps},
        done=frozenset(row["key"] for row in steps if row["done_on"]),
        pack_number=pack.get("number"),
        pack_state=pack.get("state", ""),
        asked={
            row["contact"]: row["channel"] == Channel.PAPER and not row["handed_on"]
            for row in meeting.people_asked
        },
        moved_at=meeting.last_move if meeting.calendar_sequence else None,
    )


# --- What is awaited ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Awaited:
    words: str
    due_on: date | None
    is_late: bool
    url: str
    leaves_on: date | None = None
    """Of a pack still to be read over: when it is to leave."""


def coming_papers(agreement: Agreement, on: date) -> list[Papers]:
    """Of the meetings to come, the nearest first."""
    rows = with_papers(queries.meetings(agreement))
    return [papers_of(row) for row in rows.upcoming(on)]  # type: ignore[attr-defined]


def awaited(papers: Papers, access: Access, on: date) -> list[Awaited]:
    """The papers that the meeting still waits for, of those that its rétroplanning counts."""
    found = []
    if Step.INVITATION in papers.due and not papers.is_out(Kind.INVITATION, Step.INVITATION):
        found.append(("L'invitation, à envoyer", Step.INVITATION, "committees:sendings"))
    if papers.wants_pack:
        step = (
            Step.READING if papers.pack_number is None or papers.waits_for_direction else Step.PACK
        )
        page = "committees:sendings" if step == Step.PACK else "reports:pack"
        found.append((pack_words(papers), step, page))
    return [
        Awaited(
            words,
            due := papers.due.get(step),
            due is not None and due < on,
            reverse(page, args=[access.agreement.slug, papers.meeting.pk]),
            papers.deadline if step == Step.READING else None,
        )
        for words, step, page in found
    ]


def pack_words(papers: Papers) -> str:
    if papers.pack_number is None:
        return "Le dossier de séance, à produire"
    if papers.pack_state == DocumentState.DRAFT:
        return f"Le {papers.pack}, à relire par la Caf et à valider par la direction"
    if papers.waits_for_direction:
        return f"Le {papers.pack}, à valider par la direction"
    return f"Le {papers.pack}, à transmettre"


def packs_to_approve(found: list[Papers], access: Access) -> list[Papers]:
    """Those that wait for the word of this reader before they leave."""
    if not access.can(C.DOCUMENTS_APPROVE):
        return []
    return [papers for papers in found if papers.waits_for_direction]
