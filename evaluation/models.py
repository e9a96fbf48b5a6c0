"""The year's evaluation: questions, answers with their evidence, and the annual report's words."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class EvaluationQuestion(AgreementOwned, TimeStamped, Versioned):
    class Criterion(models.TextChoices):
        GOVERNANCE = "governance", "gouvernance"
        RELEVANCE = "relevance", "pertinence"
        COHERENCE = "coherence", "cohérence"
        EFFECTIVENESS = "effectiveness", "efficacité"
        EFFICIENCY = "efficiency", "efficience"
        PARTNERSHIP = "partnership", "partenariat"
        PARTICIPATION = "participation", "participation"
        SUSTAINABILITY = "sustainability", "durabilité"

    criterion = models.CharField("critère", max_length=14, choices=Criterion)
    text = models.CharField("question", max_length=300)
    expected_evidence = models.CharField("preuve attendue", max_length=300, blank=True)
    applies_from_rank = models.PositiveSmallIntegerField(
        "posée à partir de l'année n°",
        default=1,
        help_text="1 : dès la première année de la convention.",
    )
    applies_until_rank = models.PositiveSmallIntegerField(
        "jusqu'à l'année n°", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("posée", default=True)
    measures = models.ManyToManyField(
        "actionplan.Measure",
        through="QuestionMeasure",
        related_name="evaluation_questions",
        verbose_name="mesures qui y répondent",
        blank=True,
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "question évaluative"
        verbose_name_plural = "questions évaluatives"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class QuestionMeasure(AgreementOwned):
    question = models.ForeignKey(EvaluationQuestion, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey("actionplan.Measure", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "mesure d'une question évaluative"
        verbose_name_plural = "mesures des questions évaluatives"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("question"),
            SameAgreement("measure"),
            models.UniqueConstraint(
                fields=["question", "measure"], name="evaluation_questionmeasure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} – {self.measure}"


class EvaluationYear(AgreementOwned, TimeStamped, Versioned):
    """One annual campaign, and the sentences that only a person can write."""

    class State(models.TextChoices):
        OPEN = "open", "ouvert"
        CLOSED = "closed", "clos"

    year = models.PositiveSmallIntegerField("année")
    state = models.CharField("état", max_length=8, choices=State, default=State.OPEN)
    opened_on = models.DateField("ouvert le")
    due_on = models.DateField("à rendre à la Caf le", null=True, blank=True)
    summary = models.TextField(
        "synthèse de l'année", blank=True, help_text="Cinq phrases, signées par l'élu et la Caf."
    )
    context_changes = models.TextField("ce qui a changé dans le contexte", blank=True)
    partnership = models.TextField("vie du partenariat", blank=True)
    inhabitants = models.TextField("place des habitants", blank=True)
    adjustments = models.TextField("ajustements proposés", blank=True)
    needs_amendment = models.BooleanField("un avenant est nécessaire", null=True, blank=True)
    priorities = models.TextField("priorités de l'année suivante", blank=True)
    steering_fte = models.DecimalField(
        "temps de pilotage réel (ETP)", max_digits=4, decimal_places=2, null=True, blank=True
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "bilan de l'année"
        verbose_name_plural = "bilans des années"
        ordering = ["-year"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "year"],
                name="evaluation_year_once",
                violation_error_message="Le bilan de cette année existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bilan {self.year}"

    @property
    def title(self) -> str:
        return f"Bilan {self.year}"


class EvaluationAnswer(AgreementOwned, TimeStamped, Versioned):
    class Judgement(models.TextChoices):
        YES = "yes", "oui"
        PARTLY = "partly", "en partie"
        NO = "no", "non"
        TOO_EARLY = "too_early", "trop tôt pour le dire"

    campaign = models.ForeignKey(EvaluationYear, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        EvaluationQuestion, on_delete=models.RESTRICT, related_name="answers"
    )
    judgement = models.CharField(
        "réponse", max_length=10, choices=Judgement, blank=True, default=""
    )
    appreciation = models.TextField("appréciation", blank=True)
    evidence = models.TextField("preuve", blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "réponse à une question évaluative"
        verbose_name_plural = "réponses aux questions évaluatives"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("campaign"),
            SameAgreement("question"),
            models.UniqueConstraint(fields=["campaign", "question"], name="evaluation_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} – {self.question}"


class Gap(AgreementOwned, TimeStamped, Versioned):
    """A gap to the plan and its reason, asked once, when it occurs."""

    class Kind(models.TextChoices):
        TARGET = "target", "cible non atteinte"
        BUDGET = "budget", "écart de dépense"
        DELAY = "delay", "retard"
        OTHER = "other", "autre"

    year = models.PositiveSmallIntegerField("année")
    kind = models.CharField("nature", max_length=8, choices=Kind)
    action = models.ForeignKey(
        "actionplan.Action",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="gaps",
        verbose_name="action",
    )
    measure = models.ForeignKey(
        "actionplan.Measure",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="gaps",
        verbose_name="mesure",
    )
    explanation = models.TextField("explication", help_text="Une phrase.")
    adjustment = models.TextField("ajustement", blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "écart expliqué"
        verbose_name_plural = "écarts expliqués"
        ordering = ["year", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("measure"),
            models.UniqueConstraint(
                fields=["agreement", "year", "kind", "action", "measure"],
                name="evaluation_gap_once",
                nulls_distinct=False,
                violation_error_message="Cet écart est déjà expliqué.",
            ),
        ]

    def __str__(self) -> str:
        return self.explanation
