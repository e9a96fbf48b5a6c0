"""A meeting that people may be invited to, at the day of the tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from agreements.models import Agreement
from committees import services
from committees.models import Attendance, Meeting, Sending
from core.models import OutgoingMail
from tests.committees.factories import AgendaItemFactory, AttendanceFactory, MeetingFactory


def coming_meeting(agreement: Agreement, people: int = 2, **fields: Any) -> Meeting:
    """Two points on its agenda; the people have an address each, but the last has none."""
    meeting = MeetingFactory(
        agreement=agreement,
        **{"on": date.today() + timedelta(days=21), "place": "Hôtel de ville", **fields},
    )
    AgendaItemFactory(agreement=agreement, meeting=meeting, title="Bilan provisoire")
    AgendaItemFactory(
        agreement=agreement, meeting=meeting, title="Ouvrir les places", kind="arbitration"
    )
    for rank in range(people):
        row = AttendanceFactory(agreement=agreement, meeting=meeting)
        if rank < people - 1:
            row.contact.email = f"{row.contact.last_name}@exemple.fr".lower()
            row.contact.save()
    return meeting


def send(meeting: Meeting, kind: str = Sending.Kind.INVITATION, **fields: Any) -> Sending:
    actor: User | None = fields.pop("actor", None)
    sending = services.prepare_sending(meeting, kind, actor=actor)
    if fields:
        services.update_sending(sending, actor=actor, **fields)
    return services.send(sending, actor=actor)


def rows(meeting: Meeting) -> list[Attendance]:
    return list(meeting.attendances.order_by("pk"))


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.order_by("pk"))
