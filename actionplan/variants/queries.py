"""Reads: the variants of an agreement."""

from __future__ import annotations

from django.db.models import QuerySet

from actionplan.models import BudgetVariant
from agreements.models import Agreement


def variants(agreement: Agreement) -> QuerySet[BudgetVariant]:
    return BudgetVariant.objects.filter(agreement=agreement).select_related("agreement")


def at_study(agreement: Agreement) -> list[BudgetVariant]:
    return list(variants(agreement).filter(state=BudgetVariant.State.PREPARED))


def decided(agreement: Agreement) -> list[BudgetVariant]:
    """Chosen or put aside, the latest first."""
    rows = variants(agreement).exclude(state=BudgetVariant.State.PREPARED)
    return list(rows.order_by("-decided_on", "state", "pk"))
