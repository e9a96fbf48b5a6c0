"""What the sendings forget of a person who is erased (RGPD, art. 17).

A person on an attendance list is not erased: the list evidences the agreement
(``partners.services.erase_contact``). What is left is what was sent to them before they were taken
off it, and where others named them.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from agreements.models import AccessLink
from committees.models import Attendance, SendingRecipient
from partners.models import Contact
from partners.services import ERASED


def forget_person(contact: Contact) -> None:
    """Their doors close and lose their name; the words of other people's answers, too."""
    name = str(contact)
    links = AccessLink.objects.filter(
        pk__in=SendingRecipient.objects.filter(contact=contact).values("link_id")
    )
    links.filter(revoked_at=None).update(revoked_at=timezone.now())
    links.update(label=ERASED)
    told = Attendance.objects.filter(agreement=contact.agreement_id).exclude(contact=contact)
    for row in told.filter(Q(answer_note__contains=name) | Q(answer_represented_by__contains=name)):
        row.answer_note = row.answer_note.replace(name, ERASED)[:300]
        row.answer_represented_by = row.answer_represented_by.replace(name, ERASED)
        row.save(update_fields=["answer_note", "answer_represented_by"])
