"""The page behind the link, and the coordinator's pages: what each shows, what each refuses."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from actionplan import campaign_queries as queries
from actionplan import services as plan
from actionplan.models import Action, ActionStatus, Campaign, CampaignLead, CampaignLink
from actionplan.services import campaigns, doors, news, reviews
from agreements.models import AccessLink, Agreement, Role
from agreements.services.links import WRONG_TOKENS, create_link
from core.models import OutgoingMail
from tests.actionplan.campaign_factories import (
    campaign,
    entry,
    in_days,
    lead_of,
    person,
    token_of,
)
from tests.actionplan.factories import action as make_action
from tests.actionplan.factories import organisation
from tests.agreements.factories import SnapshotFactory

pytestmark = pytest.mark.django_db
S, Channel = ActionStatus, CampaignLead.Channel


@pytest.fixture(autouse=True)
def nobody_is_blocked() -> None:
    cache.clear()


def page(token: str) -> str:
    return reverse("news", args=[token])


def address(agreement: Agreement, name: str, *args: object) -> str:
    return reverse(f"actionplan:{name}", args=[agreement.slug, *args])


def typed(form: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends back of the page that it shows; ``changes`` name the fields without
    the number of the answer."""
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    (key,) = {name.split("-")[0] for name in data}
    return data | {f"{key}-{name}": value for name, value in changes.items()}


@pytest.fixture
def action(agreement: Agreement) -> Action:
    """Led by Claire; rich in what she must not see here."""
    claire = person(agreement)
    row = make_action(
        agreement, title="Ouvrir la ludothèque", lead_contact=claire, progress=40,
        progress_note="Le bail est signé.", context="Constat réservé", difficulties="Tension locale",
        awaited_decision="Arbitrage secret",
    )  # fmt: skip
    plan.set_budget_line(
        row, actor=None, year=2026, nature="operating", planned=Decimal("98765.43")
    )
    plan.set_funding(
        row, actor=None, funder=organisation(agreement, name="Caf de l'Aube"), year=2026,
        stage="planned", amount=Decimal(54321),
    )  # fmt: skip
    plan.add_note(row, actor=None, kind="internal", text="Ne rien promettre", on=date(2026, 3, 1))
    plan.add_note(row, actor=None, kind="success", text="Une équipe complète", on=date(2026, 3, 1))
    plan.add_step(row, actor=None, title="Visite du local")
    measure = plan.create_measure(
        agreement, actor=None, action=row, label="Familles reçues", unit="familles",
        baseline=Decimal(30), baseline_year=2025,
    )  # fmt: skip
    plan.set_measure_point(measure, actor=None, year=2027, target=Decimal(77))
    make_action(
        agreement, title="Action d'un autre pilote", lead_contact=person(agreement, "Autre")
    )
    return Action.objects.get(pk=row.pk)


@pytest.fixture
def lead(agreement: Agreement, action: Action) -> CampaignLead:
    row = campaign(agreement, {action.lead_contact: Channel.MAIL}, message="Message de campagne")
    return lead_of(row)


# --- What the link shows --------------------------------------------------------------------
def test_page_shows_the_actions_of_the_person_and_nothing_else(
    client, agreement, action, lead
) -> None:
    response = client.get(page(token_of(lead)))
    shown = response.content.decode()
    assert response.status_code == 200
    for words in ("Claire Martin", "Ouvrir la ludothèque", "Le bail est signé.", "Familles reçues",
                  "30\u00a0familles en 2025", agreement.name):  # fmt: skip
        assert words in shown
    for secret in (
        "98765", "98\u00a0765", "54321", "54\u00a0321", "Caf de l", "Ne rien promettre", "Une équipe complète",
        "Visite du local", "Constat réservé", "Tension locale", "Arbitrage secret", "Action d&#x27;un autre",
        "77", "Autre", f"/ctg/{agreement.slug}", "martin@exemple.org",
    ):  # fmt: skip
        assert secret not in shown, secret
    assert not re.search(r'<a [^>]*href="/', shown)


def test_page_is_kept_nowhere_and_tells_no_one_where_it_is(client, lead) -> None:
    response = client.get(page(token_of(lead)))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert response.cookies == {}
    assert "<script" not in response.content.decode()


def test_page_works_where_cookies_and_referrers_do_not(agreement, lead) -> None:
    """A browser that sends no referrer says « Origin: null » of its form."""
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    url = page(token_of(lead))
    form = strict.get(url).context["form"]
    response = strict.post(url, typed(form, progress="55", geste="garder"))
    assert response.status_code == 302


def test_statuses_offered_are_those_the_action_may_take(client, lead) -> None:
    form = client.get(page(token_of(lead))).context["form"]
    (name,) = (n for n in form.fields if n.endswith("-status"))
    values = {value for value, _ in form.fields[name].choices}
    assert values == {S.IN_PROGRESS, *plan.TRANSITIONS[S.IN_PROGRESS]}


def test_measure_filled_by_itself_is_not_asked(client, agreement, action) -> None:
    from opendata.models import Indicator

    indicator, _ = Indicator.objects.get_or_create(key="essai", defaults={"label": "Essai"})
    plan.create_measure(
        agreement, actor=None, action=action, label="Taux publié", indicator=indicator
    )
    row = campaign(agreement, {action.lead_contact: Channel.MAIL})
    assert "Taux publié" not in client.get(page(token_of(lead_of(row)))).content.decode()


# --- Several visits, then one sending -------------------------------------------------------
def test_lead_keeps_comes_back_and_sends(client, agreement, action, lead) -> None:
    url = page(token_of(lead))
    form = client.get(url).context["form"]
    answer = client.post(url, typed(form, progress="60", progress_note="Ouverte !", geste="garder"))
    assert answer["Location"] == f"{url}?garde"
    action.refresh_from_db()
    assert action.progress == 40

    again = client.get(f"{url}?garde")
    assert "C'est enregistré" in again.content.decode()
    form = again.context["form"]
    measure = action.measures.get()
    figure = f"m{measure.pk}"
    sent = client.post(
        url, typed(form, **{figure: "1 234,5", "geste": "envoyer"}) | {"geste": "envoyer"}
    )
    assert sent.status_code == 200
    assert "Merci" in sent.content.decode()
    assert "1\u00a0234,5\u00a0familles" in sent.content.decode()
    (answer,) = queries.answers_of_lead(lead)
    assert (answer.state, answer.progress, answer.progress_note) == ("to_review", 60, "Ouverte !")
    assert answer.figures.get().value == Decimal("1234.5")
    assert client.get(url).status_code == 410


def test_blocked_asks_why_when_sending_and_not_when_keeping(client, lead) -> None:
    url = page(token_of(lead))
    form = client.get(url).context["form"]
    assert client.post(url, typed(form, status="blocked") | {"geste": "garder"}).status_code == 302
    form = client.get(url).context["form"]
    refused = client.post(url, typed(form) | {"geste": "envoyer"})
    assert refused.status_code == 422
    text = refused.content.decode()
    for sentence in (
        "Dites par quoi elle est bloquée.",
        "Dites ce qui la débloquerait.",
        "Dites quand la revoir.",
    ):
        assert sentence in text
    full = typed(
        form, blocked_cause="Le maçon", unblock_condition="Un autre maçon", blocked_review_on="2027-01-15"
    )  # fmt: skip
    assert client.post(url, full | {"geste": "envoyer"}).status_code == 200


def test_cause_typed_under_another_status_is_not_dropped_in_silence(client, lead) -> None:
    url = page(token_of(lead))
    form = client.get(url).context["form"]
    refused = client.post(url, typed(form, blocked_cause="Le maçon") | {"geste": "envoyer"})
    assert refused.status_code == 422
    assert "Choisissez le statut" in refused.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("progress", "150"), ("progress", "beaucoup"), ("status", "inconnu"), ("status", "to_discuss"),
        ("blocked_review_on", "bientôt"), ("progress_note", "x" * 2001),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words_and_kept_on_the_page(client, lead, field, value) -> None:
    url = page(token_of(lead))
    form = client.get(url).context["form"]
    response = client.post(
        url, typed(form, dropped_reason="Un mot gardé", **{field: value}) | {"geste": "garder"}
    )
    assert response.status_code == 422
    assert "Un mot gardé" in response.content.decode()
    assert queries.answers_of_lead(lead)[0].status == ""


@pytest.mark.parametrize("value", ["beaucoup", "1.234", "99999999999999", "1e9999", "NaN"])
def test_bad_figure_is_refused_in_words(client, action, lead, value) -> None:
    url = page(token_of(lead))
    form = client.get(url).context["form"]
    name = f"m{action.measures.get().pk}"
    assert client.post(url, typed(form, **{name: value}) | {"geste": "garder"}).status_code == 422


def test_two_tabs_show_the_figures_that_differ(client, action, lead) -> None:
    measure = action.measures.get()
    url = page(token_of(lead))
    first, second = (client.get(url).context["form"] for _ in range(2))
    name = f"m{measure.pk}"
    client.post(url, typed(first, **{name: "41"}) | {"geste": "garder"})
    clash = client.post(url, typed(second, **{name: "52"}) | {"geste": "garder"})
    assert clash.status_code == 409
    (rows,) = clash.context["form"].stale.values()
    assert {"label": measure.label, "mine": "52", "theirs": "41"} in rows


def test_two_tabs_show_both_and_lose_nothing(client, lead) -> None:
    url = page(token_of(lead))
    first, second = (client.get(url).context["form"] for _ in range(2))
    client.post(url, typed(first, progress_note="Premier onglet") | {"geste": "garder"})
    clash = client.post(url, typed(second, progress_note="Second onglet") | {"geste": "garder"})
    assert clash.status_code == 409
    shown = clash.content.decode()
    assert "Premier onglet" in shown
    assert "Second onglet" in shown
    kept = typed(clash.context["form"])
    assert client.post(url, kept | {"geste": "garder"}).status_code == 302
    assert queries.answers_of_lead(lead)[0].progress_note == "Second onglet"


def test_words_typed_in_a_page_that_closed_meanwhile_are_shown_back(client, lead) -> None:
    url = page(token_of(lead))
    form = client.get(url).context["form"]
    campaigns.close_campaign(lead.campaign, actor=None)
    late = client.post(
        url, typed(form, progress_note="Vingt familles reçues") | {"geste": "envoyer"}
    )
    assert late.status_code == 410
    assert "Cette campagne est terminée" in late.content.decode()
    assert "Vingt familles reçues" in late.content.decode()


def test_second_sending_says_thank_you_and_shows_its_words(client, lead) -> None:
    url = page(token_of(lead))
    data = typed(client.get(url).context["form"], progress_note="Une fois") | {"geste": "envoyer"}
    assert client.post(url, data).status_code == 200
    second = client.post(url, data | {"progress_note": "Deux fois"})
    assert second.status_code == 410
    assert "Une fois" in second.content.decode()
    assert queries.answers_of_lead(lead)[0].progress_note == "Une fois"


def test_action_archived_or_deleted_while_typing_gives_the_words_back(
    client, agreement, action, lead
) -> None:
    url = page(token_of(lead))
    data = typed(client.get(url).context["form"], progress_note="Mes mots") | {"geste": "envoyer"}
    plan.archive_action(Action.objects.get(pk=action.pk), actor=None)
    response = client.post(url, data)
    assert response.status_code == 409
    assert "Mes mots" in response.content.decode()
    Action.objects.get(pk=action.pk).delete()
    response = client.post(url, data)
    assert response.status_code == 409
    assert "Mes mots" in response.content.decode()


def test_answers_of_others_cannot_be_written_through_a_link(
    client, agreement, action, lead
) -> None:
    other = make_action(agreement, title="Autre", lead_contact=person(agreement, "Tiers"))
    row = campaign(agreement, {other.lead_contact: Channel.MAIL})
    (theirs,) = queries.answers_of_lead(lead_of(row))
    url = page(token_of(lead))
    data = typed(client.get(url).context["form"]) | {
        f"a{theirs.pk}-status": "done", f"a{theirs.pk}-progress_note": "Forgé", "geste": "garder",
    }  # fmt: skip
    client.post(url, data)
    assert queries.answers_of_lead(lead_of(row))[0].status == ""


# --- Links that open nothing ----------------------------------------------------------------
@pytest.mark.parametrize("token", ["x", "0" * 43, "%00", "é" * 20, "..", "a" * 3000])
def test_unknown_link_is_not_found_in_words(client, db, token) -> None:
    response = client.get(f"/nouvelles/{token}/")
    assert response.status_code == 404


def test_link_of_a_document_gives_no_news_and_the_reverse(client, agreement, lead) -> None:
    _, token = create_link(SnapshotFactory(agreement=agreement), actor=None, label="Mme X")
    assert client.get(page(token)).status_code == 404
    assert client.get(reverse("shared_document", args=[token_of(lead)])).status_code == 404


def test_expired_revoked_and_closed_links_say_so(client, lead) -> None:
    token = token_of(lead)
    link = CampaignLink.objects.order_by("-pk").first().link
    AccessLink.objects.filter(pk=link.pk).update(expires_at=link.created_at)
    assert client.get(page(token)).status_code == 410
    token = token_of(lead)
    doors.revoke_links(lead, actor=None)
    assert client.get(page(token)).status_code == 410


def test_known_and_unknown_tokens_cost_the_same_queries(
    client, lead, django_assert_num_queries
) -> None:
    token = token_of(lead)
    doors.revoke_links(lead, actor=None)
    for tried in (token, "inconnu"):
        with django_assert_num_queries(1):
            client.get(page(tried))


def test_too_many_wrong_addresses_make_a_machine_wait(client, lead) -> None:
    token = token_of(lead)
    for rank in range(WRONG_TOKENS):
        assert client.get(page(f"faux-{rank}")).status_code == 404
    assert client.get(page(token)).status_code == 429
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.get(page(token)).status_code == 200


def test_only_the_hash_is_kept(agreement, lead) -> None:
    token = token_of(lead)
    stored = [str(row) for row in AccessLink.objects.values()]
    stored += [str(row) for row in OutgoingMail.objects.values()]
    assert token not in "".join(stored)


def test_page_costs_the_same_for_one_action_and_many(
    client, agreement, action, lead, django_assert_num_queries
) -> None:
    token = token_of(lead)
    with django_assert_num_queries(NEWS_QUERIES):
        client.get(page(token))
    for _ in range(6):
        extra = make_action(agreement, lead_contact=action.lead_contact)
        plan.create_measure(agreement, actor=None, action=extra, label="Mesure")
    row = campaign(agreement, {action.lead_contact: Channel.MAIL})
    token = token_of(lead_of(row))
    with django_assert_num_queries(NEWS_QUERIES):
        client.get(page(token))


NEWS_QUERIES = 8


# --- The coordinator ------------------------------------------------------------------------
def test_campaign_is_created_previewed_and_sent(client_as, agreement, action) -> None:
    alone = make_action(agreement, title="Action sans pilote")
    client = client_as(Role.COORDINATOR)
    blank = client.get(address(agreement, "campaign_create"))
    assert "Action sans pilote" in blank.content.decode()
    assert address(agreement, "update", alone.pk) in blank.content.decode()
    form = blank.context["form"]
    data = {name: form[name].value() for name in form.fields if name != "version"}
    data = {name: value for name, value in data.items() if value is not False and value is not None}
    response = client.post(address(agreement, "campaign_create"), data)
    row = Campaign.objects.get()
    assert response["Location"] == address(agreement, "campaign", row.pk)
    preview = client.get(response["Location"]).content.decode()
    assert "Ouvrir la ludothèque" in preview
    assert "lien personnel" in preview
    assert OutgoingMail.objects.count() == 0
    client.post(address(agreement, "campaign_send", row.pk))
    assert OutgoingMail.objects.count() == 2
    follow = client.get(address(agreement, "campaign", row.pk)).content.decode()
    assert "0 sur 2" in follow


def test_nobody_ticked_is_refused(client_as, agreement, action) -> None:
    data = {"title": "T", "year": 2026, "closes_on": in_days(5), "max_reminders": 1}
    for pk in (
        action.lead_contact_id,
        *(p.contact.pk for p in queries.proposals(agreement).people),
    ):
        data[f"channel-{pk}"] = "mail"
    response = client_as(Role.COORDINATOR).post(address(agreement, "campaign_create"), data)
    assert response.status_code == 422
    assert "Choisissez au moins une personne" in response.content.decode()


@pytest.fixture
def answered(lead: CampaignLead) -> CampaignLead:
    (answer,) = queries.answers_of_lead(lead)
    news.send_answers(lead, [entry(answer, progress=60, progress_note="Ouverte.")])
    return lead


def test_review_shows_old_and_new_and_accepts_what_is_ticked(
    client_as, agreement, action, answered
) -> None:
    client = client_as(Role.COORDINATOR)
    url = address(agreement, "campaign_review", answered.campaign_id)
    shown = client.get(url).content.decode()
    assert "Le bail est signé." in shown
    assert "Ouverte." in shown
    (answer,) = queries.answers_of_lead(answered)
    client.post(url, {"reponse": answer.pk, f"v{answer.pk}": action.version, "geste": "accepter"})
    action.refresh_from_db()
    assert action.progress_note == "Ouverte."
    assert action.history.latest().history_user is not None


def test_refusal_stands_beside_its_answer(client_as, agreement, action, answered) -> None:
    plan.update_action(Action.objects.get(pk=action.pk), actor=None, progress=50)
    (answer,) = queries.answers_of_lead(answered)
    url = address(agreement, "campaign_review", answered.campaign_id)
    response = client_as(Role.COORDINATOR).post(
        url, {"une": answer.pk, f"v{answer.pk}": action.version}
    )
    assert response.status_code == 409
    assert html.escape(reviews.MOVED) in response.content.decode()


def test_amending_enters_the_plan_in_one_go(client_as, agreement, action, answered) -> None:
    (answer,) = queries.answers_of_lead(answered)
    client, url = client_as(Role.COORDINATOR), address(agreement, "answer_amend", answer.pk)
    form = client.get(url).context["form"]
    response = client.post(url, typed(form, progress_note="Ouverte en mars.", status="blocked"))
    assert response.status_code == 422
    full = typed(
        form, progress_note="Ouverte en mars.", status="blocked", blocked_cause="A",
        unblock_condition="B", blocked_review_on="2027-02-01",
    )  # fmt: skip
    assert client.post(url, full).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.progress_note) == (S.BLOCKED, "Ouverte en mars.")
    late = client.post(url, full)
    assert late.status_code == 422
    assert "déjà acceptée" in late.content.decode()


def test_returning_asks_for_a_reason(client_as, agreement, answered) -> None:
    (answer,) = queries.answers_of_lead(answered)
    client = client_as(Role.COORDINATOR)
    review = address(agreement, "campaign_review", answered.campaign_id)
    to = client.post(review, {"reponse": answer.pk, "geste": "renvoyer"})["Location"]
    assert client.get(to).status_code == 200
    url = to.split("?")[0]
    assert client.post(url, {"r": answer.pk, "reason": " "}).status_code == 422
    assert client.post(url, {"r": answer.pk, "reason": "Depuis quand ?"}).status_code == 302
    assert queries.answers_of_lead(answered)[0].return_reason == "Depuis quand ?"


def test_merge_list_has_new_links_and_no_formula(client_as, agreement, client) -> None:
    evil = person(agreement, "Formule")
    evil.first_name = "=cmd()"
    evil.save()
    make_action(agreement, lead_contact=evil)
    row = campaign(agreement, {evil: Channel.OWN_MAIL})
    signed_in = client_as(Role.COORDINATOR)
    told = signed_in.get(address(agreement, "campaign_merge", row.pk)).content.decode()
    assert "/nouvelles/" not in re.sub(r"/plan/nouvelles/", "", told)
    response = signed_in.post(address(agreement, "campaign_merge", row.pk))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "no-store" in response["Cache-Control"]
    header, line = csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
    assert header == ["nom", "adresse électronique", "lien personnel"]
    assert line[0] == "'=cmd() Formule"
    assert client.get(line[2].replace("http://127.0.0.1:8000", "")).status_code == 200


def test_link_to_copy_is_shown_once(client_as, agreement, lead) -> None:
    client = client_as(Role.COORDINATOR)
    shown = client.post(address(agreement, "lead_link", lead.pk))
    assert "no-store" in shown["Cache-Control"]
    token = re.search(r"127.0.0.1:8000/nouvelles/([\w-]+)/", shown.content.decode())[1]
    assert Client().get(page(token)).status_code == 200
    follow = client.get(address(agreement, "campaign", lead.campaign_id)).content.decode()
    assert token not in follow


def test_paper_answers_are_typed_in_the_name_of_the_lead(client_as, agreement, action) -> None:
    row = campaign(agreement, {action.lead_contact: Channel.PAPER})
    lead, client = lead_of(row), client_as(Role.COORDINATOR)
    url = address(agreement, "lead_type", lead.pk)
    form = client.get(url).context["form"]
    assert client.post(url, typed(form, progress="70") | {"geste": "envoyer"}).status_code == 302
    (answer,) = queries.answers_of_lead(lead)
    assert (answer.state, answer.progress, answer.typed_by) == (
        "to_review", 70, client.membership.user,
    )  # fmt: skip


def test_paper_sheets_are_drawn_in_word_and_excel_without_money(
    client_as, agreement, action, lead
) -> None:
    from docx import Document

    client = client_as(Role.COORDINATOR)
    word = client.get(address(agreement, "lead_sheet", lead.pk, "docx"))
    document = Document(io.BytesIO(word.content))
    cells = " ".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    text = cells + " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "Ouvrir la ludothèque" in text
    assert "Familles reçues" in text
    assert not [
        amount for amount in ("98765", "98\u00a0765", "54321", "54\u00a0321") if amount in text
    ]
    assert client.get(address(agreement, "lead_sheet", lead.pk, "pdf")).status_code == 404
    book = load_workbook(
        io.BytesIO(client.get(address(agreement, "lead_sheet", lead.pk, "xlsx")).content)
    )
    assert book.sheetnames[:2] == ["Réponses", "Chiffres"]


def test_filled_workbook_fills_the_form_and_keeps_nothing_before_it_is_read(
    client_as, agreement, action, lead
) -> None:
    client = client_as(Role.COORDINATOR)
    book = load_workbook(
        io.BytesIO(client.get(address(agreement, "lead_sheet", lead.pk, "xlsx")).content)
    )
    answers, figures = book["Réponses"], book["Chiffres"]
    titles = {cell.value: cell.column for cell in answers[1]}
    answers.cell(2, titles["Avancement (%)"]).value = 85
    answers.cell(2, titles["Statut"]).value = "en pause"
    figures.cell(2, {cell.value: cell.column for cell in figures[1]}["Valeur 2026"]).value = 52
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "fiche.xlsx"
    response = client.post(address(agreement, "lead_import", lead.pk), {"file": out})
    assert response.status_code == 200
    assert queries.answers_of_lead(lead)[0].status == ""
    data = typed(response.context["form"])
    (key,) = {name.split("-")[0] for name in data}
    assert data[f"{key}-progress"] == 85
    assert data[f"{key}-status"] == "paused"
    assert data[f"{key}-m{action.measures.get().pk}"] == "52"
    assert (
        client.post(
            address(agreement, "lead_type", lead.pk), data | {"geste": "envoyer"}
        ).status_code
        == 302
    )


@pytest.mark.parametrize("content", [b"", b"pas un classeur", b"PK\x03\x04abime"])
def test_workbook_that_is_none_is_refused_in_words(client_as, agreement, lead, content) -> None:
    file = io.BytesIO(content)
    file.name = "fiche.xlsx"
    response = client_as(Role.COORDINATOR).post(
        address(agreement, "lead_import", lead.pk), {"file": file}
    )
    assert response.status_code == 422


def test_reminder_page_shows_who_before_sending(client_as, agreement, lead) -> None:
    client, url = (
        client_as(Role.COORDINATOR),
        address(agreement, "campaign_remind", lead.campaign_id),
    )
    assert "Claire Martin" in client.get(url).content.decode()
    assert OutgoingMail.objects.count() == 1
    client.post(url, {"personne": [f"{lead.pk}:0", "n'importe:quoi", "9999:0"]})
    assert OutgoingMail.objects.count() == 2
    assert "le maximum choisi" in client.get(url).content.decode()


@pytest.mark.parametrize("name", ["campaigns", "campaign", "campaign_review"])
def test_pages_cost_the_same_for_one_person_and_many(
    client_as, agreement, action, answered, name, django_assert_num_queries
) -> None:
    client = client_as(Role.COORDINATOR)
    url = address(agreement, name, *([] if name == "campaigns" else [answered.campaign_id]))
    client.get(url)
    with django_assert_num_queries(PAGE_QUERIES[name]):
        client.get(url)
    others = [person(agreement, f"N{rank}") for rank in range(5)]
    for contact in others:
        plan.create_measure(
            agreement, actor=None, action=make_action(agreement, lead_contact=contact), label="M"
        )
    row = Campaign.objects.get(pk=answered.campaign_id)
    added = campaigns.add_leads(row, actor=None, leads=dict.fromkeys(others, Channel.MAIL))
    for lead in added[:3]:
        (answer,) = queries.answers_of_lead(lead)
        news.send_answers(lead_of(row, lead.contact), [entry(answer, progress=10)])
    with django_assert_num_queries(PAGE_QUERIES[name]):
        client.get(url)


PAGE_QUERIES = {"campaigns": 4, "campaign": 9, "campaign_review": 9}


def test_week_says_what_waits(client_as, agreement, answered) -> None:
    week = client_as(Role.COORDINATOR).get(reverse("desk:week", args=[agreement.slug]))
    assert "1\u00a0réponse à valider" in week.content.decode()


STRANGE = ("²", "9" * 30, "-1", "x")


@pytest.mark.parametrize("key", STRANGE)
def test_strange_keys_are_no_error(agreement, client_as, key) -> None:
    contact = person(agreement)
    make_action(agreement, lead_contact=contact)
    row = campaign(agreement, {contact: Channel.MAIL})
    answer = lead_of(row).answers.get()
    news.send_answers(lead_of(row), [entry(answer, progress_note="Ça avance")])
    client = client_as(Role.COORDINATOR)
    remind, review = (address(agreement, f"campaign_{n}", row.pk) for n in ("remind", "review"))
    assert client.post(remind, {"personne": f"{key}:{key}"}).status_code == 302
    assert client.post(review, {"une": key}).status_code == 302
    version = {"une": str(answer.pk), f"v{answer.pk}": key}
    assert client.post(review, version).status_code == 302
    assert client.get(address(agreement, "campaign_return", row.pk), {"r": key}).status_code == 200


def test_nobody_is_invited_to_ask_themselves(agreement, client_as) -> None:
    """The coordinator leads an action too: she has no news to ask of herself."""
    client = client_as(Role.COORDINATOR)
    asked, coordinator = person(agreement), person(agreement, "Durand")
    coordinator.user_id = int(client.session["_auth_user_id"])
    coordinator.save()
    make_action(agreement, lead_contact=asked)
    make_action(agreement, lead_contact=coordinator)
    row = campaign(agreement, {asked: Channel.PAPER})
    url = reverse("actionplan:campaign", args=[agreement.slug, row.pk])
    assert client.get(url).context["newcomers"] == []
    coordinator.user = None
    coordinator.save()
    shown = client.get(url).context["newcomers"]
    assert [proposal.contact for proposal in shown] == [coordinator]
