"""The days before today: the load is put in the past, then a few people act."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.services import find_user
from actionplan.services import add_note, update_action
from agreements.models import JournalEntry, Membership
from committees.models import AgendaItem
from committees.services import propose_agenda_item
from demo.build.context import Example

LOADED = timedelta(days=12)
LAST_VISIT = timedelta(days=5)


def build_recent(example: Example) -> None:
    """So that « depuis votre dernière visite » says what others did, not that an example was loaded."""
    now = timezone.now()
    JournalEntry.objects.filter(agreement=example.agreement).update(at=now - LOADED)
    Membership.objects.filter(agreement=example.agreement, user=example.actor).update(
        previous_seen_at=now - LAST_VISIT, last_seen_at=now
    )
    partner, caf = find_user("partenaire@exemple.fr"), find_user("caf@exemple.fr")
    action = example.actions["3.1.2"]
    update_action(action, actor=partner, progress=45)
    add_note(
        action, actor=partner, kind="success", on=example.today,
        text="La quatrième école accueille son premier café des parents en décembre.",
    )  # fmt: skip
    propose_agenda_item(
        example.extra["coming_copil"], actor=caf, title="Calendrier du bilan définitif",
        kind=AgendaItem.Kind.INFORMATION, minutes=5, presenter="Julien Fontaine",
    )  # fmt: skip
