"""The rétroplanning: what a meeting asks for before and after it, counted from its day."""

from __future__ import annotations

from django.db import models

from agreements.models import AgreementOwned
from committees.models.meetings import Meeting
from core.db import SameAgreement


class Step(models.TextChoices):
    """The usual steps; each has a page where it is done (``committees.retroplanning``)."""

    DATE = "date", "Fixer la date avec l'élu et la Caf"
    COLLECTION = "collection", "Demander des nouvelles aux pilotes"
    INVITATION = "invitation", "Envoyer l'invitation et l'ordre du jour"
    READING = "reading", "Faire relire le dossier par la Caf et la direction"
    PACK = "pack", "Transmettre le dossier de séance"
    MEETING = "meeting", "Tenir la réunion"
    RECORD = "record", "Diffuser le relevé de décisions"
    FOLLOW_UP = "follow_up", "Suivre les décisions"
    OTHER = "other", "Autre étape"


class PreparationStep(AgreementOwned):
    """The delay of one step in this agreement. Absent: the usual one. No rule of law fixes them:
    a COPIL is no deliberative assembly (domaine.md §7), so they advise and never block."""

    key = models.CharField("étape", max_length=12, choices=Step)
    days = models.SmallIntegerField(
        "jours", help_text="Avant la réunion : nombre négatif. Après : nombre positif."
    )
    is_active = models.BooleanField("utilisée", default=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "délai du rétroplanning"
        verbose_name_plural = "délais du rétroplanning"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "key"],
                name="committees_step_once",
                violation_error_message="Cette étape a déjà son délai.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()


class PreparationLine(AgreementOwned):
    """One line to tick. ``due_on`` follows the meeting's day until the line is ticked."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="preparation")
    key = models.CharField("étape", max_length=12, choices=Step, default=Step.OTHER)
    label = models.CharField("étape", max_length=150)
    due_on = models.DateField("date")
    is_adjusted = models.BooleanField("date choisie à la main", default=False, editable=False)
    done_on = models.DateField("faite le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "étape du rétroplanning"
        verbose_name_plural = "étapes du rétroplanning"
        ordering = ["due_on", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            models.UniqueConstraint(
                fields=["meeting", "key"],
                condition=~models.Q(key="other"),
                name="committees_preparation_once",
                violation_error_message="Cette étape est déjà dans le rétroplanning.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
