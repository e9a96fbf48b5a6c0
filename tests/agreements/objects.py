"""One object of each kind that an address names, built in the agreement given.

``BUILDERS[kind](agreement)`` returns the keyword arguments of the address, without the slug.
Any model of an agreement is a kind by itself: « actionplan.action », « partners.contact »…
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from actionplan.models import PlanVersion
from actionplan.services.doors import new_link
from actionplan.versions.facts import current_facts, facts_hash
from agreements.access import get_access
from agreements.models import Agreement, ImportRun
from agreements.services.imports import apply, receive
from agreements.services.links import create_link
from committees.models import Meeting, MeetingRecord, SendingRecipient
from committees.services import hand_over_brief_link, hand_over_link
from committees.services.deliveries import open_door
from desk.calendar.feeds import subscribe
from opendata.models import Dataset, DatasetVersion, FundingRate, ImportFile, Indicator
from tests.agreements import factories as agreements
from tests.agreements.anything import make, owned_models
from tests.factories import MembershipFactory, ThemeFactory

Builder = Callable[[Agreement], dict[str, Any]]
BUILDERS: dict[str, Builder] = {}
FIXED: set[str] = {"logo"}
"""Kinds whose arguments name no row: asked with any agreement, they are the same."""


def build(kind: str, agreement: Agreement) -> dict[str, Any]:
    return BUILDERS[kind](agreement) if kind else {}


def by_pk(kind: str, factory: Any, **fields: Any) -> None:
    """An object named by its primary key."""
    BUILDERS[kind] = lambda agreement: {"pk": factory(agreement=agreement, **fields).pk}


def by_model(kind: str, model: str, **fields: Any) -> None:
    """A row of another room, made of what its table demands."""
    BUILDERS[kind] = lambda agreement: {"pk": make(model, agreement, **fields).pk}


def _by_pk_of(model: Any, agreement: Agreement) -> dict[str, Any]:
    return {"pk": make(model, agreement).pk}


def fixed(kind: str, **kwargs: Any) -> None:
    """Arguments that name no object (a year, a format)."""
    FIXED.add(kind)
    BUILDERS[kind] = lambda agreement: kwargs


def with_logo(agreement: Agreement) -> dict[str, Any]:
    agreement.logo.save("logo.png", ContentFile(b"\x89PNG\r\n"))
    return {"which": "commune"}


by_pk("signatory", agreements.SignatoryFactory)
by_pk("amendment", agreements.AmendmentFactory)
by_pk("annex", agreements.AnnexFactory)
by_pk("competence", agreements.CompetenceFactory)
by_pk("theme", ThemeFactory)
by_pk("member", MembershipFactory, role="reader")
by_pk("closed_member", MembershipFactory, role="reader", is_active=False)
by_pk("invitation", agreements.InvitationFactory)
by_pk("mail", agreements.MailFactory)
by_pk("job", agreements.JobFactory)
by_pk("snapshot", agreements.SnapshotFactory)
fixed("csv", format="csv")
BUILDERS["logo"] = with_logo


def invitation_token(agreement: Agreement) -> dict[str, Any]:
    agreements.InvitationFactory(agreement=agreement, token="jeton-de-la-matrice")
    return {"token": "jeton-de-la-matrice"}


BUILDERS["invitation_token"] = invitation_token


def register_workbook(agreement: Agreement) -> dict[str, Any]:
    """The register given back as it left, by nobody in particular."""
    from territory import offer_sheets

    run = receive(
        agreement, kind="facilities", data=offer_sheets.export(agreement), file_name="registre.xlsx",
        actor=None,
    )  # fmt: skip
    return {"pk": run.pk}


def applied_import(agreement: Agreement) -> dict[str, Any]:
    kwargs = register_workbook(agreement)
    apply(ImportRun.objects.get(**kwargs), actor=None)
    return kwargs


def plan_workbook(agreement: Agreement) -> dict[str, Any]:
    """Anybody's plan, not confirmed yet, given by the command: who changes the plan sees it."""
    data = b"axe;action\n1. Jeunesse;Ouvrir un lieu\n"
    run = receive(agreement, kind="plan", data=data, file_name="plan.csv", actor=None)
    return {"pk": run.pk}


BUILDERS["import"] = register_workbook
BUILDERS["plan_import"] = plan_workbook
BUILDERS["applied_import"] = applied_import


def campaign(agreement: Agreement) -> dict[str, Any]:
    return {"year": make("evaluation.EvaluationYear", agreement, year=2026).year}


BUILDERS["campaign"] = campaign
by_model("question", "evaluation.EvaluationQuestion")
by_model("deadline", "desk.Deadline")
fixed("calendar_month", year=2026, month=6)


def feed_token(agreement: Agreement) -> dict[str, Any]:
    member = MembershipFactory(agreement=agreement, role="coordinator")
    access = get_access(member.user, agreement.slug)
    return {"token": subscribe(access)[1]}


BUILDERS["feed_token"] = feed_token


def item_to_arbitrate(agreement: Agreement) -> dict[str, Any]:
    return {"pk": make("committees.ArbitrationPoint", agreement).item_id}


BUILDERS["item_to_arbitrate"] = item_to_arbitrate
BUILDERS["item_to_arbitrate_pdf"] = lambda agreement: {
    **item_to_arbitrate(agreement),
    "fmt": "pdf",
}


def meeting_to_record(agreement: Agreement) -> dict[str, Any]:
    """Held, with somebody who presides: its record is to be submitted."""
    chair = make("partners.Contact", agreement)
    return {"pk": make("committees.Meeting", agreement, state="held", chair=chair).pk}


def draft_record(agreement: Agreement) -> dict[str, Any]:
    kwargs = meeting_to_record(agreement)
    meeting = Meeting.objects.get(**kwargs)
    make("committees.MeetingRecord", agreement, meeting=meeting, state="draft")
    return kwargs


def signed_record(agreement: Agreement) -> dict[str, Any]:
    """Its scan, which the test's readers may all read."""
    record = make("committees.MeetingRecord", agreement, state="draft")
    attachment = with_file(
        "agreements.Attachment",
        target_type="committees.meetingrecord",
        target_id=record.pk,
        audience="public",
    )
    return attachment(agreement)


def record_token(agreement: Agreement) -> dict[str, Any]:
    record = MeetingRecord.objects.get(meeting=draft_record(agreement)["pk"])
    address = hand_over_link(record, actor=None, contact=record.meeting.chair)
    return {"token": address.rstrip("/").rsplit("/", 1)[1]}


BUILDERS["meeting_to_record"] = meeting_to_record
BUILDERS["draft_record"] = draft_record
BUILDERS["draft_record_pdf"] = lambda agreement: {**draft_record(agreement), "fmt": "pdf"}
BUILDERS["minutes_pdf"] = lambda agreement: {
    "pk": make("committees.Meeting", agreement).pk,
    "fmt": "pdf",
}
BUILDERS["signed_record"] = signed_record
BUILDERS["record_token"] = record_token

fixed("register_file", fmt="xlsx")
by_model("effect_to_confirm", "committees.DecisionEffect", state="conflict")
fixed("document", identifier="ctg-en-deux-pages")
fixed("section", section="population")


def snapshot_file(agreement: Agreement) -> dict[str, Any]:
    return {"pk": agreements.SnapshotFactory(agreement=agreement).pk, "fmt": "pdf"}


def link_token(agreement: Agreement) -> dict[str, Any]:
    snapshot = agreements.SnapshotFactory(agreement=agreement)
    return {"token": create_link(snapshot, actor=None, label="Mme X")[1]}


def with_file(model: str, **fields: Any) -> Builder:
    def build_it(agreement: Agreement) -> dict[str, Any]:
        row = make(model, agreement, **fields)
        row.file.save("piece.pdf", ContentFile(b"%PDF-1.7"))
        return {"pk": row.pk}

    return build_it


def campaign_sheet(agreement: Agreement) -> dict[str, Any]:
    return {"pk": make("actionplan.CampaignLead", agreement).pk, "fmt": "xlsx"}


def news_token(agreement: Agreement) -> dict[str, Any]:
    closes_on = timezone.localdate() + timedelta(days=5)
    campaign = make("actionplan.Campaign", agreement, state="open", closes_on=closes_on)
    lead = make(
        "actionplan.CampaignLead",
        agreement,
        campaign=campaign,
        contact=make("partners.Contact", agreement),
    )
    make("actionplan.NewsAnswer", agreement, lead=lead)
    return {"token": new_link(lead, actor=None).rstrip("/").rsplit("/", 1)[1]}


# --- Sendings of a meeting
def sent_recipient(agreement: Agreement) -> dict[str, Any]:
    """A person invited to a meeting to come, on paper."""
    on = timezone.localdate() + timedelta(days=5)
    attendance = make(
        "committees.Attendance",
        agreement,
        meeting=make("committees.Meeting", agreement, on=on),
        contact=make("partners.Contact", agreement),
    )
    sending = make(
        "committees.Sending", agreement, meeting=attendance.meeting, state="sent",
        sent_at=timezone.now(), letter="Madame, Monsieur,",
    )  # fmt: skip
    recipient = make(
        "committees.SendingRecipient", agreement, sending=sending, attendance=attendance,
        contact=attendance.contact, channel="paper",
    )  # fmt: skip
    return {"pk": recipient.pk}


def _sending_of(agreement: Agreement) -> int:
    recipient = SendingRecipient.objects.get(**sent_recipient(agreement))
    return recipient.sending_id


def answer_token(agreement: Agreement) -> dict[str, Any]:
    recipient = SendingRecipient.objects.get(**sent_recipient(agreement))
    return {"token": open_door(recipient, actor=None).rstrip("/").rsplit("/", 1)[1]}


BUILDERS["sent_recipient"] = sent_recipient
BUILDERS["sending_letter"] = lambda agreement: {"pk": _sending_of(agreement), "fmt": "docx"}
BUILDERS["sending_papers"] = lambda agreement: {"pk": _sending_of(agreement)}
BUILDERS["answer_token"] = answer_token
BUILDERS["meeting_invitation"] = lambda agreement: {
    "pk": make("committees.Meeting", agreement).pk,
    "kind": "invitation",
}
BUILDERS["campaign_sheet"] = campaign_sheet
BUILDERS["news_token"] = news_token


def brief_token(agreement: Agreement) -> dict[str, Any]:
    on = timezone.localdate() + timedelta(days=5)
    meeting = make("committees.Meeting", agreement, on=on, state="planned")
    return {"token": hand_over_brief_link(meeting, actor=None, label="Mme X")[1]}


BUILDERS["brief_token"] = brief_token
BUILDERS["thread_action"] = lambda agreement: {
    "kind": "action",
    "pk": make("actionplan.Action", agreement).pk,
}
BUILDERS["thread_lack"] = lambda agreement: {
    "lack": "action-sans-enjeu",
    "pk": make("actionplan.Action", agreement).pk,
}
BUILDERS["snapshot_pdf"] = snapshot_file
BUILDERS["link_token"] = link_token
BUILDERS["link_token_pdf"] = lambda agreement: {**link_token(agreement), "fmt": "pdf"}
BUILDERS["two_findings"] = lambda agreement: {
    "pk": make("territory.Finding", agreement).pk,
    "other": make("territory.Finding", agreement).pk,
}


def measure_with_source(agreement: Agreement) -> dict[str, Any]:
    facility = make("territory.Facility", agreement)
    measure = make(
        "actionplan.Measure", agreement, facility=facility, facility_figure="capacity:places"
    )
    return {"pk": measure.pk}


def action_with_weather(agreement: Agreement) -> dict[str, Any]:
    agreement.uses_weather = True
    agreement.save()
    return {"pk": make("actionplan.Action", agreement).pk}


def action_attachment(agreement: Agreement) -> dict[str, Any]:
    """Public, so that only the rights on the plan decide."""
    row = make(
        "agreements.Attachment", agreement, audience="public", target_type="actionplan.action",
        target_id=make("actionplan.Action", agreement).pk,
    )  # fmt: skip
    row.file.save("piece.pdf", ContentFile(b"%PDF-1.7"))
    return {"pk": row.pk}


def item_file(agreement: Agreement) -> dict[str, Any]:
    """Public, so that only the rights on the committees decide."""
    row = make(
        "agreements.Attachment", agreement, audience="public", target_type="committees.agendaitem",
        target_id=make("committees.AgendaItem", agreement).pk,
    )  # fmt: skip
    row.file.save("piece.pdf", ContentFile(b"%PDF-1.7"))
    return {"pk": row.pk}


BUILDERS["measure_with_source"] = measure_with_source
BUILDERS["action_with_weather"] = action_with_weather
BUILDERS["action_attachment"] = action_attachment
BUILDERS["item_file"] = item_file
BUILDERS["diagnosis_file"] = with_file("territory.Diagnosis")
BUILDERS["figure_file"] = with_file("territory.LocalObservation", audience="public")


# --- Plan signé, avenants, variantes, schéma petite enfance
def signed_plan(agreement: Agreement) -> dict[str, Any]:
    """A frozen version of the plan as it is; the address that needs one names no row."""
    data = current_facts(agreement).to_json()
    PlanVersion.objects.get_or_create(
        agreement=agreement, kind="signed", number=30_001,
        defaults={
            "state": "frozen", "frozen_on": date(2026, 1, 15), "facts": data,
            "facts_hash": facts_hash(data),
        },
    )  # fmt: skip
    return {}


def prepared_amendment(agreement: Agreement) -> dict[str, Any]:
    signed_plan(agreement)
    version, _ = PlanVersion.objects.get_or_create(
        agreement=agreement, kind="amended", number=30_002, defaults={"note": "Un avenant"}
    )
    return {"pk": version.pk}


def variant_and_orientation(agreement: Agreement) -> dict[str, Any]:
    make("actionplan.Orientation", agreement)
    return {"pk": make("actionplan.BudgetVariant", agreement).pk}


BUILDERS["signed_plan"] = signed_plan
BUILDERS["signed_plan_pdf"] = lambda agreement: {**signed_plan(agreement), "fmt": "pdf"}
BUILDERS["prepared_amendment"] = prepared_amendment
BUILDERS["prepared_amendment_pdf"] = lambda agreement: {
    **prepared_amendment(agreement), "fmt": "pdf"
}  # fmt: skip
BUILDERS["variant_and_orientation"] = variant_and_orientation
fixed("legal_item", code="4a")
fixed("legal_act", act="cdsf")
fixed("pdf", fmt="pdf")


# --- Published figures, which belong to no agreement
def import_file(agreement: Agreement) -> dict[str, Any]:
    row = ImportFile(
        name="tableau.csv", state="to_describe", options={"batch": uuid4().hex}, received_by="Anne"
    )
    row.file.save("tableau.csv", ContentFile(b"code;total\n10333;12\n10387;15\n"))
    return {"pk": row.pk}


def dataset_version(agreement: Agreement) -> dict[str, Any]:
    dataset, _ = Dataset.objects.get_or_create(
        key="jeu", defaults={"title": "Jeu", "producer": "Insee"}
    )
    return {"pk": DatasetVersion.objects.create(dataset=dataset, vintage=uuid4().hex[:20]).pk}


def funding_rate(agreement: Agreement) -> dict[str, Any]:
    rate, _ = FundingRate.objects.get_or_create(
        scheme="PSU", year=2026, unit="hours", defaults={"amount": 1, "source": "Circulaire"}
    )
    return {"pk": rate.pk}


BUILDERS["import_file"] = import_file
BUILDERS["dataset_version"] = dataset_version
BUILDERS["funding_rate"] = funding_rate
fixed("rates_year", year=2026)


def an_indicator(agreement: Agreement) -> dict[str, Any]:
    """National: the same for every agreement."""
    Indicator.objects.get_or_create(key="indicateur-essai", defaults={"label": "Essai"})
    return {"key": "indicateur-essai"}


FIXED.update({"indicator", "indicator_file"})
BUILDERS["indicator"] = an_indicator
BUILDERS["indicator_file"] = lambda agreement: {**an_indicator(agreement), "fmt": "xlsx"}

for _model in owned_models():
    BUILDERS.setdefault(_model._meta.label_lower, partial(_by_pk_of, _model))
