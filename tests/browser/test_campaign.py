"""A whole campaign: the coordinator asks, two leads answer on a phone, the coordinator weighs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from actionplan.models import Action, Campaign, CampaignLead
from actionplan.services.campaigns import extend_campaign
from actionplan.services.doors import new_link
from demo.content.agreement import ACCOUNTS, SLUG
from partners.models import Contact
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
COORDINATOR = ACCOUNTS[0].email
TITLE = "Avant le bureau de janvier"
# (last name, what they lead): one answers in one visit, the other in two.
QUICK, SLOW = "Prévost", "Camara"


def campaign_url(server: str, name: str, *args: object) -> str:
    return server + reverse(f"actionplan:{name}", args=[SLUG, *args])


def link_of(last_name: str) -> str:
    """The link in the message that the person received."""
    email = Contact.objects.get(agreement__slug=SLUG, last_name=last_name).email
    (message,) = (m for m in django_mail.outbox if email in m.to[0])
    return re.search(r"https?://\S+/nouvelles/\S+", message.body)[0]  # type: ignore[index]


def phone(browser: Browser, server: str) -> Visitor:
    visitor = Visitor(browser, server, "", width=390, theme="light")
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    return visitor


def send(page: Page) -> None:
    page.get_by_role("button", name="Envoyer mes réponses").click()
    page.wait_for_selector("h1:has-text('Merci')")


def test_campaign_from_the_question_to_the_plan(browser: Browser, server: str) -> None:
    desk = Visitor(browser, server, COORDINATOR, width=1280, theme="light")
    page = desk.page

    # The coordinator prepares, reads the message again, sends.
    desk.open(campaign_url(server, "campaigns"))
    assert desk.problems() == []
    page.get_by_role("link", name="Nouvelle campagne").click()
    page.fill("input[name=title]", TITLE)
    for box in page.locator(".campaign-person input[type=checkbox]").all():
        box.uncheck()
    for name in (QUICK, SLOW):
        page.locator(f".campaign-person:has-text('{name}') input[type=checkbox]").check()
    assert desk.problems() == []
    page.get_by_role("button", name="Voir le message").click()
    page.wait_for_selector(f"h1:has-text('{TITLE}')")
    assert "Bonjour" in page.inner_text(".campaign-body >> nth=0")
    assert desk.problems() == []
    assert django_mail.outbox == []
    page.get_by_role("button", name="Lancer la campagne").click()
    page.wait_for_selector("text=0 sur 2")
    assert desk.problems() == []
    assert len(django_mail.outbox) == 2
    campaign = Campaign.objects.get(title=TITLE)

    # The first answers in one visit; the status unfolds what it asks for.
    quick = phone(browser, server)
    first = link_of(QUICK)
    assert quick.open(first) == 200
    assert quick.problems() == []
    assert not quick.page.get_by_label("Bloquée par").is_visible()
    quick.page.select_option("select[name$=-status]", "blocked")
    quick.page.get_by_label("Bloquée par").fill("La salle est fermée pour travaux")
    quick.page.get_by_label("Pour débloquer").fill("Une salle au centre social")
    quick.page.get_by_role("button", name="Envoyer mes réponses").click()
    quick.page.wait_for_selector("#erreurs")
    assert "Dites quand la revoir" in quick.page.inner_text("#erreurs")
    quick.troubles.clear()  # the 422 that was meant
    assert quick.problems() == []
    quick.page.get_by_label("À revoir le").fill("2027-01-15")
    send(quick.page)
    assert "La salle est fermée pour travaux" in quick.page.inner_text("main")
    assert quick.problems() == []
    assert quick.open(first) == 410
    quick.troubles.clear()
    assert quick.problems() == []
    quick.close()

    # The second keeps, comes back another day by the same link, then sends.
    visits = phone(browser, server)
    second = link_of(SLOW)
    visits.open(second)
    visits.page.fill("textarea[name$=-progress_note]", "Deux accueillantes recrutées.")
    visits.page.get_by_role("button", name="Enregistrer et revenir").click()
    visits.page.wait_for_selector("text=C'est enregistré")
    assert visits.problems() == []
    visits.close()
    back = phone(browser, server)
    back.open(second)
    assert (
        back.page.input_value("textarea[name$=-progress_note]") == "Deux accueillantes recrutées."
    )
    back.page.fill("input[name$=-progress]", "80")
    send(back.page)
    back.close()

    # Old beside new: one accepted as it is, the other corrected.
    desk.open(campaign_url(server, "campaign", campaign.pk))
    assert "2 sur 2" in page.inner_text("main")
    page.get_by_role("link", name="Valider les réponses").click()
    page.wait_for_selector("h1:has-text('Réponses à valider')")
    assert desk.problems() == []
    desk.resize(320)
    assert desk.problems() == []
    desk.resize(1280)
    card = page.locator("section.card", has_text="Deux accueillantes recrutées.")
    assert "80 %" in card.inner_text().replace("\u00a0", " ")
    card.get_by_role("button", name="Accepter").click()
    page.wait_for_selector("text=1\u00a0réponse est entrée dans le plan")
    page.get_by_role("link", name="Corriger puis accepter").click()
    page.wait_for_selector("h1:has-text('Corriger')")
    assert desk.problems() == []
    page.get_by_label("Pour débloquer").fill("Une salle prêtée par le centre social")
    page.get_by_role("button", name="Accepter ainsi corrigée").click()
    page.wait_for_selector("text=La réponse corrigée est entrée")
    desk.open(campaign_url(server, "campaign", campaign.pk))
    assert "acceptée" in page.inner_text("main")
    assert desk.problems() == []

    accepted = Action.objects.get(agreement__slug=SLUG, lead_contact__last_name=SLOW, code="3.1.1")
    amended = Action.objects.get(agreement__slug=SLUG, lead_contact__last_name=QUICK)
    assert (accepted.progress, accepted.progress_note) == (80, "Deux accueillantes recrutées.")
    assert (amended.status, amended.unblock_condition) == (
        "blocked",
        "Une salle prêtée par le centre social",
    )
    desk.close()


def test_lead_answers_without_javascript_by_keyboard(browser: Browser, server: str) -> None:
    campaign = Campaign.objects.get(agreement__slug=SLUG, state="open")
    extend_campaign(campaign, actor=None, closes_on=timezone.localdate() + timedelta(days=9))
    lead = CampaignLead.objects.select_related("campaign__agreement", "agreement", "contact").get(
        campaign=campaign, contact__last_name="Collot"
    )
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(new_link(lead, actor=None))
    page.focus("textarea[name$=-progress_note] >> nth=0")
    page.keyboard.press("Control+A")
    page.keyboard.type("Neuf permanences tenues.")
    page.focus("button[value=envoyer]")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Merci')")
    assert "Neuf permanences tenues." in page.inner_text("main")
    context.close()
