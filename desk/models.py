"""What the coordinator alone keeps: own tasks, dates to come, lines put off."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agreements.models import AgreementOwned
from core.audience import Audience
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Deadline(AgreementOwned, TimeStamped, Versioned):
    """A date of the Caf or of the law that no other room holds; the Caf's departmental network is
    one of them, for it is no committee of the agreement."""

    class Kind(models.TextChoices):
        CAF = "caf", "Caf"
        LEGAL = "legal", "légale"
        NETWORK = "network", "réseau départemental de la Caf"
        OTHER = "other", "autre"

    title = models.CharField("échéance", max_length=200)
    on = models.DateField("date")
    kind = models.CharField("nature", max_length=7, choices=Kind, default=Kind.CAF)
    ends_on = models.DateField(
        "jusqu'au", null=True, blank=True, help_text="Pour une période : la fenêtre d'un dépôt…"
    )
    starts_at = models.TimeField("de", null=True, blank=True, help_text="Vide : toute la journée.")
    ends_at = models.TimeField("à", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    note = models.CharField("précision", max_length=300, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)
    audience = models.CharField(
        "visible par",
        max_length=10,
        choices=Audience,
        default=Audience.COMMITTEE,
        help_text="Publique : tous les membres. Interne : le pilotage et la direction seulement.",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "échéance"
        verbose_name_plural = "échéances"
        ordering = ["on", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("on")),
                name="desk_deadline_period",
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="desk_deadline_hours",
                violation_error_message="L'heure de fin doit suivre l'heure de début.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last(self) -> date:
        """Late from the day after this one."""
        return self.ends_on or self.on


class PostponedLine(AgreementOwned):
    """« Reporter » : a line of the week hidden until a date. ``key`` names the line."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    until = models.DateField("jusqu'au")

    class Meta(AgreementOwned.Meta):
        verbose_name = "ligne reportée"
        verbose_name_plural = "lignes reportées"
        constraints = [
            *AgreementOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "user", "key"], name="desk_postponed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CalendarFeed(AgreementOwned, TimeStamped):
    """A person's own address to subscribe to: it shows what this person may see, and dies with
    their membership or when they revoke it."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    link = models.OneToOneField("agreements.AccessLink", on_delete=models.CASCADE, related_name="+")
    kinds = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name="dates à recevoir",
        help_text="Aucune case cochée : toutes.",
    )
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    content_changed_at = models.DateTimeField(
        "contenu changé le",
        null=True,
        editable=False,
        help_text="Ce que la dernière lecture a trouvé de nouveau : une ligne supprimée, un rôle "
        "changé ne laissent aucune date.",
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"
        ordering = ["-created_at", "-pk"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("link")]

    def __str__(self) -> str:
        return str(self.link)
