"""Does the CTG stand in for the early-childhood scheme? What is said of each legal item, and the
acts around it (art. D. 214-10-1 CASF, décret n° 2025-253 of 20 March 2025)."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.models import TimeStamped, Versioned


class SchemeItem(AgreementOwned, TimeStamped, Versioned):
    """What the author says of one legal item, beside what the application finds in the CTG."""

    class Judgement(models.TextChoices):
        UNSAID = "", "selon le contenu"
        COVERED = "covered", "couvert"
        PARTIAL = "partial", "couvert en partie"
        MISSING = "missing", "manquant"

    code = models.CharField("attendu", max_length=6)
    text = models.TextField("ce qu'en dit la CTG", blank=True)
    judgement = models.CharField(
        "appréciation", max_length=8, choices=Judgement, blank=True, default=Judgement.UNSAID
    )
    checked_on = models.DateField("relu le", null=True, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "attendu du schéma petite enfance"
        verbose_name_plural = "attendus du schéma petite enfance"
        ordering = ["code"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "code"], name="actionplan_schemeitem_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SchemeAct(AgreementOwned, TimeStamped, Versioned):
    """A line to tick with its date: compatibility with the SDSF, transmission to the CDSF…"""

    class Act(models.TextChoices):
        SDSF = "sdsf", "compatibilité avec le schéma départemental des services aux familles (SDSF)"
        CDSF = "cdsf", "transmission au comité départemental des services aux familles (CDSF)"
        COUNCIL = "council", "délibération du conseil municipal"
        LEGAL = "legal", "relecture par le service juridique"

    act = models.CharField("acte", max_length=8, choices=Act)
    done_on = models.DateField("fait le", null=True, blank=True)
    note = models.CharField("précision", max_length=300, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "acte autour du schéma petite enfance"
        verbose_name_plural = "actes autour du schéma petite enfance"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agreement", "act"], name="actionplan_schemeact_once"),
        ]

    def __str__(self) -> str:
        return self.get_act_display()
