"""Doors without an account: an invitation to join, a link to read one document.

Only the hash of a token is stored: whoever reads the database cannot use the links.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from agreements.models.agreement import AgreementOwned
from agreements.models.membership import Role
from core.db import SameAgreement


class Invitation(AgreementOwned):
    email = models.EmailField("adresse électronique")
    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom", max_length=150, blank=True)
    role = models.CharField("rôle", max_length=12, choices=Role)
    title = models.CharField("titre affiché", max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    expires_at = models.DateTimeField("valable jusqu'au")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email


class AccessLink(AgreementOwned):
    """A personal, expiring, revocable link for one purpose, for people without an account."""

    class Purpose(models.TextChoices):
        READ_DOCUMENT = "read_document", "lire un document"
        GIVE_NEWS = "give_news", "donner des nouvelles de ses actions"
        ANSWER_INVITATION = "answer_invitation", "répondre à une invitation"
        READ_BRIEF = "read_brief", "lire « L'élu en trois minutes »"
        VALIDATE_RECORD = "validate_record", "valider un relevé de décisions"
        CALENDAR = "calendar", "s'abonner au calendrier"

    purpose = models.CharField("usage", max_length=20, choices=Purpose)
    snapshot = models.ForeignKey(
        "Snapshot", on_delete=models.CASCADE, null=True, blank=True, related_name="links"
    )
    label = models.CharField(
        "remis à", max_length=200, help_text="Le nom de la personne ou du groupe."
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    expires_at = models.DateTimeField("valable jusqu'au")
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernière ouverture", null=True, blank=True)

    class Meta(AgreementOwned.Meta):
        verbose_name = "lien d'accès"
        verbose_name_plural = "liens d'accès"
        ordering = ["-created_at"]
        constraints = [*AgreementOwned.Meta.constraints, SameAgreement("snapshot")]

    def __str__(self) -> str:
        return self.label
