"""One object of each kind that an address names, built in the agreement given.

``BUILDERS[kind](agreement)`` returns the keyword arguments of the address, without the slug.
Any model of an agreement is a kind by itself: « actionplan.action », « partners.contact »…
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from agreements.models import Agreement, ImportRun
from agreements.services.imports import apply, receive
from agreements.services.links import create_link
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


def item_to_arbitrate(agreement: Agreement) -> dict[str, Any]:
    return {"pk": make("committees.ArbitrationPoint", agreement).item_id}


BUILDERS["item_to_arbitrate"] = item_to_arbitrate

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


BUILDERS["snapshot_pdf"] = snapshot_file
BUILDERS["link_token"] = link_token
BUILDERS["link_token_pdf"] = lambda agreement: {**link_token(agreement), "fmt": "pdf"}
BUILDERS["two_findings"] = lambda agreement: {
    "pk": make("territory.Finding", agreement).pk,
    "other": make("territory.Finding", agreement).pk,
}
BUILDERS["diagnosis_file"] = with_file("territory.Diagnosis")
BUILDERS["figure_file"] = with_file("territory.LocalObservation", audience="public")


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
