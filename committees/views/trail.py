"""The way back, the same on every page of a meeting: instances, committee, date, page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from committees.models import Meeting
from core.formats import date_long

SENDINGS = ("Envois", "committees:sendings")
SESSION = ("Séance", "committees:session")
RECORD = ("Relevé de décisions", "committees:record")
MINUTES = ("Compte rendu", "committees:minutes")


def meeting_trail(
    slug: str, meeting: Meeting, page: str = "", *through: tuple[str, str]
) -> list[tuple[str, str]]:
    """``through``: the pages of the meeting that lead to ``page``, as (label, name of the address).
    Without ``page``, the meeting itself."""
    rows = [
        ("Instances", reverse("committees:home", args=[slug])),
        (
            meeting.committee.name,
            reverse("committees:committee", args=[slug, meeting.committee_id]),
        ),
        (date_long(meeting.on), reverse("committees:meeting", args=[slug, meeting.pk])),
    ]
    rows += [(label, reverse(name, args=[slug, meeting.pk])) for label, name in through]
    return [*rows, (page, "")] if page else rows


class OnMeeting:
    """A page of the meeting ``parent()``, that shows the way back: its name is ``trail_page``, or
    the title of its form."""

    trail_page = ""
    through: tuple[tuple[str, str], ...] = ()
    agreement: Any

    def trail_meeting(self) -> Meeting:
        return self.parent()  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        page = self.trail_page or str(context.get("title", ""))
        trail = meeting_trail(self.agreement.slug, self.trail_meeting(), page, *self.through)
        return {"trail": trail, **context}
