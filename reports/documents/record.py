"""The relevé de décisions and the full minutes, where whoever opens a frozen copy draws them.

They are not produced from the documents page: the relevé is frozen when the chair validates it, the
minutes when a later meeting approves them (``committees.services``). The command
``manage.py document`` writes them as they stand.
"""

from __future__ import annotations

from committees import records
from committees.minutes_document import KIND as MINUTES
from committees.minutes_document import current_minutes
from committees.models import Meeting, MeetingRecord
from committees.record_document import KIND as RECORD
from committees.record_document import current_content, with_addenda
from core.audience import Audience
from core.documents.content import Content
from core.documents.declaration import registry
from core.errors import DomainError
from reports.documents.base import Document, Request


def _meeting(context: Request) -> Meeting:
    found = Meeting.objects.filter(agreement=context.agreement, pk=context.meeting_id or 0).first()
    if found is None:
        raise DomainError("Dites de quelle réunion : cette réunion n'existe pas ici.")
    return found


@registry.register
class RecordDocument(Document):
    identifier = RECORD
    title = "Relevé de décisions"
    description = "Ce que la réunion a décidé, validé par sa présidence."
    audience = Audience.COMMITTEE
    formats = ("pdf", "docx")
    needs_meeting = True
    is_listed = False

    def build(self, context: Request) -> Content:
        meeting = _meeting(context)
        return current_content(meeting, records.record_of(meeting), on=context.on)

    def complete(self, content: Content, snapshot_id: int) -> Content:
        record = MeetingRecord.objects.filter(snapshot=snapshot_id).first()
        return content if record is None else with_addenda(content, record.addenda.all())


@registry.register
class MinutesDocument(Document):
    identifier = MINUTES
    title = "Compte rendu"
    description = "Ce qui s'est dit point par point, approuvé à la réunion suivante."
    audience = Audience.COMMITTEE
    formats = ("pdf", "docx")
    needs_meeting = True
    is_listed = False

    def build(self, context: Request) -> Content:
        meeting = _meeting(context)
        return current_minutes(meeting, records.record_of(meeting), on=context.on)
