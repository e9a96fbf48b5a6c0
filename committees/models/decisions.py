"""What a meeting decided, and what became of it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from committees.models.agenda import AgendaItem, ArbitrationOption
from committees.models.meetings import Meeting
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> DecisionQuerySet:
        return self.filter(state__in=[Decision.State.TO_DO, Decision.State.IN_PROGRESS])

    def overdue(self, on: date) -> DecisionQuerySet:
        return self.open().filter(due_on__lt=on)


class Decision(AgreementOwned, TimeStamped, Versioned):
    """A COPIL gives an opinion and votes no credits: what must follow elsewhere is said here."""

    class State(models.TextChoices):
        TO_DO = "to_do", "à faire"
        IN_PROGRESS = "in_progress", "en cours"
        DONE = "done", "faite"
        DROPPED = "dropped", "abandonnée"

    class InstitutionalFollowUp(models.TextChoices):
        NONE = "none", "aucune"
        COUNCIL = "council", "conseil municipal"
        BUDGET = "budget", "budget (BP ou DM)"
        CAF = "caf", "Caf (conseil d'administration, avenant)"

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="réunion",
    )
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="point",
    )
    chosen_option = models.ForeignKey(
        ArbitrationOption,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="option retenue",
    )
    number = models.CharField("numéro", max_length=12, help_text="Par exemple « 2026-03 ».")
    decided_on = models.DateField("date")
    text = models.TextField("décision")
    responsible = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="responsable",
    )
    due_on = models.DateField("échéance", null=True, blank=True)
    state = models.CharField("suite", max_length=12, choices=State, default=State.TO_DO)
    follow_up = models.TextField("où en est-on", blank=True)
    institutional = models.CharField(
        "suite institutionnelle",
        max_length=8,
        choices=InstitutionalFollowUp,
        default=InstitutionalFollowUp.NONE,
    )
    institutional_reference = models.CharField(
        "délibération n° ou référence", max_length=80, blank=True
    )
    institutional_on = models.DateField("date de l'acte", null=True, blank=True)
    legality_on = models.DateField(
        "reçue au contrôle de légalité le",
        null=True,
        blank=True,
        help_text="Une délibération est exécutoire une fois transmise au préfet et publiée "
        "(CGCT, art. L. 2131-1).",
    )
    amendment = models.ForeignKey(
        "agreements.Amendment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="avenant",
    )
    taken_by = models.CharField(
        "prise par",
        max_length=150,
        blank=True,
        help_text="Pour une décision prise hors d'une instance de la convention : conseil "
        "municipal, bureau, commission de la Caf…",
    )
    actions = models.ManyToManyField(
        "actionplan.Action",
        through="DecisionAction",
        related_name="decisions",
        verbose_name="actions concernées",
        blank=True,
    )
    challenges = models.ManyToManyField(
        "territory.Challenge",
        through="DecisionChallenge",
        related_name="decisions",
        verbose_name="enjeux concernés",
        blank=True,
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = DecisionQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ["-decided_on", "-number"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            SameAgreement("item"),
            SameAgreement("chosen_option"),
            SameAgreement("responsible"),
            SameAgreement("amendment"),
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="committees_decision_number",
                violation_error_message="Ce numéro de décision est déjà pris.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("decided_on")),
                name="committees_decision_due",
                violation_error_message="L'échéance doit suivre la décision.",
            ),
        ]

    def __str__(self) -> str:
        return f"Décision n° {self.number}"


class DecisionAction(AgreementOwned):
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey("actionplan.Action", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "action d'une décision"
        verbose_name_plural = "actions des décisions"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("decision"),
            SameAgreement("action"),
            models.UniqueConstraint(
                fields=["decision", "action"], name="committees_decisionaction_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} – {self.action}"


class DecisionChallenge(AgreementOwned):
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    challenge = models.ForeignKey("territory.Challenge", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "enjeu d'une décision"
        verbose_name_plural = "enjeux des décisions"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("decision"),
            SameAgreement("challenge"),
            models.UniqueConstraint(
                fields=["decision", "challenge"], name="committees_decisionchallenge_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} – {self.challenge}"
