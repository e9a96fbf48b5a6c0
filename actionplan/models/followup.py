"""What an action is followed by: steps, the roles of its partners, dated notes."""

from __future__ import annotations

from datetime import date

from django.db import models

from agreements.models import AgreementOwned
from core.db import SameAgreement
from partners.models import COMMUNICABLE


class ActionPartner(AgreementOwned):
    """The role of an organisation in an action, beside its lead."""

    class Role(models.TextChoices):
        ASSOCIATE = "associate", "associé"
        FUNDER = "funder", "financeur"
        OPERATOR = "operator", "opérateur"
        ADVISER = "adviser", "conseil technique"

    action = models.ForeignKey("Action", on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.RESTRICT,
        related_name="action_roles",
        verbose_name="partenaire",
    )
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.ASSOCIATE)

    class Meta(AgreementOwned.Meta):
        verbose_name = "partenaire d'une action"
        verbose_name_plural = "partenaires des actions"
        ordering = ["role", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("organisation"),
            models.UniqueConstraint(
                fields=["action", "organisation", "role"],
                name="actionplan_actionpartner_once",
                violation_error_message="Ce partenaire a déjà ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class StepQuerySet(models.QuerySet["Step"]):
    def late(self, on: date) -> StepQuerySet:
        return self.filter(done_on__isnull=True, due_on__lt=on)


class Step(AgreementOwned):
    action = models.ForeignKey("Action", on_delete=models.CASCADE, related_name="steps")
    title = models.CharField("étape", max_length=250)
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)
    owner = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name="responsable",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = StepQuerySet.as_manager()

    class Meta(AgreementOwned.Meta):
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["position", "due_on", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("action"),
            SameAgreement("owner"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_late_on(self, day: date) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < day


class FollowUpNote(AgreementOwned):
    """A dated note on an action. « Information interne » is never printed nor communicated."""

    class Kind(models.TextChoices):
        SUCCESS = "success", "réussite"
        OBSTACLE = "obstacle", "frein"
        LEVER = "lever", "levier"
        ARBITRATION = "arbitration", "besoin d'arbitrage"
        INTERNAL = "internal", "information interne"

    action = models.ForeignKey("Action", on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField("nature", max_length=12, choices=Kind)
    on = models.DateField("date")
    text = models.TextField(
        "note",
        help_text=f"{COMMUNICABLE} Seule l'« information interne » n'est jamais imprimée.",
    )
    author = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    author_label = models.CharField("auteur", max_length=200, editable=False)
    is_highlight = models.BooleanField("à retenir pour le COPIL et le bilan", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "note de suivi"
        verbose_name_plural = "notes de suivi"
        ordering = ["-on", "-pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("action")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"


class ActionWeather(AgreementOwned):
    """« Météo » of an action, for the agreements that chose it: one dated judgement, one sentence.
    The last one holds; the others are its history."""

    class Level(models.TextChoices):
        SUN = "sun", "grand soleil"
        CLOUDS = "clouds", "quelques nuages"
        RAIN = "rain", "pluie"
        STORM = "storm", "orage"

    action = models.ForeignKey("Action", on_delete=models.CASCADE, related_name="weather")
    level = models.CharField("météo", max_length=6, choices=Level)
    on = models.DateField("date")
    sentence = models.CharField("en une phrase", max_length=300, help_text=COMMUNICABLE)
    author = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    author_label = models.CharField("auteur", max_length=200, editable=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "météo d'une action"
        verbose_name_plural = "météos des actions"
        ordering = ["-on", "-pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("action")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} le {self.on:%d/%m/%Y}"
