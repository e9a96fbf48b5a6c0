"""A session on a tablet: the line falls, two people type; no word is lost. Then the record."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from committees.models import AgendaItem, Meeting, MeetingRecord, SessionNote
from committees.services import hand_over_link
from demo.content.agreement import ACCOUNTS, SLUG
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
COORDINATOR = ACCOUNTS[0].email
ELECTED = next(account.email for account in ACCOUNTS if account.role == "elected")
KEPT = "vos mots sont gardés sur cet appareil"
PRESENT = re.compile("^Présent")  # « Présent (annoncé) » too


@pytest.fixture
def item(server: str) -> AgendaItem:
    """A point of arbitration of the coming COPIL."""
    found = AgendaItem.objects.filter(agreement__slug=SLUG, arbitration__isnull=False).first()
    assert found is not None
    return found


def session_url(server: str, item: AgendaItem) -> str:
    return server + reverse("committees:session", args=[SLUG, item.meeting_id])


def coordinator(browser: Browser, server: str, width: int = 1024) -> Visitor:
    visitor = Visitor(browser, server, COORDINATOR, width=width, theme="light")
    visitor.page.on("dialog", lambda dialog: dialog.accept())  # « quitter la page ? »
    return visitor


def field(page: Page, item: AgendaItem) -> Locator:
    return page.locator(f"#note-{item.pk}")


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text("Enregistré à", timeout=30_000)


def test_lost_line_loses_no_word(browser: Browser, server: str, item: AgendaItem) -> None:
    visitor = coordinator(browser, server)
    page = visitor.page
    visitor.open(session_url(server, item))
    visitor.context.set_offline(True)
    field(page, item).fill("La PMI confirme son avis favorable.")
    field(page, item).blur()
    expect(page.locator("[data-save-state]")).to_contain_text(KEPT)
    assert not SessionNote.objects.filter(item=item).exists()

    # The tablet is shut with the line down; the page is opened again once it is back.
    page.close(run_before_unload=False)
    visitor.context.set_offline(False)
    page = visitor.page = visitor.context.new_page()
    visitor.open(session_url(server, item))
    expect(field(page, item)).to_have_value("La PMI confirme son avis favorable.")
    saved(page)
    assert SessionNote.objects.get(item=item).text == "La PMI confirme son avis favorable."

    # The line falls and comes back without leaving the page: it saves by itself.
    visitor.context.set_offline(True)
    field(page, item).fill("La PMI confirme son avis favorable. Le lot est relancé.")
    field(page, item).blur()
    expect(page.locator("[data-save-state]")).to_contain_text(KEPT)
    visitor.context.set_offline(False)
    saved(page)
    assert SessionNote.objects.get(item=item).text.endswith("Le lot est relancé.")
    page.reload()
    expect(field(page, item)).to_have_value(re.compile("Le lot est relancé"))
    assert (
        page.evaluate("Object.keys(localStorage).filter((k) => k.includes('notes-seance'))") == []
    )
    visitor.close()


def test_two_people_under_one_point_lose_nothing(
    browser: Browser, server: str, item: AgendaItem
) -> None:
    one, two = coordinator(browser, server), coordinator(browser, server)
    for visitor in (one, two):
        visitor.open(session_url(server, item))
    # Both fields have been entered before either wrote: neither reads the other's words first.
    for visitor in (one, two):
        field(visitor.page, item).focus()
    field(one.page, item).fill("Mme Hubert présente les options.")
    field(one.page, item).blur()
    saved(one.page)
    field(two.page, item).fill("M. Fontaine annonce une réponse en mars.")
    field(two.page, item).blur()
    panel = two.page.locator(".session-conflict")
    expect(panel).to_contain_text("Mme Hubert présente les options.")
    expect(field(two.page, item)).to_have_value("M. Fontaine annonce une réponse en mars.")
    troubles = [words for words in two.problems() if "409" not in words]
    assert troubles == []
    panel.get_by_role("button", name="Garder les deux").click()
    saved(two.page)
    text = SessionNote.objects.get(item=item).text
    assert "Mme Hubert présente les options." in text
    assert "M. Fontaine annonce une réponse en mars." in text
    # The first, who types on: sees both texts too.
    field(one.page, item).press("End")
    field(one.page, item).press_sequentially(" Option B.")
    field(one.page, item).blur()
    expect(one.page.locator(".session-conflict")).to_contain_text("réponse en mars")
    one.page.get_by_role("button", name="Garder les deux").click()
    saved(one.page)
    kept = SessionNote.objects.get(item=item).text
    assert "réponse en mars" in kept
    assert "Option B." in kept
    one.close()
    two.close()


def test_words_kept_over_a_version_that_moved_are_shown_beside_it(
    browser: Browser, server: str, item: AgendaItem
) -> None:
    visitor, other = coordinator(browser, server), coordinator(browser, server)
    visitor.open(session_url(server, item))
    visitor.context.set_offline(True)
    field(visitor.page, item).fill("Écrit pendant la coupure.")
    expect(visitor.page.locator("[data-save-state]")).to_contain_text(KEPT)
    visitor.page.close(run_before_unload=False)
    other.open(session_url(server, item))
    field(other.page, item).fill("Écrit par l'autre.")
    field(other.page, item).blur()
    saved(other.page)
    visitor.context.set_offline(False)
    visitor.page = visitor.context.new_page()
    visitor.open(session_url(server, item))
    expect(visitor.page.locator(".session-conflict")).to_contain_text("Écrit par l'autre.")
    expect(field(visitor.page, item)).to_have_value("Écrit pendant la coupure.")
    assert SessionNote.objects.get(item=item).text == "Écrit par l'autre."
    visitor.page.get_by_role("button", name="Garder le mien").click()
    saved(visitor.page)
    assert SessionNote.objects.get(item=item).text == "Écrit pendant la coupure."
    visitor.close()
    other.close()


def test_session_from_the_first_tap_to_the_validated_record(
    browser: Browser, server: str, item: AgendaItem
) -> None:
    Meeting.objects.filter(pk=item.meeting_id).update(on=timezone.localdate())
    desk = coordinator(browser, server)
    page = desk.page
    desk.open(session_url(server, item))
    page.get_by_role("button", name="Ouvrir la séance maintenant").click()
    row = page.locator(".session-person", has_text="Hélène Vauthier")
    row.get_by_role("button", name=PRESENT).click()
    expect(row.get_by_role("button", name=PRESENT)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".session-counts")).to_contain_text("Présents")
    row = page.locator(".session-person", has_text="Valérie Guyot")
    represented = row.get_by_role("button", name=re.compile("^Représenté"))
    represented.click()
    expect(represented).to_have_attribute("aria-pressed", "true")
    row.get_by_label("Représenté par").fill("M. Étienne Caron")
    row.get_by_role("button", name=PRESENT).click()
    expect(row).to_contain_text("ne peut pas être")
    row.get_by_role("button", name="Noter le nom").last.click()
    expect(row.get_by_label("Représenté par")).to_have_value("M. Étienne Caron")
    field(page, item).fill("Mme Hubert présente les trois options.")
    saved(page)
    point = page.locator(f"#point-{item.pk}")
    point.get_by_role("link", name="Noter une décision").click()
    point.get_by_label("Décision", exact=False).last.wait_for()
    point.locator("textarea[name=text]").fill("Le comité retient l'option B.")
    point.locator("select[name=chosen_option]").select_option(index=2)
    assert desk.problems() == []
    point.get_by_role("button", name="Noter la décision").click()
    expect(page.locator(f"#point-{item.pk}")).to_contain_text("Le comité retient l'option B.")
    expect(field(page, item)).to_have_value("Mme Hubert présente les trois options.")
    page.get_by_role("button", name="Clore la réunion").click()
    page.wait_for_selector("h1:has-text('Relevé de décisions')")
    assert "Le comité retient l'option B." in page.inner_text(".document")
    page.get_by_role("link", name="Soumettre à la présidence").click()
    page.fill("textarea[name=introduction]", "Le comité a tranché.")
    page.get_by_role("button", name="Soumettre").click()
    page.wait_for_selector("text=Pour faire valider")
    assert desk.problems() == []

    meeting = Meeting.objects.get(pk=item.meeting_id)
    record = MeetingRecord.objects.get(meeting=meeting)
    assert meeting.chair is not None
    address = hand_over_link(record, actor=None, contact=meeting.chair)
    mayor = Visitor(browser, server, "", width=390, theme="light")
    mayor.open(address)
    assert mayor.problems() == []
    mayor.page.get_by_role("button", name="Je valide ce relevé").click()
    mayor.page.wait_for_selector("h1:has-text('le relevé est validé')")
    page.reload()
    expect(page.locator("#etat")).to_contain_text("par son lien personnel")
    desk.close()
    mayor.close()


def test_elected_official_validates_the_record_that_waits(browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, ELECTED, width=390, theme="dark")
    page = visitor.page
    visitor.open(f"{server}/")
    page.get_by_role("link", name=re.compile("Comité technique")).first.click()
    page.wait_for_selector("text=attend votre validation")
    assert visitor.problems() == []
    page.get_by_role("button", name="Valider le relevé").click()
    expect(page.locator("#etat")).to_contain_text("dans Fil rouge")
    visitor.close()
