"""What left for whom: the invitation first, the pack later, the record of decisions at the end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agreements.models import AgreementOwned
from committees.models.meetings import Attendance, Meeting
from core.db import SameAgreement
from core.models import TimeStamped, Versioned


class Sending(AgreementOwned, TimeStamped, Versioned):
    """One sending of one meeting: prepared, then sent, and from then on never rewritten.

    The invitation and the pack never travel in one file: the first carries the date and the agenda,
    the second what the Caf and the direction have read (domaine.md §7).
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", "invitation"
        UPDATE = "update", "changement de date, d'heure ou de lieu"
        CANCELLATION = "cancellation", "annulation"
        PACK = "pack", "dossier de séance"
        RECORD = "record", "relevé de décisions"

    class State(models.TextChoices):
        DRAFT = "draft", "en préparation"
        SENT = "sent", "parti"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="sendings")
    kind = models.CharField("envoi", max_length=12, choices=Kind)
    state = models.CharField("état", max_length=5, choices=State, default=State.DRAFT)
    subject = models.CharField("objet", max_length=200)
    message = models.TextField("texte du message", blank=True)
    letter = models.TextField(
        "texte de la lettre", blank=True, help_text="Une ligne vide sépare deux paragraphes."
    )
    signatory = models.CharField(
        "signée par", max_length=200, blank=True, help_text="Nom et qualité, sous la lettre."
    )
    reference = models.CharField("référence", max_length=80, blank=True)
    dated_on = models.DateField("date de la lettre", null=True, blank=True)
    snapshot = models.ForeignKey(
        "agreements.Snapshot",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document envoyé",
    )
    calendar_sequence = models.PositiveIntegerField(
        "numéro de mise à jour", default=0, editable=False
    )
    sent_at = models.DateTimeField("parti le", null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "envoi"
        verbose_name_plural = "envois"
        ordering = ["created_at", "pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("meeting"),
            SameAgreement("snapshot"),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True)
                | Q(state="sent", sent_at__isnull=False),
                name="committees_sending_dated",
            ),
            models.UniqueConstraint(
                fields=["meeting", "kind"],
                condition=Q(state="draft"),
                name="committees_sending_one_draft",
                violation_error_message="Un envoi de cette nature est déjà en préparation.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.meeting}"


class SendingRecipient(AgreementOwned):
    """A person to whom it goes, and by which way. What became of an e-mail is read on its
    ``OutgoingMail``; a letter is ticked by hand.

    ``contact`` empty: the person was erased since.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "message envoyé par Fil rouge"
        OWN_MAIL = "own_mail", "message envoyé par mes soins"
        PAPER = "paper", "courrier ou remise en main propre"

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="recipients")
    contact = models.ForeignKey(
        "partners.Contact",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="personne",
    )
    attendance = models.ForeignKey(
        Attendance, on_delete=models.SET_NULL, null=True, blank=True, related_name="sendings"
    )
    channel = models.CharField("moyen", max_length=8, choices=Channel, default=Channel.MAIL)
    handed_on = models.DateField("remis le", null=True, blank=True)
    link = models.OneToOneField(
        "agreements.AccessLink",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta(AgreementOwned.Meta):
        verbose_name = "destinataire d'un envoi"
        verbose_name_plural = "destinataires d'un envoi"
        ordering = ["pk"]
        constraints = [
            *AgreementOwned.Meta.constraints,
            SameAgreement("sending"),
            SameAgreement("contact"),
            SameAgreement("attendance"),
            SameAgreement("link"),
            models.UniqueConstraint(
                fields=["sending", "contact"],
                name="committees_recipient_once",
                violation_error_message="Cette personne est déjà destinataire.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact) if self.contact else "Personne effacée"
