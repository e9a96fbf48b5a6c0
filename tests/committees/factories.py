"""Objects of the room."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from agreements.models import Agreement
from committees import services
from committees.models import (
    AgendaItem,
    ArbitrationPoint,
    Attendance,
    Committee,
    CommitteeKind,
    CommitteeMember,
    Decision,
    Meeting,
)
from partners.models import Contact, Organisation
from tests.factories import AgreementFactory


class _Owned(DjangoModelFactory):
    class Meta:
        abstract = True

    agreement = factory.SubFactory(AgreementFactory)


def same(path: str, **fields: Any) -> factory.SubFactory:
    """A parent of the same agreement."""
    return factory.SubFactory(path, agreement=factory.SelfAttribute("..agreement"), **fields)


class OrganisationFactory(_Owned):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Association {n}")


class ContactFactory(_Owned):
    class Meta:
        model = Contact

    first_name = "Dominique"
    last_name = factory.Sequence(lambda n: f"Martin{n}")


class KindFactory(_Owned):
    class Meta:
        model = CommitteeKind

    nature = CommitteeKind.Nature.STEERING
    name = factory.Sequence(lambda n: f"Sorte {n}")


class CommitteeFactory(_Owned):
    class Meta:
        model = Committee

    kind = same("tests.committees.factories.KindFactory")
    name = factory.Sequence(lambda n: f"Comité {n}")


class MemberFactory(_Owned):
    class Meta:
        model = CommitteeMember

    committee = same("tests.committees.factories.CommitteeFactory")
    contact = same("tests.committees.factories.ContactFactory")
    organisation = same("tests.committees.factories.OrganisationFactory")


class MeetingFactory(_Owned):
    class Meta:
        model = Meeting

    committee = same("tests.committees.factories.CommitteeFactory")
    on = date(2026, 12, 8)
    starts_at = time(14, 0)
    duration_minutes = 90


def add_meeting(committee: Committee, on: date = date(2026, 12, 8), **fields: Any) -> Meeting:
    """As the page fixes it: with its rétroplanning and the points that come back."""
    given = {"committee": committee, "on": on, "starts_at": time(14), **fields}
    return services.create_meeting(committee.agreement, actor=None, **given)


class AgendaItemFactory(_Owned):
    class Meta:
        model = AgendaItem

    meeting = same("tests.committees.factories.MeetingFactory")
    title = factory.Sequence(lambda n: f"Point {n}")
    position = factory.Sequence(lambda n: n)
    minutes = 20


class AttendanceFactory(_Owned):
    class Meta:
        model = Attendance

    meeting = same("tests.committees.factories.MeetingFactory")
    contact = same("tests.committees.factories.ContactFactory")
    organisation = same("tests.committees.factories.OrganisationFactory")


class DecisionFactory(_Owned):
    class Meta:
        model = Decision

    number = factory.Sequence(lambda n: f"2026-{n}")
    decided_on = date(2026, 6, 12)
    text = factory.Sequence(lambda n: f"Le comité est favorable à la proposition {n}.")


def arbitration(agreement: Agreement, **fields: Any) -> ArbitrationPoint:
    """A question with two options, on the agenda of a meeting."""
    item = fields.pop("item", None) or AgendaItemFactory(agreement=agreement)
    given = {
        "question": "Comment financer le surcoût ?",
        "context": "Le projet coûte plus que prévu.",
        "options": [{"title": "La commune seule"}, {"title": "Avec la Caf"}],
        **fields,
    }
    return services.set_arbitration(item, actor=None, **given)
