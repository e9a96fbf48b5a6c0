"""The agreement with its signatories, its competences and its accounts; and another one, small."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import User
from accounts.services import create_account, find_user
from actionplan.models import ActionStatus
from actionplan.services import create_action, create_orientation
from agreements.models import Agreement, Competence, Role, Theme
from agreements.services import add_member, create_agreement
from agreements.services.parties import add_signatory, update_competence
from demo.build.context import Example
from demo.content import agreement as content
from opendata.models import Territory
from partners.models import Organisation
from partners.services import create_organisation

MARK = " (exemple fictif)"


def commune(code: str) -> Territory:
    return Territory.objects.get(level=Territory.Level.COMMUNE, code=code)


def account(email: str, first_name: str, last_name: str) -> User:
    """The account of that address, opened with the demonstration's password when it is new."""
    return find_user(email) or create_account(
        email=email, first_name=first_name, last_name=last_name, password=content.PASSWORD
    )


def build_agreement(today: date) -> Example:
    first = content.ACCOUNTS[0]
    coordinator = account(first.email, first.first_name, first.last_name)
    agreement = create_agreement(
        name=content.NAME, slug=content.SLUG, lead_commune=commune(content.COMMUNE),
        starts_on=content.STARTS_ON, ends_on=content.ENDS_ON, status=Agreement.Status.RUNNING,
        actor=coordinator, coordinator=coordinator,
        details={
            "signed_on": content.SIGNED_ON, "deliberated_on": content.DELIBERATED_ON,
            "deliberation_number": content.DELIBERATION, "caf_approved_on": content.CAF_APPROVED_ON,
            "caf_name": "Caf de l'Aube", "coordinator_title": "Chargée de coopération CTG",
            "caf_officer_title": "Conseiller technique territorial", "steering_fte": "0.20",
            "is_demo": True,
        },
    )  # fmt: skip
    example = Example(agreement=agreement, actor=coordinator, today=today)
    example.themes = {theme.name: theme for theme in Theme.objects.filter(agreement=agreement)}
    for name, kind, represented_by in content.SIGNATORIES:
        add_signatory(
            agreement, actor=coordinator,
            fields={"name": name, "kind": kind, "represented_by": represented_by},
        )  # fmt: skip
    for competence in Competence.objects.filter(agreement=agreement):
        holder = next(
            (
                who
                for start, who in content.COMPETENCES.items()
                if competence.subject.startswith(start)
            ),
            None,
        )
        if holder is not None:
            note = f"{competence.note} {content.COMPETENCE_NOTE}".strip()
            update_competence(
                competence, actor=coordinator, fields={"holder": holder, "note": note}
            )
    return example


def build_accounts(example: Example) -> None:
    """One account for each role; each is the contact of the same name."""
    for fact in content.ACCOUNTS:
        user = account(fact.email, fact.first_name, fact.last_name)
        if fact.role != Role.COORDINATOR:
            add_member(
                example.agreement, user, actor=example.actor, role=fact.role, title=fact.title
            )
        contact = example.contacts[fact.contact]
        contact.user = user
        contact.save(update_fields=["user"])
    administrator = account(*content.ADMINISTRATOR)
    administrator.is_staff = administrator.is_superuser = True
    administrator.save(update_fields=["is_staff", "is_superuser"])


def build_other_agreement(today: date) -> None:
    """A second agreement, of another territory: nobody of the first may see it."""
    coordinator = account(*content.OTHER_COORDINATOR)
    agreement = create_agreement(
        name=content.OTHER_NAME, slug=content.OTHER_SLUG, lead_commune=commune(content.OTHER_COMMUNE),
        starts_on=date(2025, 1, 1), ends_on=date(2029, 12, 31), status=Agreement.Status.RUNNING,
        actor=coordinator, coordinator=coordinator,
        details={"signed_on": date(2024, 12, 17), "caf_name": "Caf de l'Aube", "is_demo": True},
    )  # fmt: skip
    city = create_organisation(
        agreement, actor=coordinator, name=f"Ville de {content.OTHER_NAME}",
        kind=Organisation.Kind.MUNICIPALITY,
    )  # fmt: skip
    orientations = [
        create_orientation(agreement, actor=coordinator, code=str(rank), title=title)
        for rank, title in enumerate(content.OTHER_ORIENTATIONS, start=1)
    ]
    for orientation, title, summary, status in content.OTHER_ACTIONS:
        create_action(
            agreement, actor=coordinator, orientation=orientations[orientation], title=title + MARK,
            summary=summary, status=ActionStatus(status), lead_organisation=city,
            due_on=min(today + timedelta(days=180), agreement.ends_on),
        )  # fmt: skip
