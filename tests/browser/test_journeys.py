"""What people come to do, from the first click to the last."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from actionplan.models import Action
from agreements.models import Snapshot
from demo.content.agreement import ACCOUNTS, SLUG
from tests.browser.conftest import PATIENCE, Visitor

pytestmark = pytest.mark.browser

EMAILS = {str(account.role): account.email for account in ACCOUNTS}


def test_coordinator_produces_the_pack_in_one_click(browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, EMAILS["coordinator"], width=1280, theme="light")
    visitor.open(server + reverse("reports:documents", args=[SLUG]))
    visitor.page.get_by_role("link", name="Choisir les parties", exact=False).filter(
        has_text="Dossier de séance"
    ).click()
    visitor.page.get_by_label("Moyens").uncheck()
    visitor.page.get_by_role("button", name="Produire le dossier").click()
    visitor.page.wait_for_selector("#dossier a[href$='fichier.pdf']")

    assert "N° 2" in visitor.page.inner_text("#dossier")
    assert "Longueur" in visitor.page.inner_text("#dossier")
    with visitor.page.expect_download() as download:
        visitor.page.locator("#dossier a[href$='fichier.pdf']").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert not visitor.page.get_by_label("Moyens").is_checked()
    visitor.page.get_by_role("link", name="Lire à l'écran").click()
    assert "Dossier de séance – Comité de pilotage" in visitor.page.inner_text("h1")
    assert "Comment financer les 38" in visitor.page.inner_text(".document")
    made = Snapshot.objects.filter(kind="dossier-copil").order_by("number")
    assert [snapshot.number for snapshot in made] == [1, 2]
    assert visitor.problems() == []
    visitor.close()


def test_caf_marks_the_report_read_and_direction_approves(browser: Browser, server: str) -> None:
    coordinator = Visitor(browser, server, EMAILS["coordinator"], width=1280, theme="light")
    coordinator.open(server + reverse("reports:documents", args=[SLUG]))
    coordinator.page.locator("form[action*='bilan-annuel'] button").click()
    coordinator.page.wait_for_selector(".document")
    address = coordinator.page.url
    coordinator.close()
    for role, state in (("caf", "read_by_caf"), ("direction", "approved")):
        visitor = Visitor(browser, server, EMAILS[role], width=1280, theme="light")
        visitor.open(address)
        visitor.page.get_by_role("link", name="Changer l'état").click()
        visitor.page.select_option("select[name=state]", state)
        visitor.page.get_by_role("button", name="Enregistrer").click()
        visitor.page.wait_for_selector(".document")
        visitor.close()

    made = Snapshot.objects.filter(kind="bilan-annuel").order_by("number")
    assert [snapshot.state for snapshot in made] == ["draft", "approved"]


def test_action_is_typed_with_the_keyboard_alone(browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, EMAILS["coordinator"], width=1280, theme="light")
    page = visitor.page
    visitor.open(server + reverse("actionplan:create", args=[SLUG]))
    page.focus("input[name=title]")
    page.keyboard.type("Ouvrir une ludothèque ambulante")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "orientation"
    page.select_option("select[name=orientation]", index=3)
    page.select_option("select[name=lead_organisation]", index=4)
    page.fill("input[name=due_on]", "2027-06-30")
    page.focus("[name=summary]")
    page.keyboard.type("Le jeu va vers les familles des hameaux.")
    page.focus("form.form-page button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/fiches/" in url and "ajouter" not in url)

    action = Action.objects.get(title="Ouvrir une ludothèque ambulante")
    assert action.code == "3.3"  # 3.1 and 3.2 are objectives
    assert action.title in page.inner_text("h1")
    visitor.close()


def test_partner_updates_its_own_action_and_not_the_others(browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, EMAILS["partner"], width=1280, theme="light")
    own = Action.objects.get(agreement__slug=SLUG, code="3.1.2")
    other = Action.objects.get(agreement__slug=SLUG, code="1.1.1")
    visitor.open(server + reverse("actionplan:update", args=[SLUG, own.pk]))
    visitor.page.fill("input[name=progress]", "60")
    visitor.page.get_by_role("button", name="Enregistrer").click()
    visitor.page.wait_for_url(lambda url: url.endswith(f"/fiches/{own.pk}/"))

    own.refresh_from_db()
    assert own.progress == 60
    assert visitor.open(server + reverse("actionplan:update", args=[SLUG, other.pk])) == 403
    assert "Votre rôle" in visitor.page.inner_text("main")
    visitor.close()


def test_everything_works_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server}/compte/login/")
    page.fill("input[name=login]", EMAILS["elected"])
    page.fill("input[name=password]", "vergers-fil-rouge-2026")
    page.click("main button[type=submit]")
    page.goto(server + reverse("actionplan:table", args=[SLUG]) + "?status=blocked")

    table = page.inner_text("table")
    assert "Ouvrir cinq places" in table
    assert "Chantiers éducatifs" not in table
    context.close()
