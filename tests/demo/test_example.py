"""What the demonstration holds: as rich as it says, invented where it must be, sourced elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from actionplan.models import Action, ActionStatus, BudgetLine, Funding, Orientation, Step
from agreements.models import Agreement, Membership, Role
from committees.models import AgendaItem, CommitteeKind, CommitteeMember, Decision, Meeting
from committees.suggestions import proposals
from demo.content.agreement import OTHER_NAME
from demo.services import load_demo, write_documents
from evaluation.models import EvaluationYear
from opendata.models import DatasetVersion, Observation
from partners.models import Contact, Contract, Organisation
from territory.models import Challenge, Facility
from tests.conftest import EXAMPLE_DAY


def silent(step: str) -> None:
    pass


# --- What it holds --------------------------------------------------------------------------
def test_example_is_as_rich_as_it_says(example, db) -> None:
    mine = {"agreement": example}
    assert Orientation.objects.filter(**mine).count() == 5
    assert Challenge.objects.filter(**mine).count() >= 12
    assert Action.objects.filter(**mine).count() >= 24
    assert Facility.objects.filter(**mine).count() >= 10
    assert Organisation.objects.filter(**mine).count() >= 30
    assert Contract.objects.filter(**mine, facilities__isnull=False).distinct().count() >= 10
    assert Step.objects.filter(**mine).count() >= 40
    assert set(BudgetLine.objects.filter(**mine).values_list("year", flat=True)) == set(
        range(2026, 2031)
    )
    assert Funding.objects.filter(**mine).values("funder").distinct().count() >= 3
    assert Funding.objects.filter(**mine).values("stage").distinct().count() >= 3


def test_actions_stand_in_every_status_some_late_some_blocked(example, db) -> None:
    statuses = Counter(Action.objects.filter(agreement=example).values_list("status", flat=True))
    assert set(statuses) == set(ActionStatus.values)
    assert Action.objects.filter(agreement=example).late(EXAMPLE_DAY).count() >= 2
    assert statuses[ActionStatus.BLOCKED] >= 2


def test_committee_was_held_and_another_comes(example, db) -> None:
    steering = Meeting.objects.filter(
        agreement=example, committee__kind__nature=CommitteeKind.Nature.STEERING
    )
    held = steering.filter(state=Meeting.State.HELD)
    assert held.exists()
    assert steering.filter(state=Meeting.State.PLANNED, on__gt=EXAMPLE_DAY).exists()
    assert (
        Decision.objects.filter(agreement=example, meeting__in=held).exclude(follow_up="").exists()
    )
    assert EvaluationYear.objects.get(agreement=example).year == 2026


def test_coming_copil_is_half_prepared(example, db) -> None:
    meeting = Meeting.objects.filter(
        agreement=example, committee__kind__nature=CommitteeKind.Nature.STEERING, on__gt=EXAMPLE_DAY
    ).earliest("on")
    lines = meeting.preparation
    assert lines.filter(done_on__isnull=False).count() == 3
    assert lines.filter(done_on__isnull=True, due_on__lt=EXAMPLE_DAY).exists()
    assert meeting.agenda.filter(proposed_by_caf=True, is_confirmed=False).count() == 1
    assert proposals(meeting, EXAMPLE_DAY)


def test_point_not_treated_came_back_and_a_mandate_ended(example, db) -> None:
    carried = AgendaItem.objects.get(agreement=example, carried_from__isnull=False)
    assert carried.meeting.committee == carried.carried_from.meeting.committee
    assert carried.meeting.state == Meeting.State.PLANNED
    assert CommitteeMember.objects.filter(agreement=example, ends_on__lt=EXAMPLE_DAY).count() == 1


def test_every_role_has_its_account(example, db) -> None:
    roles = set(Membership.objects.filter(agreement=example).values_list("role", flat=True))
    assert roles == set(Role.values)


def test_persons_are_invented_and_figures_are_sourced(example, db) -> None:
    emails = Contact.objects.exclude(email="").values_list("email", flat=True)
    assert all(email.endswith(("exemple.fr", "example.org")) for email in emails)
    assert Agreement.objects.filter(is_demo=False).count() == 0
    for version in DatasetVersion.objects.select_related("dataset"):
        assert version.dataset.producer
        assert version.vintage


def test_second_agreement_shares_nothing_with_the_first(example, db) -> None:
    other = Agreement.objects.get(name=OTHER_NAME)
    people = Membership.objects.filter(agreement=other).values_list("user", flat=True)
    assert not Membership.objects.filter(agreement=example, user__in=people).exists()
    assert Action.objects.filter(agreement=other).exists()


# --- Loaded again --------------------------------------------------------------------------
def test_second_loading_keeps_what_was_typed(example, db) -> None:
    action = Action.objects.filter(agreement=example).first()
    Action.objects.filter(pk=action.pk).update(title="Titre de l'utilisateur")
    counts = Action.objects.count(), Organisation.objects.count(), Observation.objects.count()
    said: list[str] = []
    assert load_demo(date(2027, 3, 1), said.append) is False
    assert (
        Action.objects.count(),
        Organisation.objects.count(),
        Observation.objects.count(),
    ) == counts
    assert Action.objects.get(pk=action.pk).title == "Titre de l'utilisateur"
    assert "déjà chargée" in said[-1]


# --- Its documents --------------------------------------------------------------------------
def test_documents_are_written_one_by_one(example, db, tmp_path: Path) -> None:
    written = [path.name for path in write_documents(tmp_path / "demo", EXAMPLE_DAY)]
    assert written == [
        "dossier-copil.pdf", "bilan-annuel-2026.pdf", "bilan-annuel-2026.xlsx", "bilan-annuel-2026.docx",
        "ctg-en-deux-pages.pdf", "diagnostic.pdf", "plan-actions.pdf", "budget-plan.xlsx",
        "kit-de-seance.pdf", "kit-de-seance.xlsx",
    ]  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == sorted(written)
