"""Campaigns: asking action leads for news, through a personal link, and weighing what they answer."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from actionplan.models.action import Action, ActionStatus
from actionplan.models.measures import Measure
from agreements.models import AgreementOwned
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Campaign(AgreementOwned, TimeStamped, Versioned):
    """« Before the COPIL of December »: who is asked, until when, how often reminded."""

    class State(models.TextChoices):
        DRAFT = "draft", "en préparation"
        OPEN = "open", "en cours"
        CLOSED = "closed", "terminée"

    title = models.CharField("campagne", max_length=150)
    message = models.TextField("message aux pilotes", blank=True)
    year = models.PositiveSmallIntegerField("année des chiffres demandés")
    closes_on = models.DateField("réponses jusqu'au")
    max_reminders = models.PositiveSmallIntegerField(
        "relances au plus", default=1, validators=[MaxValueValidator(3)]
    )
    state = models.CharField("état", max_length=6, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    closed_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "campagne"
        verbose_name_plural = "campagnes"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class CampaignLead(AgreementOwned):
    """A person asked for news of the actions that they lead. No account is needed.

    ``contact`` empty: the person was erased since; what they said of the actions stays.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "message envoyé par Fil rouge"
        OWN_MAIL = "own_mail", "message envoyé par mes soins"
        PAPER = "paper", "fiche de recueil"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leads")
    contact = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="pilote",
    )
    channel = models.CharField("moyen", max_length=8, choices=Channel, default=Channel.MAIL)
    asked_at = models.DateTimeField("demandé le", null=True, blank=True)
    first_opened_at = models.DateTimeField("page ouverte le", null=True, blank=True)
    sent_at = models.DateTimeField("réponse envoyée le", null=True, blank=True)
    reminders_sent = models.PositiveSmallIntegerField("relances", default=0)
    reminded_at = models.DateTimeField("dernière relance", null=True, blank=True)
    is_muted = models.BooleanField("ne plus relancer", default=False)

    class Meta(AgreementOwned.Meta):
        verbose_name = "pilote d'une campagne"
        verbose_name_plural = "pilotes d'une campagne"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("campaign"),
            SameAgreement("contact"),
            models.UniqueConstraint(
                fields=["campaign", "contact"],
                name="actionplan_campaignlead_once",
                violation_error_message="Cette personne est déjà dans la campagne.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact) if self.contact else "Personne effacée"


class CampaignLink(AgreementOwned):
    """A personal door. Only its hash is kept, so a reminder opens another one; all of a person's
    doors close once their answers are sent."""

    lead = models.ForeignKey(CampaignLead, on_delete=models.CASCADE, related_name="links")
    link = models.OneToOneField("agreements.AccessLink", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "lien d'une campagne"
        verbose_name_plural = "liens d'une campagne"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("lead"),
            SameAgreement("link"),
        ]

    def __str__(self) -> str:
        return str(self.link)


class NewsAnswer(AgreementOwned, TimeStamped, Versioned):
    """What a lead says of one action. It waits « à valider »: nothing enters the plan by itself.

    ``asked`` holds the action as it was when asked: what has moved in the plan since then is shown
    beside what is proposed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "attendue"
        TO_REVIEW = "to_review", "à valider"
        ACCEPTED = "accepted", "acceptée"
        RETURNED = "returned", "renvoyée"

    lead = models.ForeignKey(CampaignLead, on_delete=models.CASCADE, related_name="answers")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    state = models.CharField("état", max_length=9, choices=State, default=State.WAITING)
    asked = models.JSONField("l'action au moment de la demande", default=dict)
    status = models.CharField("statut", max_length=12, choices=ActionStatus, blank=True)
    progress = models.PositiveSmallIntegerField(
        "avancement (%)", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    progress_note = models.TextField("où en est-on", blank=True)
    blocked_cause = models.CharField("bloquée par", max_length=300, blank=True)
    unblock_condition = models.CharField("pour débloquer", max_length=300, blank=True)
    blocked_review_on = models.DateField("à revoir le", null=True, blank=True)
    dropped_reason = models.CharField("raison de l'abandon", max_length=300, blank=True)
    return_reason = models.CharField("renvoyée parce que", max_length=300, blank=True)
    typed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie en son nom par",
    )
    reviewed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="vue par",
    )
    reviewed_at = models.DateTimeField("vue le", null=True, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "nouvelle d'une action"
        verbose_name_plural = "nouvelles des actions"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("lead"),
            SameAgreement("action"),
            models.UniqueConstraint(fields=["lead", "action"], name="actionplan_newsanswer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.lead})"


class NewsFigure(AgreementOwned):
    """The value of a measure for the campaign's year, as the lead gives it; None: not known."""

    answer = models.ForeignKey(NewsAnswer, on_delete=models.CASCADE, related_name="figures")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    value = models.DecimalField("valeur", max_digits=14, decimal_places=4, null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "chiffre d'une nouvelle"
        verbose_name_plural = "chiffres des nouvelles"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("answer"),
            SameAgreement("measure"),
            models.UniqueConstraint(
                fields=["answer", "measure"], name="actionplan_newsfigure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} : {self.value}"
