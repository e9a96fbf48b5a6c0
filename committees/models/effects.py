"""What a decision changes in the plan: prepared with it, applied when its record is validated."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from actionplan.models import ActionStatus, BudgetLine
from agreements.models import AgreementOwned
from committees.models.decisions import Decision
from core.db import SameAgreement
from core.models import TimeStamped


class DecisionEffect(AgreementOwned, TimeStamped):
    """One change to one action: « échéance : 31/12/2026 → 30/06/2027 », « budget 2027 : +4 000 € ».

    The field that ``kind`` names is filled, the others are empty. ``amount`` is a difference in
    euros, positive or negative: the committee says « +4 000 € », whatever the budget is by then.
    Money waits for the vote (``PENDING_VOTE``): a COPIL votes no credits (domaine.md §1.3).
    """

    class Kind(models.TextChoices):
        DUE_ON = "due_on", "reporter ou avancer l'échéance"
        STARTS_ON = "starts_on", "changer le début"
        STATUS = "status", "changer le statut"
        LEAD = "lead", "changer de pilote"
        BUDGET = "budget", "changer le budget prévu"

    class State(models.TextChoices):
        PREPARED = "prepared", "préparé"
        PENDING_VOTE = "pending_vote", "sous réserve du vote"
        APPLIED = "applied", "appliqué au plan"
        CONFLICT = "conflict", "à confirmer : le plan a changé depuis"
        SET_ASIDE = "set_aside", "écarté"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="effects")
    action = models.ForeignKey(
        "actionplan.Action",
        on_delete=models.RESTRICT,
        related_name="decision_effects",
        verbose_name="action",
    )
    kind = models.CharField("changement", max_length=9, choices=Kind)
    new_date = models.DateField("nouvelle date", null=True, blank=True)
    new_status = models.CharField("nouveau statut", max_length=12, choices=ActionStatus, blank=True)
    new_lead = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nouveau pilote",
    )
    amount = models.DecimalField(
        "différence (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="« +4 000 » ou « -4 000 », sur le montant prévu.",
    )
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    nature = models.CharField("nature", max_length=10, choices=BudgetLine.Nature, blank=True)
    old_value = models.CharField(
        "valeur au moment de la préparation", max_length=60, blank=True, editable=False
    )
    old_words = models.CharField("avant", max_length=200, blank=True, editable=False)
    new_words = models.CharField("après", max_length=200, blank=True, editable=False)
    state = models.CharField("état", max_length=12, choices=State, default=State.PREPARED)
    state_reason = models.CharField("pourquoi", max_length=300, blank=True)
    applied_at = models.DateTimeField("appliqué le", null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "effet d'une décision"
        verbose_name_plural = "effets des décisions"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("decision"),
            SameAgreement("action"),
            SameAgreement("new_lead"),
            models.CheckConstraint(
                condition=~Q(kind="budget")
                | Q(amount__isnull=False, year__isnull=False) & ~Q(nature=""),
                name="committees_effect_budget",
                violation_error_message="Dites de combien, pour quelle année, et si c'est du "
                "fonctionnement ou de l'investissement.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["due_on", "starts_on"]) | Q(new_date__isnull=False),
                name="committees_effect_date",
                violation_error_message="Donnez la nouvelle date.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="status") | ~Q(new_status=""),
                name="committees_effect_status",
                violation_error_message="Donnez le nouveau statut.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(amount=0),
                name="committees_effect_amount",
                violation_error_message="Une différence de zéro ne change rien.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} : {self.old_words} → {self.new_words}"

    @property
    def is_money(self) -> bool:
        return self.kind == self.Kind.BUDGET
