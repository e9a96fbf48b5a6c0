"""What an action costs, and who pays."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from actionplan.models.action import Action
from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned
from partners.models import COMMUNICABLE, AmountStage


class BudgetLine(AgreementOwned):
    """What an action costs in one year. ``spent`` empty means not known yet, never zero."""

    class Nature(models.TextChoices):
        OPERATING = "operating", "fonctionnement"
        INVESTMENT = "investment", "investissement"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="budget_lines")
    year = models.PositiveSmallIntegerField("année")
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.OPERATING)
    label = models.CharField("poste", max_length=200, blank=True)
    planned = models.DecimalField(
        "prévu (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    spent = models.DecimalField(
        "dépensé (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "dépense"
        verbose_name_plural = "dépenses"
        ordering = ["year", "nature", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="actionplan_budgetline_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_nature_display()}"


class StaffTime(AgreementOwned):
    """Working time that an action takes in one year, in full-time equivalents (ETP)."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="staff_times")
    year = models.PositiveSmallIntegerField("année")
    planned = models.DecimalField(
        "prévu (ETP)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    spent = models.DecimalField(
        "réalisé (ETP)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "temps de travail"
        verbose_name_plural = "temps de travail"
        ordering = ["year", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            models.UniqueConstraint(
                fields=["action", "year"],
                name="actionplan_stafftime_once",
                violation_error_message="Le temps de cette année est déjà saisi.",
            ),
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="actionplan_stafftime_positive",
                violation_error_message="Un temps de travail ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.year}"


class FundingStage(models.TextChoices):
    """Subsidies are first asked for and granted; Caf amounts follow ``AmountStage``."""

    REQUESTED = "requested", "sollicité"
    GRANTED = "granted", "accordé"
    PLANNED = AmountStage.PLANNED.value, AmountStage.PLANNED.label
    UPDATED = AmountStage.UPDATED.value, AmountStage.UPDATED.label
    ACTUAL = AmountStage.ACTUAL.value, AmountStage.ACTUAL.label
    NOTIFIED = AmountStage.NOTIFIED.value, AmountStage.NOTIFIED.label
    PAID = AmountStage.PAID.value, AmountStage.PAID.label


class Funding(AgreementOwned):
    """Who pays for an action, how much, in which year, at which stage (said on which date)."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="fundings")
    funder = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="fundings",
        verbose_name="financeur",
    )
    scheme = models.CharField("dispositif", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("année")
    stage = models.CharField(
        "stade", max_length=10, choices=FundingStage, default=FundingStage.PLANNED
    )
    amount = models.DecimalField(
        "montant (€)", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    stated_on = models.DateField("dit le", null=True, blank=True)
    is_estimate = models.BooleanField("estimation", default=False)
    basis = models.CharField(
        "calculé ainsi",
        max_length=300,
        blank=True,
        help_text="Pour une estimation : le barème, son année, la quantité.",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "financement"
        verbose_name_plural = "financements"
        ordering = ["year", "funder__name", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("funder"),
            models.UniqueConstraint(
                fields=["action", "funder", "scheme", "year", "stage"],
                name="actionplan_funding_once",
                violation_error_message="Ce financement est déjà saisi à ce stade pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="actionplan_funding_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder} {self.year} ({self.get_stage_display()})"


class BudgetVariant(AgreementOwned, TimeStamped, Versioned):
    """One way to spend, prepared beside the plan for a committee; only the chosen one enters it."""

    class State(models.TextChoices):
        PREPARED = "prepared", "à l'étude"
        CHOSEN = "chosen", "retenue"
        SET_ASIDE = "set_aside", "écartée"

    title = models.CharField("variante", max_length=150)
    note = models.TextField("ce qu'elle change", blank=True, help_text=COMMUNICABLE)
    state = models.CharField("état", max_length=10, choices=State, default=State.PREPARED)
    decided_on = models.DateField("décidée le", null=True, blank=True)
    reason = models.CharField("motif de la décision", max_length=300, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "variante de budget"
        verbose_name_plural = "variantes de budget"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.title


class VariantLine(AgreementOwned):
    """An expense of a variant, in place of the plan's. ``base`` is what the plan said when the line
    was written: another value since then is shown before the variant is chosen."""

    variant = models.ForeignKey(BudgetVariant, on_delete=models.CASCADE, related_name="lines")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("année")
    nature = models.CharField(
        "nature", max_length=10, choices=BudgetLine.Nature, default=BudgetLine.Nature.OPERATING
    )
    planned = models.DecimalField(
        "prévu (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    base = models.DecimalField(
        "prévu au plan (€)", max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "dépense d'une variante"
        verbose_name_plural = "dépenses des variantes"
        ordering = ["year", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("variant"),
            SameAgreement("action"),
            models.UniqueConstraint(
                fields=["variant", "action", "year", "nature"], name="actionplan_variantline_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} : {self.action} {self.year}"


class VariantFunding(AgreementOwned):
    """A funding of a variant, at the stage « prévisionnel », in place of the plan's."""

    variant = models.ForeignKey(BudgetVariant, on_delete=models.CASCADE, related_name="fundings")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    funder = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name="financeur",
    )
    scheme = models.CharField("dispositif", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("année")
    amount = models.DecimalField(
        "montant (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    base = models.DecimalField(
        "prévu au plan (€)", max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "financement d'une variante"
        verbose_name_plural = "financements des variantes"
        ordering = ["year", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("variant"),
            SameAgreement("action"),
            SameAgreement("funder"),
            models.UniqueConstraint(
                fields=["variant", "action", "funder", "scheme", "year"],
                name="actionplan_variantfunding_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} : {self.funder} {self.year}"
