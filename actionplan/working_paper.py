"""What documents say of themselves: whose they are, and in which state those drawn from the plan's
own pages stand. Frozen and numbered, they are the documents of ``reports``."""

from __future__ import annotations

from datetime import date
from typing import Any

from actionplan.documents import FICTION
from agreements.models import Agreement
from core.documents.content import DocumentMeta

SOURCE = "Fil rouge, données de la convention"


def agreement_meta(agreement: Agreement, on: date | None, **said: Any) -> DocumentMeta:
    """Whose document it is; ``said``: the state, the sources… that it adds."""
    return DocumentMeta(
        agreement_name=agreement.name,
        territory=agreement.lead_commune.name,
        reference=f"CTG {agreement.period_label}",
        produced_on=on,
        authors=(f"{agreement.coordinator_title}, {agreement.name}",),
        logos=tuple(str(logo.name) for logo in (agreement.logo, agreement.caf_logo) if logo),
        extra_lines=(FICTION,) if agreement.is_demo else (),
        **said,
    )


def working_meta(agreement: Agreement, on: date) -> DocumentMeta:
    return agreement_meta(
        agreement, on, state="", state_label="document de travail", data_as_of=on, sources=(SOURCE,)
    )
