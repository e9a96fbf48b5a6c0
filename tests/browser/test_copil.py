"""A COPIL from « fixer une réunion » to its validated record, as four people live it: whoever steers,
the Caf, the direction and the elected official who presides."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from actionplan.models import Action
from committees.models import Attendance, Meeting, PreparationLine
from core.formats import date_long
from demo.content.agreement import ACCOUNTS, SLUG
from partners.models import Contact
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
EMAILS = {str(account.role): account.email for account in ACCOUNTS}
CHAIR = "Nadia Bellanger"
GUEST = "Girardin"
ACTION = "2.2.1"
ARBITRATION = "L'Atelier : ouvrir le samedi"
OF_THE_MODEL = "Points d'arbitrage"
OPTIONS = ("A. Ouvrir chaque samedi", "B. Ouvrir un samedi sur deux")
OF_THE_CAF = "Les places d'accueil d'urgence"
TREATED = "Calendrier et prochaine réunion"
DECIDED = "Le comité retient l'ouverture un samedi sur deux, après le recrutement."
CORRECTION = "Lire « un samedi sur deux, hors vacances scolaires »."
LANDMARKS = ["landmark-unique"]
"""No rule of the WCAG, and yet what tells two tables apart to whoever does not see them."""


def sound(visitor: Visitor) -> None:
    assert visitor.problems() == []
    assert visitor.problems(LANDMARKS) == []


def arrive(browser: Browser, server: str, role: str, width: int = 1280) -> Visitor:
    return Visitor(browser, server, EMAILS[role], width=width, theme="light")


def page_of(server: str, name: str, meeting: Meeting) -> str:
    return server + reverse(name, args=[SLUG, meeting.pk])


def choose(select: Locator, words: str) -> None:
    """The choice that holds these words, whatever else it says."""
    option = select.locator("option", has_text=words).first
    select.select_option(value=option.get_attribute("value"))


def step(page: Page, words: str) -> Locator:
    """A line of the rétroplanning."""
    return page.locator("#retroplanning tr", has_text=words)


def due_day() -> date:
    return timezone.localdate() + timedelta(days=60)


def fix_the_meeting(visitor: Visitor, server: str) -> Meeting:
    page = visitor.page
    visitor.open(server + reverse("committees:home", args=[SLUG]))
    page.get_by_role("link", name="Fixer une réunion").click()
    choose(page.locator("select[name=committee]"), "Comité de pilotage")
    page.fill("input[name=on]", due_day().isoformat())
    page.fill("input[name=starts_at]", "14:00")
    page.fill("input[name=ends_at]", "16:00")
    page.fill("input[name=place]", "Salle des fêtes")
    choose(page.locator("select[name=chair]"), CHAIR)
    sound(visitor)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_selector("#ordre-du-jour")
    return Meeting.objects.filter(agreement__slug=SLUG, on=due_day()).latest("pk")


def write_the_agenda(visitor: Visitor) -> None:
    """From a model, from what the tool proposes, and a point of arbitration."""
    page = visitor.page
    page.get_by_role("link", name="Partir d'un modèle").click()
    page.get_by_role("radio", name="COPIL annuel").check()
    page.get_by_role("button", name="Insérer ce modèle").click()
    page.wait_for_selector(f"#ordre-du-jour :text('{TREATED}')")

    page.get_by_role("link", name="Voir ce que l'outil propose").click()
    page.wait_for_selector("h1:has-text('Points proposés')")
    sound(visitor)
    page.locator("input[name=proposition]").first.check()
    page.get_by_role("button", name="Ajouter à l'ordre du jour").click()
    page.wait_for_selector("text=1\u00a0point ajouté à l'ordre du jour")

    page.get_by_role("link", name="Ajouter un point").click()
    page.fill("input[name=title]", ARBITRATION)
    page.select_option("select[name=kind]", "arbitration")
    page.fill("input[name=minutes]", "20")
    page.fill("input[name=presenter]", "Karim Benali")
    page.get_by_role("button", name="Enregistrer").click()
    ask(page, ARBITRATION, "À quel rythme ouvrir L'Atelier le samedi ?", OPTIONS)
    ask(page, OF_THE_MODEL, "Faut-il reporter l'extension ?", ("A. Oui", "B. Non"))
    expect(page.locator("#arbitrage")).to_contain_text(OPTIONS[1])


def ask(page: Page, point: str, question: str, options: tuple[str, str]) -> None:
    """The question of a point of arbitration and its two options."""
    page.get_by_role("link", name=re.compile(f"^Écrire la question et les options {point}")).click()
    page.fill("[name=question]", question)
    page.fill("textarea[name=context]", "Le poste est pourvu en février. Les familles attendent.")
    choose(page.locator("select[name=action]"), ACTION)
    for rank, (title, cost) in enumerate(zip(options, ("8000", "4000"), strict=True)):
        page.fill(f"[name=option{rank}-title]", title)
        page.fill(f"[name=option{rank}-cost]", cost)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_selector("#arbitrage")


def test_copil_from_the_new_meeting_to_the_validated_record(browser: Browser, server: str) -> None:
    desk = arrive(browser, server, "coordinator")
    page = desk.page
    meeting = fix_the_meeting(desk, server)
    meeting_url = page_of(server, "committees:meeting", meeting)
    write_the_agenda(desk)
    sound(desk)

    # The rétroplanning came with the meeting; what is done is ticked.
    expect(step(page, "Faire relire le dossier")).to_contain_text("J-20")
    step(page, "Fixer la date").get_by_role("button", name="Fait").click()
    expect(step(page, "Fixer la date")).to_contain_text("fait")

    # The Caf finds the meeting, reads its agenda and puts a point forward.
    caf = arrive(browser, server, "caf")
    caf.open(server + reverse("committees:home", args=[SLUG]))
    caf.page.locator(f"th a[href$='/reunions/{meeting.pk}/']").click()
    expect(caf.page.locator("#ordre-du-jour")).to_contain_text(ARBITRATION)
    caf.page.get_by_role("link", name="Proposer un point").click()
    caf.page.fill("input[name=title]", OF_THE_CAF)
    caf.page.fill("input[name=minutes]", "10")
    caf.page.get_by_role("button", name="Proposer ce point").click()
    expect(caf.page.locator("#ordre-du-jour")).to_contain_text("attend une réponse")
    sound(caf)
    page.goto(meeting_url)
    page.get_by_role("button", name=re.compile(f"^Retenir.*{OF_THE_CAF}")).click()
    page.wait_for_selector("text=est à l'ordre du jour")

    # The members are listed, then invited: read over before anything leaves.
    page.get_by_role("button", name="Inscrire les membres de l'instance").click()
    page.get_by_role("link", name="Préparer l'invitation").click()
    page.wait_for_selector("h1:has-text('Envois et réponses')")
    sound(desk)
    page.get_by_role("button", name="Préparer l'invitation").click()
    page.wait_for_selector("h1:has-text('Préparer l')")
    sound(desk)
    page.get_by_role("button", name="Relire avant l'envoi").click()
    page.wait_for_selector("text=Relisez avant l'envoi")
    sound(desk)
    page.get_by_role("button", name="Envoyer invitation").click()
    page.wait_for_selector("text=C'est parti")
    sound(desk)

    # A guest without an account answers from a phone, by the link of the message.
    guest = Visitor(browser, server, "", width=390, theme="light")
    guest.open(link_of(GUEST))
    sound(guest)
    guest.page.locator("input[name=answer][value=coming]").check()
    guest.page.get_by_role("button", name="Envoyer ma réponse").click()
    guest.page.wait_for_selector("text=C'est noté, merci")
    sound(guest)
    guest.close()
    page.goto(meeting_url)
    expect(step(page, "Envoyer l'invitation")).to_contain_text("fait")
    expect(page.locator("#presences")).to_contain_text("Réponses à l'invitation")

    produce_and_send_the_pack(browser, server, desk, caf, meeting)

    # The day has come.
    Meeting.objects.filter(pk=meeting.pk).update(on=timezone.localdate())
    hold_the_session(desk, server, meeting)

    # Whoever presided reads the record on a phone and validates it: the plan changes.
    elected = arrive(browser, server, "elected", width=390)
    elected.open(f"{server}/")
    elected.page.locator(f"a[href*='/reunions/{meeting.pk}/releve/']").first.click()
    elected.page.wait_for_selector("text=attend votre validation")
    expect(elected.page.locator(".document")).to_contain_text(DECIDED)
    sound(elected)
    elected.page.get_by_role("button", name="Valider le relevé").click()
    expect(elected.page.locator("#etat")).to_contain_text("dans Fil rouge")
    sound(elected)
    elected.close()

    action = Action.objects.get(agreement__slug=SLUG, code=ACTION)
    assert action.due_on == due_day()
    desk.open(server + reverse("actionplan:action", args=[SLUG, action.pk]))
    assert date_long(due_day()) in page.inner_text("main")
    expect(page.locator("#decisions")).to_contain_text(DECIDED)

    # The Caf reads the validated record; a slip is mended by a dated correction, never rewritten.
    caf.open(page_of(server, "committees:record", meeting))
    expect(caf.page.locator(".document")).to_contain_text(DECIDED)
    sound(caf)
    caf.close()
    desk.open(meeting_url)
    expect(page.locator("main")).to_contain_text("envoyez-le aux membres")
    desk.open(page_of(server, "committees:record", meeting))
    expect(page.get_by_role("link", name="Envoi aux membres")).to_be_visible()
    page.get_by_role("link", name="Ajouter un rectificatif").click()
    page.fill("textarea[name=text]", CORRECTION)
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator("#etat")).to_contain_text("Rectificatif n° 1")
    expect(page.locator(".document")).to_contain_text("hors vacances scolaires")
    sound(desk)
    desk.close()


def link_of(last_name: str) -> str:
    """The link in the message that the person received last."""
    email = Contact.objects.get(agreement__slug=SLUG, last_name=last_name).email
    *_, message = (m for m in django_mail.outbox if email in m.to[0])
    return re.search(r"https?://\S+/reponse/\S+", message.body)[0]  # type: ignore[index]


def produce_and_send_the_pack(
    browser: Browser, server: str, desk: Visitor, caf: Visitor, meeting: Meeting
) -> None:
    """Produced, read by the Caf, approved by the direction, then sent."""
    page = desk.page
    desk.open(page_of(server, "reports:pack", meeting))
    sound(desk)
    page.get_by_role("button", name="Produire le dossier").click()
    page.wait_for_selector("#dossier a[href$='fichier.pdf']")
    with page.expect_download() as download:
        page.locator("#dossier a[href$='fichier.pdf']").click()
    assert download.value.suggested_filename.endswith(".pdf")

    # Nothing leaves that the direction has not approved.
    desk.open(page_of(server, "committees:sendings", meeting))
    expect(page.locator("#a-envoyer")).to_contain_text("la direction doit le valider")

    direction = arrive(browser, server, "direction")
    direction.open(f"{server}/")
    expect(direction.page.locator("main")).to_contain_text("Votre accord est attendu")
    sound(direction)
    for visitor, state in ((caf, "read_by_caf"), (direction, "approved")):
        visitor.open(page_of(server, "committees:meeting", meeting))
        visitor.page.get_by_role("link", name="Relire le dossier").click()
        visitor.page.get_by_role("link", name="Lire à l'écran").click()
        expect(visitor.page.locator(".document")).to_contain_text(ARBITRATION)
        sound(visitor)
        visitor.page.get_by_role("link", name="Changer l'état").click()
        visitor.page.select_option("select[name=state]", state)
        visitor.page.get_by_role("button", name="Enregistrer").click()
        visitor.page.wait_for_selector(".document")
    direction.close()
    page.goto(page_of(server, "committees:meeting", meeting))
    expect(step(page, "Faire relire le dossier")).to_contain_text("fait")
    page.get_by_role("link", name="Envoyer le dossier").click()
    page.get_by_role("button", name="Préparer l'envoi du dossier").click()
    page.get_by_role("button", name="Relire avant l'envoi").click()
    page.get_by_role("button", name=re.compile("^Envoyer")).click()
    page.wait_for_selector("text=C'est parti")
    sound(desk)
    line = PreparationLine.objects.get(meeting=meeting, key="pack")
    assert line.done_on == timezone.localdate()


def hold_the_session(desk: Visitor, server: str, meeting: Meeting) -> None:
    """Presences, notes, an outcome, a decision and what it changes; then the record is submitted."""
    page = desk.page
    page.on("dialog", lambda dialog: dialog.accept())  # « quitter la page ? »
    desk.open(page_of(server, "committees:session", meeting))
    page.get_by_role("button", name="Ouvrir la séance maintenant").click()
    page.get_by_role("button", name="Reprendre les réponses annoncées").click()
    expect(page.locator(".session-person", has_text=GUEST).get_by_role("button", name=re.compile("^Présent"))).to_have_attribute("aria-pressed", "true")  # fmt: skip
    row = page.locator(".session-person", has_text=CHAIR)
    row.get_by_role("button", name=re.compile("^Présent")).click()
    expect(row.get_by_role("button", name=re.compile("^Présent"))).to_have_attribute("aria-pressed", "true")  # fmt: skip
    page.get_by_role("button", name="Noter absents ceux qui restent").click()
    expect(page.get_by_role("button", name="Noter absents ceux qui restent")).to_have_count(0)
    statuses = set(Attendance.objects.filter(meeting=meeting).values_list("status", flat=True))
    assert statuses == {"present", "absent"}

    treated = page.locator("section.card", has=page.get_by_role("heading", name=TREATED))
    treated.get_by_role("button", name="Information donnée").click()
    expect(treated.get_by_role("button", name="Information donnée")).to_have_attribute("aria-pressed", "true")  # fmt: skip
    point = page.locator("section.card", has=page.get_by_role("heading", name=ARBITRATION))
    point.locator("textarea[name^=note-]").fill("M. Benali présente les deux rythmes.")
    point.locator("textarea[name^=note-]").blur()
    expect(page.locator("[data-save-state]")).to_contain_text("Enregistré à")
    point.get_by_role("link", name="Noter une décision").click()
    point.locator("textarea[name=text]").fill(DECIDED)
    choose(point.locator("select[name=chosen_option]"), OPTIONS[1])
    sound(desk)
    point.get_by_role("button", name="Noter la décision").click()
    expect(point).to_contain_text(DECIDED)

    # What it changes: the action of L'Atelier is put off.
    point.get_by_role("link", name="Préparer ses effets").click()
    row = page.locator("fieldset.effect-row").last
    choose(row.locator("select[name$=-action]"), ACTION)
    row.locator("select[name$=-kind]").select_option("due_on")
    row.get_by_label("Nouvelle valeur").fill(f"{due_day():%d/%m/%Y}")
    sound(desk)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_selector("h1:has-text('Séance')")
    expect(point).to_contain_text(f"→ {date_long(due_day())}")
    assert Action.objects.get(agreement__slug=SLUG, code=ACTION).due_on != due_day()

    page.get_by_role("button", name="Clore la réunion").click()
    page.wait_for_selector("h1:has-text('Relevé de décisions')")
    expect(page.locator(".document")).to_contain_text(DECIDED)
    sound(desk)
    page.get_by_role("link", name="Soumettre à la présidence").click()
    page.fill("textarea[name=introduction]", "Le comité a tranché le rythme du samedi.")
    page.get_by_role("button", name="Soumettre").click()
    page.wait_for_selector("text=Pour faire valider")
    expect(page.locator("#etat")).to_contain_text("a un compte")
    sound(desk)
