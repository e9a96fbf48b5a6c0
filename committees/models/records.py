"""What is written during a meeting, and the record that its chair validates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from agreements.models import AgreementOwned
from committees.models.agenda import AgendaItem
from committees.models.meetings import Meeting
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class SessionNote(AgreementOwned, TimeStamped, Versioned):
    """The notes taken on one point while the meeting goes on. Two people may type: nothing is lost."""

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="session_note")
    text = models.TextField("notes de séance", blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "notes de séance"
        verbose_name_plural = "notes de séance"
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("item")]

    def __str__(self) -> str:
        return f"Notes : {self.item}"


class MeetingRecord(AgreementOwned, TimeStamped, Versioned):
    """The relevé de décisions: written, validated by the chair, then locked for good; what was
    wrong is corrected by dated addenda. No text imposes it (a COPIL is no deliberative assembly,
    domaine.md §7): it is the committee's memory, and what the plan's changes refer to.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "projet"
        VALIDATED = "validated", "validé"

    class Means(models.TextChoices):
        ACCOUNT = "account", "dans Fil rouge"
        LINK = "link", "par son lien personnel"
        PAPER = "paper", "sur papier signé"

    meeting = models.OneToOneField(Meeting, on_delete=models.RESTRICT, related_name="record")
    introduction = models.TextField(
        "en une phrase", blank=True, help_text="Ce que la réunion a réglé. Facultatif."
    )
    state = models.CharField("état", max_length=9, choices=State, default=State.DRAFT)
    validated_on = models.DateField("validé le", null=True, blank=True)
    validated_by = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="validé par",
    )
    validated_by_label = models.CharField("validé par", max_length=200, blank=True)
    validation_means = models.CharField("moyen", max_length=7, choices=Means, blank=True)
    snapshot = models.ForeignKey(
        "agreements.Snapshot",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relevé figé",
    )
    minutes_approved_in = models.ForeignKey(
        Meeting,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="minutes_approved",
        verbose_name="compte rendu approuvé à",
    )
    minutes_remarks = models.CharField("observations à l'approbation", max_length=300, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(AgreementOwned.Meta):
        verbose_name = "relevé de décisions"
        verbose_name_plural = "relevés de décisions"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            SameAgreement("validated_by"),
            SameAgreement("snapshot"),
            SameAgreement("minutes_approved_in"),
            models.CheckConstraint(
                condition=Q(state="draft", validated_on__isnull=True)
                | Q(state="validated", validated_on__isnull=False),
                name="committees_record_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Relevé de décisions : {self.meeting}"

    @property
    def is_locked(self) -> bool:
        return self.state == self.State.VALIDATED


class RecordAddendum(AgreementOwned):
    """A dated correction of a validated record. It is never rewritten either."""

    record = models.ForeignKey(MeetingRecord, on_delete=models.RESTRICT, related_name="addenda")
    number = models.PositiveSmallIntegerField("numéro")
    on = models.DateField("date")
    text = models.TextField("rectificatif")
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    added_by_label = models.CharField("par", max_length=200)
    created_at = models.DateTimeField("ajouté le", auto_now_add=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "rectificatif"
        verbose_name_plural = "rectificatifs"
        ordering = ["number"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("record"),
            models.UniqueConstraint(fields=["record", "number"], name="committees_addendum_number"),
        ]

    def __str__(self) -> str:
        return f"Rectificatif n° {self.number} du {self.on:%d/%m/%Y}"


class RecordLink(AgreementOwned):
    """The personal door by which a chair without an account validates the record."""

    record = models.ForeignKey(MeetingRecord, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(
        "partners.Contact", on_delete=models.CASCADE, related_name="+", verbose_name="présidence"
    )
    link = models.OneToOneField("agreements.AccessLink", on_delete=models.CASCADE, related_name="+")

    class Meta(AgreementOwned.Meta):
        verbose_name = "lien de validation d'un relevé"
        verbose_name_plural = "liens de validation des relevés"
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("record"),
            SameAgreement("contact"),
            SameAgreement("link"),
        ]

    def __str__(self) -> str:
        return str(self.link)
