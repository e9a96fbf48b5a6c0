"""What the documents drawn from the plan's own pages say of themselves. Frozen and numbered, they
are the documents of ``reports``, which says it in their place."""

from __future__ import annotations

from datetime import date

from actionplan.documents import FICTION
from agreements.models import Agreement
from core.documents.content import DocumentMeta

SOURCE = "Fil rouge, données de la convention"


def working_meta(agreement: Agreement, on: date) -> DocumentMeta:
    return DocumentMeta(
        agreement_name=agreement.name,
        territory=agreement.lead_commune.name,
        reference=f"CTG {agreement.period_label}",
        state="",
        state_label="document de travail",
        produced_on=on,
        data_as_of=on,
        sources=(SOURCE,),
        authors=(f"{agreement.coordinator_title}, {agreement.name}",),
        logos=tuple(str(logo.name) for logo in (agreement.logo, agreement.caf_logo) if logo),
        extra_lines=(FICTION,) if agreement.is_demo else (),
    )
