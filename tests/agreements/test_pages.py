"""The pages of the agreement, as people use them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core import mail as django_mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement, Annex, Invitation, Membership, Role, Theme
from agreements.services import members
from core.models import Job, OutgoingMail
from tests.agreements.factories import (
    AnnexFactory,
    InvitationFactory,
    JobFactory,
    JournalEntryFactory,
    MailFactory,
)
from tests.factories import (
    AgreementFactory,
    MembershipFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode()).replace("&#x27;", "'")


def url(name: str, agreement: Agreement, *args: object) -> str:
    return reverse(f"agreements:{name}", args=[agreement.slug, *args])


# --- finding an agreement


def member_of(count: int) -> Client:
    user = UserFactory()
    for rank in range(count):
        MembershipFactory(user=user, agreement=AgreementFactory(name=f"Territoire n{rank}x"))
    client = Client()
    client.force_login(user)
    return client


def test_single_agreement_is_opened_at_once(client_as, agreement) -> None:
    assert client_as(Role.READER).get("/")["Location"] == f"/ctg/{agreement.slug}/"


def test_several_agreements_are_listed() -> None:
    client = member_of(2)
    assert client.get("/")["Location"] == "/ctg/"
    assert "Territoire n0x" in text(client.get("/ctg/"))


def test_nobody_reads_of_agreements_they_are_not_in(client_as, other_agreement) -> None:
    assert other_agreement.name not in text(client_as(Role.COORDINATOR).get("/ctg/"))


def test_staff_sees_every_agreement_and_enters_none(other_agreement) -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    page = text(client.get("/ctg/"))
    assert other_agreement.name in page
    assert "Nouvelle convention" in page
    assert f'href="{other_agreement.get_absolute_url()}"' not in page


def test_search_finds_by_name_or_commune_whatever_the_accents() -> None:
    user = UserFactory()
    named = AgreementFactory(name="Saint-André")
    held = AgreementFactory(name="Vallée", lead_commune=TerritoryFactory(name="Égreville"))
    for agreement in (named, held):
        MembershipFactory(user=user, agreement=agreement)
    client = Client()
    client.force_login(user)
    for typed, found in [("saint-andre", named), ("EGRE", held)]:
        page = text(client.get("/ctg/", {"text": typed}))
        assert [a for a in (named, held) if a.get_absolute_url() in page] == [found]


@pytest.mark.parametrize("count", [1, 60])
def test_list_of_agreements_costs_the_same_for_one_and_many(
    count: int, django_assert_num_queries
) -> None:
    client = member_of(count)
    with django_assert_num_queries(4):
        client.get("/ctg/")


@pytest.mark.parametrize(
    ("role", "page"), [(Role.COORDINATOR, "/semaine/"), (Role.ELECTED, "/documents/")]
)
def test_home_of_each_role(client_as, agreement, role: Role, page: str) -> None:
    assert client_as(role).get(url("home", agreement))["Location"].endswith(page)


# --- identity


def identity_data(page, **changes: object) -> dict[str, object]:
    form = page.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if value is not None and bound.name not in ("logo", "caf_logo"):
            data[bound.name] = form.fields[bound.name].prepare_value(value)
    return {**data, **changes}


def test_identity_is_edited_and_told(client_as, agreement) -> None:
    client = client_as(Role.COORDINATOR)
    edit = url("identity_edit", agreement)
    page = client.get(edit)
    answer = client.post(
        edit, identity_data(page, signed_on="2026-02-03", caf_name="Caf de l'Aube")
    )
    assert answer.status_code == 302, answer.context["form"].errors
    shown = text(client.get(url("identity", agreement)))
    assert "3 février 2026" in shown
    assert "Caf de l'Aube" in shown
    assert "a modifié la convention" in text(client.get(url("journal", agreement)))


def test_two_people_edit_the_same_sheet_and_the_second_sees_both(client_as, agreement) -> None:
    first, second = client_as(Role.COORDINATOR), client_as(Role.DIRECTION)
    edit = url("identity_edit", agreement)
    mine = identity_data(second.get(edit), caf_name="Caf typed second", signed_on="2026-01-05")
    first.post(
        edit, identity_data(first.get(edit), caf_name="Caf typed first", signed_on="2026-01-05")
    )
    conflict = second.post(edit, mine)
    assert conflict.status_code == 409
    shown = text(conflict)
    assert "Caf typed first" in shown
    assert "Caf typed second" in shown
    agreement.refresh_from_db()
    assert agreement.caf_name == "Caf typed first"
    again = second.post(edit, identity_data(conflict))
    assert again.status_code == 302
    agreement.refresh_from_db()
    assert agreement.caf_name == "Caf typed second"


def test_form_in_error_keeps_what_was_typed_and_says_why(client_as, agreement) -> None:
    client = client_as(Role.COORDINATOR)
    edit = url("identity_edit", agreement)
    data = identity_data(client.get(edit), caf_name="Caf de nulle part", ends_on="2020-01-01")
    answer = client.post(edit, data)
    assert answer.status_code == 422
    assert "La fin de la convention doit suivre son début." in text(answer)
    assert "Caf de nulle part" in text(answer)


def test_unknown_commune_is_said_by_its_name(client_as, agreement) -> None:
    client = client_as(Role.COORDINATOR)
    edit = url("identity_edit", agreement)
    answer = client.post(edit, identity_data(client.get(edit), communes="Nulle-Part"))
    assert "« Nulle-Part » : commune inconnue" in text(answer)


def test_annex_is_joined_read_and_removed(client_as, agreement, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = client_as(Role.COORDINATOR)
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 signed")
    client.post(url("annex_add", agreement), {"title": "Plan signé", "file": file})
    annex = Annex.objects.get()
    answer = client.get(url("annex", agreement, annex.pk))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 signed"
    assert client.post(url("annex_delete", agreement, annex.pk)).status_code == 302
    assert not Annex.objects.exists()


def test_program_is_refused_as_an_annex(client_as, agreement) -> None:
    file = SimpleUploadedFile("virus.exe", b"MZ")
    answer = client_as(Role.COORDINATOR).post(
        url("annex_add", agreement), {"title": "Essai", "file": file}
    )
    assert answer.status_code == 422
    assert "PDF, Word, Excel" in text(answer)


def test_annex_whose_file_is_gone_is_not_found(client_as, agreement, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    annex = AnnexFactory(agreement=agreement)
    annex.file.storage.delete(annex.file.name)
    assert client_as(Role.READER).get(url("annex", agreement, annex.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 15])
def test_themes_page_costs_the_same_for_one_and_many(
    client_as, agreement, count: int, django_assert_num_queries
) -> None:
    ThemeFactory.create_batch(count, agreement=agreement)
    client = client_as(Role.COORDINATOR)
    with django_assert_num_queries(4):
        client.get(url("themes", agreement))


def test_theme_is_renamed_and_put_aside(client_as, agreement) -> None:
    theme = ThemeFactory(agreement=agreement)
    client_as(Role.COORDINATOR).post(
        url("theme_edit", agreement, theme.pk), {"name": "Tout-petits", "domain": theme.domain_id}
    )
    theme.refresh_from_db()
    assert (theme.name, theme.is_active) == ("Tout-petits", False)


def test_return_to_where_the_user_was_stays_on_the_site(client_as, agreement) -> None:
    client = client_as(Role.COORDINATOR)
    theme = ThemeFactory(agreement=agreement)
    data = {"name": "A", "domain": theme.domain_id}
    edit = url("theme_edit", agreement, theme.pk)
    assert client.post(edit, {**data, "next": "/ctg/"})["Location"] == "/ctg/"
    outside = client.post(edit, {**data, "next": "https://ailleurs.example/"})
    assert outside["Location"] == url("themes", agreement)


# --- members


def test_invitation_shows_its_link_once(client_as, agreement) -> None:
    client = client_as(Role.COORDINATOR)
    answer = client.post(
        url("member_invite", agreement), {"email": "elu@example.org", "role": "elected"}
    )
    assert "/invitation/" in text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert django_mail.outbox == []  # « send » was not ticked: the link is handed over
    assert "elu@example.org" in text(client.get(url("members", agreement)))


def test_invited_person_opens_the_account_and_enters(agreement) -> None:
    InvitationFactory(agreement=agreement, token="abc", role=Role.READER, email="a@example.org")
    client = Client()
    data = {"first_name": "Anne", "last_name": "Roy", "password": "une phrase assez longue"}
    assert client.post("/invitation/abc/", data)["Location"] == agreement.get_absolute_url()
    assert client.get(url("identity", agreement)).status_code == 200
    assert Client().get("/invitation/abc/").status_code == 410


def test_known_address_is_asked_to_sign_in_first(agreement) -> None:
    user = UserFactory()
    InvitationFactory(agreement=agreement, token="abc", email=user.email)
    client = Client()
    assert "/compte/login/?next=/invitation/abc/" in text(client.get("/invitation/abc/"))
    assert client.post("/invitation/abc/", {"password": "x"}).status_code == 409
    client.force_login(user)
    assert client.post("/invitation/abc/").status_code == 302
    assert Membership.objects.filter(user=user, agreement=agreement).exists()


def test_invitation_of_another_address_opens_nothing(agreement) -> None:
    InvitationFactory(agreement=agreement, token="abc")
    client = Client()
    client.force_login(UserFactory())
    assert client.post("/invitation/abc/").status_code == 409
    assert Invitation.objects.get().accepted_at is None


def test_withdrawn_invitation_says_so(agreement) -> None:
    members.revoke_invitation(InvitationFactory(agreement=agreement, token="abc"), actor=None)
    answer = Client().get("/invitation/abc/")
    assert answer.status_code == 410
    assert "retirée" in text(answer)


def test_last_coordinator_is_kept_by_the_page_too(client_as, agreement) -> None:
    client = client_as(Role.COORDINATOR)
    answer = client.post(url("member_close", agreement, client.membership.pk))
    assert answer.status_code == 422
    assert "seule personne qui pilote" in text(answer)


# --- journal, messages, jobs


def test_journal_is_filtered_by_room_and_author(client_as, agreement) -> None:
    JournalEntryFactory(
        agreement=agreement, sentence="a créé la fiche", target_type="actionplan.action"
    )
    JournalEntryFactory(
        agreement=agreement,
        sentence="a réuni le COPIL",
        target_type="committees.meeting",
        actor_label="Anne Roy",
    )
    client = client_as(Role.DIRECTION)
    by_room = text(client.get(url("journal", agreement), {"app_label": "actionplan"}))
    assert "a créé la fiche" in by_room
    assert "a réuni le COPIL" not in by_room
    by_author = text(client.get(url("journal", agreement), {"actor": "Anne Roy"}))
    assert "a réuni le COPIL" in by_author
    assert "a créé la fiche" not in by_author


@pytest.mark.parametrize("count", [1, 40])
def test_journal_costs_the_same_for_one_and_many(
    client_as, agreement, count: int, django_assert_num_queries
) -> None:
    JournalEntryFactory.create_batch(count, agreement=agreement)
    client = client_as(Role.COORDINATOR)
    with django_assert_num_queries(6):
        client.get(url("journal", agreement))


def test_journal_export_neutralises_formulas(client_as, agreement) -> None:
    JournalEntryFactory(
        agreement=agreement,
        sentence="=HYPERLINK(1)",
        changes=[{"field": "échéance", "old": "", "new": "30/06/2027"}],
    )
    client = client_as(Role.COORDINATOR)
    csv = client.get(url("journal_export", agreement, "csv")).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in csv
    assert "échéance : (vide) → 30/06/2027" in csv
    book = load_workbook(BytesIO(client.get(url("journal_export", agreement, "xlsx")).content))
    assert book.active["C2"].value == "'=HYPERLINK(1)"
    assert client.get(url("journal_export", agreement, "exe")).status_code == 404


def test_message_is_read_downloaded_and_marked(client_as, agreement) -> None:
    message = MailFactory(agreement=agreement, body="Il manque un chiffre.")
    client = client_as(Role.COORDINATOR)
    assert "Il manque un chiffre." in text(client.get(url("mail", agreement, message.pk)))
    eml = client.get(url("mail_eml", agreement, message.pk))
    assert eml["Content-Type"] == "message/rfc822"
    client.post(url("mail_mark_sent", agreement, message.pk))
    message.refresh_from_db()
    assert message.state == OutgoingMail.State.SENT
    assert client.post(url("mail_mark_sent", agreement, message.pk)).status_code == 409


def test_message_of_unknown_fate_warns_before_sending_again(client_as, agreement) -> None:
    message = MailFactory(agreement=agreement, state=OutgoingMail.State.UNKNOWN)
    page = text(client_as(Role.COORDINATOR).get(url("mail", agreement, message.pk)))
    assert "On ne sait pas si ce message est parti" in page


def test_job_page_says_when_nobody_works(client_as, agreement, settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    job = JobFactory(agreement=agreement, state=Job.State.WAITING)
    page = text(client_as(Role.READER).get(url("job", agreement, job.pk)))
    assert "Personne n'exécute les travaux de fond" in page
    assert "Actualiser" in page


def test_job_of_another_agreement_is_not_found(client_as, agreement, other_agreement) -> None:
    job = JobFactory(agreement=other_agreement)
    assert client_as(Role.COORDINATOR).get(url("job", agreement, job.pk)).status_code == 404


# --- opening an agreement


def test_staff_opens_an_agreement_and_invites_who_steers_it(domains) -> None:
    commune = TerritoryFactory(name="Saint-André-les-Vergers", code="10333")
    staff = UserFactory(is_staff=True)
    client = Client()
    client.force_login(staff)
    answer = client.post(
        reverse("agreements_create"),
        {
            "name": "Saint-André",
            "lead_commune": "10333",
            "starts_on": "2026-01-01",
            "ends_on": "2030-12-31",
            "coordinator_email": "pilote@example.org",
        },
    )
    assert answer.status_code == 200, answer.context["form"].errors
    agreement = Agreement.objects.get()
    assert agreement.lead_commune == commune
    assert Theme.objects.filter(agreement=agreement).count() == 14
    assert Invitation.objects.get().role == Role.COORDINATOR
    assert client.get(url("identity", agreement)).status_code == 404


def test_too_many_wrong_invitations_are_answered_wait(agreement) -> None:
    cache.clear()
    client = Client()
    statuses = [client.get(f"/invitation/faux-{rank}/").status_code for rank in range(21)]
    assert statuses == [404] * 20 + [429]
    cache.clear()
