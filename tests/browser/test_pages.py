"""Each page as its richest role, in light and dark, at 1280 and 320 pixels: nothing against WCAG
2.1 A and AA, no console error, nothing that scrolls sideways."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Browser

from accounts.models import User
from actionplan.models import (
    Action,
    ActionWeather,
    BudgetVariant,
    Campaign,
    CampaignLead,
    FollowUpNote,
    Measure,
    NewsAnswer,
    Objective,
    Orientation,
    PlanVersion,
)
from actionplan.services import add_weather
from agreements.models import Agreement, Attachment, ImportRun, Role, Theme
from agreements.services import imports
from committees.models import (
    AgendaItem,
    Attendance,
    Committee,
    CommitteeKind,
    Decision,
    DecisionEffect,
    Meeting,
    PreparationLine,
    Sending,
    SendingRecipient,
)
from committees.services import invite_members, prepare_sending, send
from committees.services.deliveries import open_door
from core.sheets import Choices
from demo.content.agreement import ACCOUNTS, SLUG
from desk.models import Deadline
from evaluation.models import EvaluationQuestion
from participation.models import Consultation
from partners.models import Contact, Contract, Organisation, Position
from territory import offer_sheets
from territory.models import (
    Challenge,
    Diagnosis,
    Evidence,
    Facility,
    FacilityType,
    Finding,
    LocalObservation,
    Projection,
    UnderServedArea,
    Workshop,
)
from tests.browser.conftest import WIDTHS, Visitor
from tests.factories import AgreementFactory, MembershipFactory

pytestmark = pytest.mark.browser

COORDINATOR = ACCOUNTS[0].email


def first(model: type, **fields: object) -> int:
    return model.objects.filter(agreement__slug=SLUG, **fields).order_by("pk").first().pk  # type: ignore[attr-defined]


def campaign_pages() -> dict[str, int]:
    """The campaign under way, one of its leads, one of the answers to weigh."""
    under_way = first(Campaign, state="open")
    names = ("campaign", "campaign_review", "campaign_remind", "campaign_merge", "campaign_extend",
             "campaign_close", "campaign_add_leads", "campaign_return")  # fmt: skip
    return {
        **{f"actionplan:{name}": under_way for name in names},
        "actionplan:lead_type": first(CampaignLead, campaign=under_way, channel="paper"),
        "actionplan:answer_amend": first(NewsAnswer, state="to_review"),
    }


def waiting_import() -> int:
    """A register that shows a bit of everything: a new line, an unknown name, a cell changed on
    both sides, a hidden line."""
    agreement = Agreement.objects.get(slug=SLUG)
    book = load_workbook(io.BytesIO(offer_sheets.export(agreement)))
    page = book["Équipements"]
    new = page.max_row + 1
    for column in "DFG":
        page[f"{column}{new}"] = page[f"{column}2"].value
    page[f"C{new}"], page[f"E{new}"] = "La Ruche", "ADMR de l'Aube"
    page["C2"], page["P2"] = "Changé dans le classeur", "Changé dans le classeur"
    page.row_dimensions[3].hidden = True
    row = Facility.objects.filter(pk=int(page["A2"].value))
    row.update(note="Changé ici")
    out = io.BytesIO()
    book.save(out)
    return imports.receive(
        agreement, kind="facilities", data=out.getvalue(), file_name="registre.xlsx", actor=None
    ).pk


def effect_to_confirm() -> int:
    """The plan has changed since it was prepared."""
    effect = DecisionEffect.objects.filter(state="applied").first()
    DecisionEffect.objects.filter(pk=effect.pk).update(state="conflict")
    return effect.pk


def applied_import() -> int:
    run = ImportRun.objects.get(pk=waiting_import())
    names = imports.preview(run, actor=None).report.unknown
    imports.apply(run, actor=None, choices=Choices(create=frozenset(n.identifier for n in names)))
    return run.pk


def far_meeting() -> Meeting:
    """Months after the day of the example: still to come whatever the day of the tests."""
    meetings = Meeting.objects.filter(agreement__slug=SLUG, state="planned")
    return meetings.order_by("-on")[0]


def drafted_pack() -> int:
    """The sending of the pack, under preparation."""
    meeting = far_meeting()
    invite_members(meeting, actor=None)
    return prepare_sending(meeting, Sending.Kind.PACK, actor=None).pk


def answer_page() -> str:
    """Behind the personal link of somebody invited, whom nobody wrote to."""
    sending = prepare_sending(far_meeting(), Sending.Kind.INVITATION, actor=None)
    sending.recipients.update(channel=SendingRecipient.Channel.PAPER)
    send(sending, actor=None)
    return urlsplit(open_door(sending.recipients.order_by("pk")[0], actor=None)).path


PLAIN = [
    "desk:week", "desk:deadlines", "desk:deadline_create", "desk:calendar", "desk:calendar_list",
    "desk:subscribe", "territory:home", "territory:compare", "territory:take_up",
    "territory:offer", "territory:figures", "territory:finding_create", "territory:challenge_create",
    "territory:coverage", "territory:diagnoses", "territory:diagnosis_create", "territory:afom",
    "territory:findings_entry", "territory:convergence", "territory:workshops",
    "territory:workshop_create",
    "territory:facility_create", "territory:figure_create", "actionplan:plan", "actionplan:table",
    "actionplan:archived",
    "actionplan:timeline", "actionplan:attention", "actionplan:by_pilot", "actionplan:by_theme",
    "actionplan:by_funder", "actionplan:quick_entry", "actionplan:arrange",
    "actionplan:create", "actionplan:workbook", "actionplan:workbook_import", "actionplan:orientation_create", "actionplan:objective_create",
    "partners:home", "partners:contacts", "partners:contracts", "partners:organisation_create",
    "partners:contract_create", "committees:home", "committees:decisions", "committees:committee_create",
    "committees:meeting_create", "committees:decision_create",
    "committees:kinds", "committees:kind_create", "committees:delays", "participation:home",
    "participation:create", "evaluation:home", "evaluation:open", "evaluation:question_create",
    "territory:offer_map", "territory:offer_cards", "territory:offer_import",
    "territory:facility_types", "territory:facility_type_create", "territory:adequacy",
    "territory:projection", "territory:area_create", "territory:money",
    "reports:documents", "reports:plan_prepare", "reports:thread", "reports:themes", "reports:prepare", "agreements:identity",
    "agreements:themes", "agreements:competences",
    "actionplan:campaigns", "actionplan:campaign_create",
    "actionplan:versions", "actionplan:variants", "actionplan:variant_create", "actionplan:scheme",
    "agreements:members", "agreements:journal", "agreements:mails", "agreements:imports",
]  # fmt: skip
"""Pages that need no object: they are there in an agreement that holds nothing, too."""


def recorded(state: str) -> int:
    """The meeting whose record is in this state."""
    return first(Meeting, record__state=state)


def pages() -> list[str]:
    """The addresses of every page of the coordinator, with an object of the example each."""
    action = first(Action, code="1.1.1")
    prepared = first(PlanVersion, state="prepared")
    coming = (
        AgendaItem.objects.filter(agreement__slug=SLUG, arbitration__isnull=False)
        .first()
        .meeting_id
    )
    objects = {
        "actionplan:action": action, "actionplan:update": action, "actionplan:status": action,
        "actionplan:steps": action, "actionplan:budget": action, "actionplan:funding": action,
        "actionplan:partners": action, "actionplan:measure_create": action,
        "actionplan:note_create": action, "actionplan:archive": action,
        "actionplan:weather": action, "actionplan:attachment_create": action,
        "actionplan:estimate": action, "actionplan:measure": first(Measure),
        "actionplan:measure_take_up": first(Measure, indicator__isnull=False),
        "actionplan:note_update": first(FollowUpNote), "actionplan:note_delete": first(FollowUpNote),
        "actionplan:weather_delete": first(ActionWeather),
        "actionplan:attachment_update": first(Attachment, target_type="actionplan.action"),
        "actionplan:attachment_delete": first(Attachment, target_type="actionplan.action"),
        "actionplan:place": action,
        "actionplan:measure_update": first(Measure), "actionplan:orientation_update": first(Orientation),
        "actionplan:objective_update": first(Objective), "territory:finding": first(Finding),
        "territory:evidence_create": first(Finding), "territory:evidence_delete": first(Evidence),
        "territory:challenge": first(Challenge), "territory:challenge_update": first(Challenge),
        "territory:diagnosis": first(Diagnosis), "territory:diagnosis_update": first(Diagnosis),
        "territory:workshop": first(Workshop), "territory:workshop_reopen": first(Workshop),
        "territory:workshop_votes": first(Workshop), "territory:workshop_apply": first(Workshop),
        "territory:facility": first(Facility), "territory:capacities": first(Facility),
        "territory:figure_update": first(LocalObservation), "partners:organisation": first(Organisation),
        "territory:activities": first(Facility), "territory:facility_update": first(Facility),
        "territory:facility_type_update": first(FacilityType),
        "territory:area_update": first(UnderServedArea),
        "territory:projection_reset": first(Projection),
        "partners:organisation_update": first(Organisation), "partners:contact_create": first(Organisation),
        "partners:contact_update": first(Contact), "partners:contact_erase": first(Contact),
        "partners:position_end": first(Position), "partners:contract_update": first(Contract),
        "partners:contract_amounts": first(Contract), "committees:committee": first(Committee),
        "committees:committee_update": first(Committee),
        "committees:meeting": coming, "reports:pack": coming,
        "committees:item_file_create": first(AgendaItem),
        "committees:item_file_update": first(Attachment, target_type="committees.agendaitem"),
        "committees:item_file_delete": first(Attachment, target_type="committees.agendaitem"),
        "committees:meeting_update": first(Meeting), "committees:attendance": first(Meeting, state="held"),
        "committees:item_update": first(AgendaItem), "committees:kind_update": first(CommitteeKind),
        "committees:sendings": coming, "committees:meeting_cancel": coming,
        "committees:sending": first(Sending, state="sent"),
        "committees:sending_update": drafted_pack(),
        "committees:answer_typed": first(Attendance, meeting_id=coming),
        "committees:proposals": coming, "committees:insert_model": coming,
        "committees:outcomes": first(Meeting, state="held"),
        "committees:session": coming, "committees:session_arrival": coming,
        "committees:session_decision": first(AgendaItem, arbitration__isnull=False),
        "committees:record": recorded("draft"), "committees:record_text": recorded("draft"),
        "committees:record_paper": recorded("draft"), "committees:addendum_create": recorded("validated"),
        "committees:signed_copy": recorded("validated"),
        "committees:record_submit": first(Meeting, state="held", record__isnull=True),
        "committees:minutes": recorded("validated"), "committees:minutes_update": recorded("validated"),
        "committees:minutes_approve": recorded("validated"),
        "committees:line_update": first(PreparationLine),
        "reports:brief": coming, "reports:brief_write": coming, "reports:brief_link": coming,
        "committees:arbitration_page": first(AgendaItem, arbitration__isnull=False),
        "committees:arbitration": first(AgendaItem, arbitration__isnull=False),
        "committees:decision": first(Decision, effects__state="pending_vote"),
        "committees:decision_follow_up": first(Decision),
        "committees:decision_update": first(Decision, meeting=None),
        "committees:decision_effects": first(Decision, meeting=None),
        "committees:effect_confirm": effect_to_confirm(),
        "committees:effect_set_aside": first(DecisionEffect, state="pending_vote"),
        "participation:update": first(Consultation),
        "evaluation:question_update": first(EvaluationQuestion),
        "reports:theme": first(Theme), "reports:theme_text": first(Theme),
        **campaign_pages(),
        "actionplan:version": first(PlanVersion), "actionplan:amendment_update": prepared,
        "actionplan:amendment_freeze": prepared, "actionplan:amendment_abandon": prepared,
        "actionplan:variant_grid": first(BudgetVariant), "actionplan:variant_choose": first(BudgetVariant),
        "actionplan:variant_update": first(BudgetVariant),
        "agreements:import": waiting_import(), "agreements:import_columns": waiting_import(),
        "agreements:import_undo": applied_import(),
    }  # fmt: skip
    years = ["evaluation:values", "evaluation:questions", "evaluation:gaps", "evaluation:texts"]
    return [
        *(reverse(name, args=[SLUG]) for name in PLAIN),
        *(reverse(name, args=[SLUG, pk]) for name, pk in objects.items()),
        *(reverse(name, args=[SLUG, 2026]) for name in years),
        reverse("committees:record", args=[SLUG, recorded("validated")]),
        reverse("committees:session", args=[SLUG, recorded("validated")]),
        reverse("reports:section_text", args=[SLUG, "population"]),
        reverse("desk:calendar_month", args=[SLUG, 2026, 12]),
        reverse("desk:calendar_month", args=[SLUG, 2027, 3]),
        f"{reverse('desk:calendar_list', args=[SLUG])}?passees=oui&nature=reunions&nature=caf",
        reverse("desk:deadline_update", args=[SLUG, first(Deadline)]),
        reverse("reports:thread_of", args=[SLUG, "orientation", first(Orientation)]),
        reverse("reports:thread_join", args=[SLUG, "action-sans-enjeu", action]),
        reverse("actionplan:version", args=[SLUG, prepared]),
        reverse("actionplan:scheme_item", args=[SLUG, "4f"]),
        reverse("actionplan:scheme_act", args=[SLUG, "cdsf"]),
        f"{reverse('actionplan:grouped', args=[SLUG])}?fiche={action}",
        reverse("committees:sending", args=[SLUG, drafted_pack()]),
        answer_page(),
        reverse("agreements_list"),
        reverse("core:glossary"),
    ]


def use_weather() -> None:
    """The example does without a météo; its pages are looked at all the same."""
    Agreement.objects.filter(slug=SLUG).update(uses_weather=True)
    action = Action.objects.get(agreement__slug=SLUG, code="1.1.1")
    if not action.weather.exists():
        add_weather(
            action,
            actor=None,
            level="rain",
            on=action.agreement.starts_on,
            sentence="Le lot manque.",
        )


SHARES = 4
"""The walk over every page is cut in so many tests, for two processes to end together."""


@pytest.mark.parametrize("share", range(SHARES))
def test_pages_are_accessible(browser: Browser, server: str, share: int) -> None:
    use_weather()
    visitor = Visitor(browser, server, COORDINATOR, width=WIDTHS[0], theme="light")
    wrong = visitor.walk(pages()[share::SHARES], in_both_themes=True)
    visitor.close()
    assert wrong == {}


def test_pages_of_an_agreement_that_holds_nothing_are_accessible(
    browser: Browser, server: str
) -> None:
    """The first hour: signed, and nothing written yet."""
    full = Agreement.objects.get(slug=SLUG)
    empty = AgreementFactory(
        slug="vide", name="Vide", lead_commune=full.lead_commune, signed_on=full.starts_on
    )
    MembershipFactory(
        agreement=empty, role=Role.COORDINATOR, user=User.objects.get(email=COORDINATOR)
    )
    visitor = Visitor(browser, server, COORDINATOR, width=WIDTHS[0], theme="light")
    addresses = [reverse(name, args=[empty.slug]) for name in PLAIN]
    wrong = visitor.walk(addresses, in_both_themes=False)
    visitor.close()
    assert wrong == {}


def test_pages_of_the_other_roles_are_accessible(browser: Browser, server: str) -> None:
    action = first(Action, code="3.1.2")
    rooms = [
        reverse(name, args=[SLUG])
        for name in ("actionplan:plan", "territory:home", "committees:home", "reports:documents")
    ]
    rooms.append(reverse("actionplan:action", args=[SLUG, action]))
    wrong = {}
    for account in ACCOUNTS[1:]:
        visitor = Visitor(browser, server, account.email, width=1280, theme="light")
        for path in rooms:
            status = visitor.open(server + path)
            problems = visitor.problems()
            if status != 200 or problems:
                wrong[account.role, path] = (status, problems)
            visitor.troubles.clear()
        visitor.close()
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


def test_sign_in_page_is_accessible(browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, "", width=320, theme="light")
    assert visitor.open(f"{server}/compte/login/") == 200
    assert visitor.problems() == []
    visitor.close()
