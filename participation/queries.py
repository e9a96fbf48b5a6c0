from __future__ import annotations

from django.db.models import QuerySet

from agreements.models import Agreement
from participation.models import Consultation


def consultations(agreement: Agreement) -> QuerySet[Consultation]:
    """The register, the latest first, with the actions that each made change."""
    return (
        Consultation.objects.filter(agreement=agreement)
        .select_related("theme")
        .prefetch_related("actions")
        .order_by("-starts_on", "-pk")
    )
