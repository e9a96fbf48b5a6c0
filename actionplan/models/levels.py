"""The levels of the plan: orientations, and the objectives of those that use them."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Orientation(AgreementOwned, TimeStamped, Versioned):
    code = models.CharField("numéro", max_length=10)
    title = models.CharField("intitulé", max_length=250)
    description = models.TextField("présentation", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    challenges = models.ManyToManyField(
        "territory.Challenge",
        through="OrientationChallenge",
        related_name="orientations",
        verbose_name="enjeux",
        blank=True,
    )

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "orientation"
        verbose_name_plural = "orientations"
        ordering = ["position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "code"],
                name="actionplan_orientation_code",
                violation_error_message="Ce numéro est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class OrientationChallenge(AgreementOwned):
    orientation = models.ForeignKey(Orientation, on_delete=models.CASCADE, related_name="+")
    challenge = models.ForeignKey("territory.Challenge", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "enjeu d'une orientation"
        verbose_name_plural = "enjeux des orientations"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("orientation"),
            SameAgreement("challenge"),
            models.UniqueConstraint(
                fields=["orientation", "challenge"], name="actionplan_orientationchallenge_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.orientation} – {self.challenge}"


class Objective(AgreementOwned, TimeStamped, Versioned):
    """An objective of an orientation; in a plan of four levels it may have sub-objectives, which
    have none (``parent``)."""

    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.RESTRICT,
        related_name="objectives",
        verbose_name="orientation",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="objectif au-dessus",
    )
    code = models.CharField("numéro", max_length=10)
    title = models.CharField("intitulé", max_length=250)
    description = models.TextField("présentation", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ["orientation__position", "position", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("orientation"),
            SameAgreement("parent"),
            models.UniqueConstraint(
                fields=["agreement", "code"],
                name="actionplan_objective_code",
                violation_error_message="Ce numéro est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
