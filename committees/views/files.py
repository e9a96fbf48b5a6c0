"""The documents of the points of an agenda, by the doors that every room shares."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from agreements.models import Attachment
from agreements.roles import Capability as C
from agreements.views import attachments
from committees import queries
from committees.models import AgendaItem, Meeting
from committees.permissions import change_committees
from committees.views.trail import OnMeeting
from core.audience import Audience


class _OfItem(OnMeeting):
    target_model = AgendaItem
    change_rule = change_committees
    change_refusal = "modifier les documents de ce point"
    access: Any
    target: Any

    def trail_meeting(self) -> Meeting:
        return self.target.meeting

    def targets(self) -> QuerySet[AgendaItem]:
        return queries.agenda_items(self.agreement)  # type: ignore[attr-defined]

    def target_url(self, target: AgendaItem) -> str:
        return f"{target.meeting.get_absolute_url()}#ordre-du-jour"

    def may_touch(self, attachment: Attachment) -> bool:
        return self.access.can(C.COMMITTEES_CHANGE)


class ItemFileCreate(_OfItem, attachments.AttachmentCreate):
    """Meant for the members of the committee, unless told otherwise."""

    capability = C.COMMITTEES_CHANGE
    title = "Joindre un document au point"

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "audience": Audience.COMMITTEE}


class ItemFile(_OfItem, attachments.AttachmentDownload):
    capability = C.COMMITTEES_VIEW


class ItemFileUpdate(_OfItem, attachments.AttachmentUpdate):
    capability = C.COMMITTEES_CHANGE
    title = "Modifier un document du point"


class ItemFileDelete(_OfItem, attachments.AttachmentDelete):
    capability = C.COMMITTEES_CHANGE
    title = "Retirer un document du point"
