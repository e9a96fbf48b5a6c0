"""The register of what inhabitants were asked, and what it changed. No name is ever kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Consultation(AgreementOwned, TimeStamped, Versioned):
    class Method(models.TextChoices):
        SURVEY = "survey", "questionnaire"
        INTERVIEW = "interview", "entretiens"
        WORKSHOP = "workshop", "atelier"
        MEETING = "meeting", "réunion publique"
        CAFE = "cafe", "café des parents"
        OUTREACH = "outreach", "aller vers (marché, sortie d'école…)"
        OTHER = "other", "autre"

    class Degree(models.TextChoices):
        INFORMATION = "information", "information"
        CONSULTATION = "consultation", "consultation"
        CONCERTATION = "concertation", "concertation"
        CO_CONSTRUCTION = "co_construction", "coconstruction"

    title = models.CharField("intitulé", max_length=200)
    method = models.CharField("méthode", max_length=12, choices=Method)
    degree = models.CharField("degré", max_length=16, choices=Degree, default=Degree.CONSULTATION)
    target_public = models.CharField("public", max_length=200, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    participants = models.PositiveIntegerField("participants", null=True, blank=True)
    theme = models.ForeignKey(
        "agreements.Theme",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name="thème",
    )
    lessons = models.TextField("ce qui en ressort", blank=True)
    answer = models.TextField(
        "réponse donnée aux habitants",
        blank=True,
        help_text="« Vous avez dit, nous avons fait » : ce qui a été retenu, ou pourquoi non.",
    )
    answered_on = models.DateField("réponse donnée le", null=True, blank=True)
    actions = models.ManyToManyField(
        "actionplan.Action",
        through="ConsultationAction",
        related_name="consultations",
        verbose_name="actions que cela a fait évoluer",
        blank=True,
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "concertation"
        verbose_name_plural = "concertations"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("theme"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="participation_consultation_period",
                violation_error_message="La fin doit suivre le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ConsultationAction(AgreementOwned):
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey("actionplan.Action", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "action d'une concertation"
        verbose_name_plural = "actions des concertations"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("consultation"),
            SameAgreement("action"),
            models.UniqueConstraint(
                fields=["consultation", "action"], name="participation_consultationaction_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation} – {self.action}"
