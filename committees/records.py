"""Reads about the records of decisions: who chairs, who reads a draft, what awaits whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import User
from agreements.models import Agreement, Membership
from agreements.roles import ROLE_CAPABILITIES
from agreements.roles import Capability as C
from committees.models import CommitteeMember, DecisionEffect, Meeting, MeetingRecord
from core.audience import Audience
from core.formats import plural
from partners.models import Contact

if TYPE_CHECKING:
    from agreements.access import Access

NO_CHAIR = "la présidence"


def chairs_of(meeting: Meeting) -> list[Contact]:
    """Who presided: the person named on the meeting; when nobody is, the chair of the committee in
    mandate that day (there may be two, of the commune and of the Caf)."""
    if meeting.chair is not None:
        return [meeting.chair]
    members = CommitteeMember.objects.filter(committee=meeting.committee_id, is_chair=True)
    return [member.contact for member in members.in_mandate(meeting.on).select_related("contact")]


def chair_of(meeting: Meeting, user: User) -> Contact | None:
    """The chair that this account is, if it is one."""
    return next((who for who in chairs_of(meeting) if who.user_id == user.pk), None)


def chair_words(meeting: Meeting) -> str:
    """« Hélène Vauthier », « Hélène Vauthier ou Karim Diallo », « la présidence »."""
    return " ou ".join(str(who) for who in chairs_of(meeting)) or NO_CHAIR


@dataclass(frozen=True)
class ChairRow:
    """How one chair may validate."""

    contact: Contact
    has_account: bool
    """Signs in with the right to validate: the record waits for them there."""
    is_reader: bool
    """The person who looks: nobody hands a link to themselves."""


def chair_rows(meeting: Meeting, reader: User) -> list[ChairRow]:
    chairs = chairs_of(meeting)
    roles = [role for role, allowed in ROLE_CAPABILITIES.items() if C.RECORD_VALIDATE in allowed]
    users = [who.user_id for who in chairs if who.user_id]
    able = set(
        Membership.objects.filter(
            agreement=meeting.agreement_id, user__in=users, is_active=True, role__in=roles
        ).values_list("user_id", flat=True)
    )
    return [ChairRow(who, who.user_id in able, who.user_id == reader.pk) for who in chairs]


def records(agreement: Agreement) -> QuerySet[MeetingRecord]:
    return MeetingRecord.objects.filter(agreement=agreement).select_related(
        "agreement",
        "meeting__committee__kind",
        "meeting__chair",
        "meeting__agreement",
        "snapshot",
        "validated_by",
        "minutes_approved_in__committee",
    )


def record_of(meeting: Meeting) -> MeetingRecord | None:
    return records(meeting.agreement).filter(meeting=meeting).first()


def is_validated(record: MeetingRecord | None) -> bool:
    return record is not None and record.is_locked


def may_read_draft(access: Access, meeting: Meeting, record: MeetingRecord | None) -> bool:
    """A draft is for those who prepare the meetings, and, once it is submitted, for its chair."""
    if access.can(C.PREPARATION_VIEW):
        return True
    return record is not None and chair_of(meeting, access.user) is not None


def may_validate(access: Access, record: MeetingRecord | None) -> bool:
    """Said by the page; the service decides again."""
    return (
        record is not None
        and not record.is_locked
        and access.can(C.RECORD_VALIDATE)
        and chair_of(record.meeting, access.user) is not None
    )


def awaiting_validation(access: Access) -> list[MeetingRecord]:
    """The records submitted to this person, oldest meeting first."""
    if not access.can(C.RECORD_VALIDATE):
        return []
    drafts = records(access.agreement).filter(
        state=MeetingRecord.State.DRAFT, meeting__state=Meeting.State.HELD
    )
    return [record for record in drafts.order_by("meeting__on") if may_validate(access, record)]


def effects_words(meeting: Meeting) -> str:
    """What its validation did to the plan: « 2 changements appliqués au plan, 1 à confirmer »."""
    told = {
        DecisionEffect.State.APPLIED: (
            "changement appliqué au plan",
            "changements appliqués au plan",
        ),
        DecisionEffect.State.PENDING_VOTE: ("sous réserve du vote", "sous réserve du vote"),
        DecisionEffect.State.CONFLICT: (
            "à confirmer, le plan a changé",
            "à confirmer, le plan a changé",
        ),
    }
    found = Counter(
        DecisionEffect.objects.filter(decision__meeting=meeting).values_list("state", flat=True)
    )
    return ", ".join(plural(found[state], *words) for state, words in told.items() if found[state])


# --- Full minutes -------------------------------------------------------------------------------
def minutes_are_approved(record: MeetingRecord | None) -> bool:
    return record is not None and record.minutes_approved_in_id is not None


def may_read_minutes(access: Access, record: MeetingRecord | None) -> bool:
    """Internal until a later meeting approved them; then for the members of the committee."""
    if access.can(C.INTERNAL_VIEW):
        return True
    return minutes_are_approved(record) and access.audience.allows(Audience.COMMITTEE)


MINUTES_KEY = "minutes"
"""What a point of an agenda keeps of the minutes that it approves: « minutes:12 »."""


def minutes_key(meeting: Meeting) -> str:
    return f"{MINUTES_KEY}:{meeting.pk}"


@dataclass(frozen=True)
class ToApprove:
    """Minutes that a point of an agenda puts to approval."""

    meeting: Meeting
    record: MeetingRecord | None

    @property
    def is_done(self) -> bool:
        return minutes_are_approved(self.record)


def minutes_to_approve(agreement: Agreement, keys: list[str]) -> list[ToApprove]:
    """The meetings whose minutes the ``origin_keys`` of a point name."""
    numbers = [
        int(key.removeprefix(f"{MINUTES_KEY}:"))
        for key in keys
        if key.startswith(f"{MINUTES_KEY}:") and key.removeprefix(f"{MINUTES_KEY}:").isdigit()
    ]
    if not numbers:
        return []
    found = Meeting.objects.filter(agreement=agreement, pk__in=numbers).select_related(
        "committee", "agreement", "record__minutes_approved_in"
    )
    return [ToApprove(meeting, getattr(meeting, "record", None)) for meeting in found]


def minutes_awaiting(meeting: Meeting) -> QuerySet[Meeting]:
    """Meetings of the committee, held before this one, whose minutes are written and that no
    meeting approved."""
    return (
        Meeting.objects.filter(
            committee=meeting.committee_id, state=Meeting.State.HELD, on__lt=meeting.on
        )
        .exclude(minutes="")
        .filter(record__minutes_approved_in__isnull=True)
        .order_by("on")
    )
