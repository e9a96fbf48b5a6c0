"""The acts on an agreement: what they leave, and what they refuse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail as django_mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.access import get_access
from agreements.models import (
    AccessLink,
    Agreement,
    Competence,
    DocumentState,
    Invitation,
    JournalEntry,
    Membership,
    Role,
    Snapshot,
    Theme,
)
from agreements.services import agreement as agreements
from agreements.services import links, members, parties, snapshots
from agreements.services.tokens import hash_token
from core.documents.content import Content
from core.documents.declaration import RenderedFile
from core.errors import DomainError, StaleObject
from core.models import OutgoingMail
from tests.agreements.factories import InvitationFactory, SnapshotFactory
from tests.factories import (
    AgreementFactory,
    MembershipFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def open_agreement(**fields: object) -> Agreement:
    values = {
        "name": "Saint-André-les-Vergers",
        "lead_commune": TerritoryFactory(),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2030, 12, 31),
        "actor": UserFactory(),
    }
    return agreements.create_agreement(**{**values, **fields})


def sentences(agreement: Agreement) -> list[str]:
    return list(JournalEntry.objects.filter(agreement=agreement).values_list("sentence", flat=True))


# --- the agreement


def test_new_agreement_has_its_themes_competences_communes_and_coordinator(domains) -> None:
    user, neighbour = UserFactory(), TerritoryFactory()
    agreement = open_agreement(coordinator=user, communes=[neighbour])
    assert agreement.slug == "saint-andre-les-vergers"
    assert Theme.objects.filter(agreement=agreement).count() == 14
    assert Theme.objects.get(agreement=agreement, name="Vacances").domain.key == "vacances"
    assert (
        Competence.objects.filter(agreement=agreement, subject__startswith="Petite enfance").count()
        == 4
    )
    assert set(agreement.communes.all()) == {agreement.lead_commune, neighbour}
    assert get_access(user, agreement.slug).role == Role.COORDINATOR
    assert sentences(agreement) == [
        "a ouvert la convention « CTG Saint-André-les-Vergers 2026-2030 »"
    ]


def test_two_agreements_of_one_name_have_two_addresses(domains) -> None:
    assert {open_agreement().slug for _ in range(3)} == {
        "saint-andre-les-vergers", "saint-andre-les-vergers-2026", "saint-andre-les-vergers-2026-2",
    }  # fmt: skip


def test_agreement_that_ends_before_it_starts_is_refused_and_leaves_nothing(domains) -> None:
    with pytest.raises(DomainError, match="doit suivre son début"):
        open_agreement(ends_on=date(2025, 1, 1))
    assert not Agreement.objects.exists()


def test_agreement_that_ends_before_it_starts_is_refused_by_the_database(agreement) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(ends_on=date(2020, 1, 1))


def test_department_is_no_commune_and_nothing_is_half_written(domains) -> None:
    department = TerritoryFactory(level="departement", code="10")
    with pytest.raises(DomainError, match="n'est pas une commune"):
        open_agreement(communes=[department])
    assert not Agreement.objects.exists()


def test_domains_not_loaded_are_said_in_words() -> None:
    with pytest.raises(DomainError, match="domaines nationaux"):
        open_agreement()


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("preparation", "signed", True),
        ("preparation", "running", False),
        ("running", "renewal", True),
        ("running", "preparation", False),
        ("closed", "running", False),
    ],
)
def test_status_follows_the_table_of_transitions(before: str, after: str, allowed: bool) -> None:
    agreement = AgreementFactory(status=before, signed_on=date(2026, 2, 1))
    fields = {"status": after}
    if allowed:
        agreements.update_agreement(agreement, actor=None, fields=fields)
        agreement.refresh_from_db()
        assert agreement.status == after
    else:
        with pytest.raises(DomainError, match="ne peut pas passer"):
            agreements.update_agreement(agreement, actor=None, fields=fields)


def test_signed_agreement_needs_its_date() -> None:
    agreement = AgreementFactory(status="preparation")
    with pytest.raises(DomainError) as refusal:
        agreements.update_agreement(agreement, actor=None, fields={"status": "signed"})
    assert refusal.value.field == "signed_on"


def test_change_of_agreement_is_told_with_old_and_new(agreement) -> None:
    user = UserFactory()
    agreements.update_agreement(
        agreement,
        actor=user,
        fields={"signed_on": date(2026, 3, 4), "caf_name": "Caf de l'Aube"},
        communes=[TerritoryFactory(name="Rosières")],
    )
    entry = JournalEntry.objects.get(agreement=agreement)
    assert entry.actor == user
    assert {"field": "nom de la Caf", "old": "Caf", "new": "Caf de l'Aube"} in entry.changes
    assert any(change["field"] == "communes" for change in entry.changes)
    assert agreement.history.count() >= 1


def test_agreement_saved_meanwhile_is_not_overwritten(agreement) -> None:
    seen = agreement.version
    agreement.signed_on = date(2026, 2, 1)
    agreements.update_agreement(agreement, actor=None, fields={"caf_name": "Caf A"})
    with pytest.raises(StaleObject):
        agreements.update_agreement(
            Agreement.objects.get(pk=agreement.pk),
            actor=None,
            fields={"caf_name": "Caf B"},
            expected_version=seen,
        )


# --- parties


def test_theme_moves_and_stops_at_the_end(agreement) -> None:
    first, second = (ThemeFactory(agreement=agreement, position=rank) for rank in (1, 2))
    parties.move_theme(second, actor=None, up=True)
    assert list(Theme.objects.filter(agreement=agreement)) == [second, first]
    parties.move_theme(second, actor=None, up=True)
    assert list(Theme.objects.filter(agreement=agreement)) == [second, first]


def test_two_themes_of_one_name_are_refused_in_words(agreement) -> None:
    theme = ThemeFactory(agreement=agreement)
    with pytest.raises(DomainError, match="déjà ce nom"):
        parties.add_theme(
            agreement,
            actor=None,
            fields={"name": theme.name, "domain": theme.domain, "is_active": True},
        )


# --- members and invitations


def test_invitation_is_hashed_mailed_and_valid_fourteen_days(agreement) -> None:
    invitation, address = members.invite_member(
        agreement, actor=UserFactory(), email="Elu@Example.org", role=Role.ELECTED
    )
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert invitation.token_hash == hash_token(token) != token
    assert timedelta(days=13) < invitation.expires_at - timezone.now() <= timedelta(days=14)
    assert address in django_mail.outbox[0].body
    assert members.find_invitation(token) == invitation


def test_second_invitation_withdraws_the_first(agreement) -> None:
    for _ in range(2):
        members.invite_member(
            agreement, actor=None, email="elu@example.org", role=Role.ELECTED, send=False
        )
    assert Invitation.objects.filter(revoked_at=None).count() == 1
    withdrawn = OutgoingMail.objects.order_by("pk").first()
    assert "/invitation/" not in withdrawn.body


def test_accepted_invitation_opens_an_account_once(agreement) -> None:
    invitation = InvitationFactory(agreement=agreement, role=Role.CAF)
    member = members.accept_invitation(
        invitation, first_name="Anne", last_name="Caf", password="une phrase assez longue"
    )
    assert member.user.check_password("une phrase assez longue")
    assert member.user.emailaddress_set.get().verified
    assert member.role == Role.CAF
    with pytest.raises(DomainError, match="déjà servi"):
        members.accept_invitation(invitation, user=member.user)


def test_weak_password_opens_nothing(agreement) -> None:
    invitation = InvitationFactory(agreement=agreement)
    with pytest.raises(DomainError) as refusal:
        members.accept_invitation(invitation, first_name="A", last_name="B", password="azerty")
    assert refusal.value.field == "password"
    assert not Membership.objects.exists()


def test_invitation_of_somebody_else_is_refused(agreement) -> None:
    with pytest.raises(DomainError, match="adressée à"):
        members.accept_invitation(InvitationFactory(agreement=agreement), user=UserFactory())


def test_member_of_another_agreement_keeps_one_account(agreement, other_agreement) -> None:
    user = MembershipFactory(agreement=other_agreement).user
    invitation = InvitationFactory(agreement=agreement, email=user.email.upper())
    members.accept_invitation(invitation, user=user)
    assert user.memberships.count() == 2


def test_last_coordinator_keeps_the_role(agreement) -> None:
    last = MembershipFactory(agreement=agreement, role=Role.COORDINATOR)
    with pytest.raises(DomainError, match="seule personne"):
        members.change_role(last, actor=None, role=Role.READER)
    with pytest.raises(DomainError, match="seule personne"):
        members.close_access(last, actor=None)
    MembershipFactory(agreement=agreement, role=Role.COORDINATOR)
    assert not members.close_access(last, actor=None).is_active
    assert members.reopen_access(last, actor=None).is_active


def test_visit_is_traced_once_an_hour_and_remembers_the_one_before(agreement) -> None:
    now = timezone.now()
    member = MembershipFactory(agreement=agreement, last_seen_at=now - timedelta(days=2))
    members.note_visit(member)
    assert member.previous_seen_at == now - timedelta(days=2)
    traced = member.last_seen_at
    members.note_visit(member)
    member.refresh_from_db()
    assert member.last_seen_at == traced


# --- links


def test_link_opens_until_it_is_revoked(agreement) -> None:
    link, token = links.create_link(SnapshotFactory(agreement=agreement), actor=None, label="M. X")
    assert links.open_link(token) == link
    assert AccessLink.objects.get().last_used_at is not None
    assert token not in AccessLink.objects.get().token_hash
    links.revoke_link(link, actor=None)
    assert links.open_link(token) is None


def test_expired_link_opens_nothing(agreement) -> None:
    _link, token = links.create_link(SnapshotFactory(agreement=agreement), actor=None, label="M. X")
    AccessLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert links.open_link(token) is None


def test_too_many_wrong_tokens_block_the_caller_and_nobody_else(agreement) -> None:
    _, token = links.create_link(SnapshotFactory(agreement=agreement), actor=None, label="M. X")
    for _ in range(links.WRONG_TOKENS):
        assert links.open_link("faux", client="192.0.2.1") is None
    assert links.open_link(token, client="192.0.2.1") is None
    assert links.open_link(token, client="192.0.2.2") is not None


# --- frozen documents


def access_of(agreement: Agreement, role: Role):
    return get_access(MembershipFactory(agreement=agreement, role=role).user, agreement.slug)


def step(snapshot: Snapshot, role: Role, state: str, on: date = date(2026, 11, 20)) -> Snapshot:
    access = access_of(snapshot.agreement, role)
    return snapshots.transition(snapshot, actor=access.user, access=access, state=state, on=on)


def test_document_goes_from_draft_to_sent_by_whoever_may(agreement) -> None:
    snapshot = SnapshotFactory(agreement=agreement)
    step(snapshot, Role.CAF, "read_by_caf")
    step(snapshot, Role.COORDINATOR, "presented")
    step(snapshot, Role.DIRECTION, "approved")
    step(snapshot, Role.COORDINATOR, "sent")
    snapshot.refresh_from_db()
    assert snapshot.state == DocumentState.SENT
    assert snapshot.transitions.count() == 4


@pytest.mark.parametrize(
    ("role", "state"),
    [
        (Role.COORDINATOR, "approved"),
        (Role.COORDINATOR, "read_by_caf"),
        (Role.CAF, "approved"),
        (Role.ELECTED, "presented"),
    ],
)
def test_wrong_role_does_not_move_a_document(agreement, role: Role, state: str) -> None:
    with pytest.raises(PermissionDenied):
        step(SnapshotFactory(agreement=agreement), role, state)


def test_nothing_is_sent_that_the_direction_has_not_approved(agreement) -> None:
    with pytest.raises(DomainError, match="direction doit valider"):
        step(SnapshotFactory(agreement=agreement, state="presented"), Role.COORDINATOR, "sent")


def test_document_does_not_go_back(agreement) -> None:
    with pytest.raises(DomainError, match="déjà"):
        step(SnapshotFactory(agreement=agreement, state="approved"), Role.COORDINATOR, "presented")


def test_state_is_not_dated_before_the_one_it_follows(agreement) -> None:
    snapshot = SnapshotFactory(agreement=agreement)
    step(snapshot, Role.CAF, "read_by_caf", date(2026, 11, 20))
    with pytest.raises(DomainError, match="précède"):
        step(snapshot, Role.DIRECTION, "approved", date(2026, 11, 1))


def test_direction_sees_only_the_states_it_may_declare(agreement) -> None:
    snapshot = SnapshotFactory(agreement=agreement)
    states = snapshots.allowed_states(snapshot, access_of(agreement, Role.DIRECTION))
    assert states == [DocumentState.PRESENTED, DocumentState.APPROVED]


def test_frozen_documents_are_numbered_by_kind_and_read_again_as_they_were(agreement) -> None:
    def freeze(kind: str) -> Snapshot:
        return snapshots.freeze(
            agreement,
            actor=None,
            kind=kind,
            title="Bilan annuel",
            audience="committee",
            content=Content(identifier=kind, title="Bilan annuel"),
            year=2026,
        )

    assert [freeze(kind).number for kind in ("bilan", "bilan", "dossier")] == [1, 2, 1]
    kept = Snapshot.objects.filter(kind="bilan").first()
    content = Content.from_json(kept.content)
    assert content.title == "Bilan annuel"
    assert content.content_hash == kept.content_hash


def test_file_kept_is_never_replaced(agreement) -> None:
    snapshot = SnapshotFactory(agreement=agreement)
    for data in (b"first", b"second"):
        snapshots.store_file(snapshot, RenderedFile("bilan.pdf", "application/pdf", data, "pdf"))
    assert bytes(snapshot.files.get().data) == b"first"
