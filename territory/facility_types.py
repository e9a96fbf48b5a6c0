"""The list of types that a new agreement starts with; its own afterwards."""

from __future__ import annotations

from agreements.models import Agreement
from opendata.facility_types import TYPES
from territory.models import FacilityType


def preload_facility_types(agreement: Agreement) -> None:
    """Called when an agreement is opened (``agreements.services.agreement.PRELOADS``)."""
    FacilityType.objects.bulk_create(
        FacilityType(
            agreement=agreement,
            key=fact.key,
            name=fact.name,
            mode=fact.mode,
            unit=fact.unit,
            min_age_months=fact.min_age_months,
            max_age_months=fact.max_age_months,
            position=position,
        )
        for position, fact in enumerate(TYPES, start=1)
    )
