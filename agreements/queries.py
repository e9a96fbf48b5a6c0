"""Reads of the room."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from accounts.models import User
from agreements.models import (
    Agreement,
    AgreementCommune,
    Amendment,
    Annex,
    Competence,
    Invitation,
    JournalEntry,
    Membership,
    Signatory,
    Theme,
)
from agreements.models.agreement import AgreementQuerySet
from core.db import FrKey
from core.models import Job, OutgoingMail
from opendata.models import Territory


def agreements_of(user: User) -> AgreementQuerySet:
    """The agreements whose door is open to this account, in French alphabetical order."""
    return (
        Agreement.objects.filter(
            pk__in=user.memberships.filter(is_active=True).values("agreement_id")
        )
        .select_related("lead_commune")
        .in_alphabetical_order()
    )


def agreements_listed_for(user: User) -> AgreementQuerySet:
    """What the page of agreements lists: all of them for whoever manages the instance, who sees
    that they exist and opens only those of which they are a member (``is_open``)."""
    mine = Membership.objects.filter(agreement=OuterRef("pk"), user=user, is_active=True)
    listed = Agreement.objects.annotate(is_open=Exists(mine)).select_related("lead_commune")
    if not user.is_staff:
        listed = listed.filter(is_open=True)
    return listed.in_alphabetical_order()


def search_agreements(
    agreements: AgreementQuerySet, *, text: str = "", status: str = ""
) -> AgreementQuerySet:
    """By name of the agreement or of one of its communes, accents and case ignored."""
    if text.strip():
        needle = FrKey(Value(text.strip()))
        communes = AgreementCommune.objects.alias(key=FrKey("commune__name")).filter(
            agreement=OuterRef("pk"), key__contains=needle
        )
        agreements = agreements.alias(key=FrKey("name")).filter(
            Q(key__contains=needle) | Exists(communes)
        )
    if status:
        agreements = agreements.filter(status=status)
    return agreements


def signatories_of(agreement: Agreement) -> QuerySet[Signatory]:
    return Signatory.objects.filter(agreement=agreement)


def amendments_of(agreement: Agreement) -> QuerySet[Amendment]:
    return Amendment.objects.filter(agreement=agreement)


def annexes_of(agreement: Agreement) -> QuerySet[Annex]:
    return Annex.objects.filter(agreement=agreement)


def competences_of(agreement: Agreement) -> QuerySet[Competence]:
    return Competence.objects.filter(agreement=agreement)


def themes_of(agreement: Agreement, *, only_active: bool = False) -> QuerySet[Theme]:
    themes = Theme.objects.filter(agreement=agreement).select_related("domain")
    return themes.filter(is_active=True) if only_active else themes


def communes_of(agreement: Agreement) -> QuerySet[Territory]:
    return Territory.objects.filter(agreements=agreement).in_alphabetical_order()


def members_of(agreement: Agreement) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(agreement=agreement)
        .select_related("user")
        .order_by("-is_active", FrKey("user__last_name"), FrKey("user__first_name"), "pk")
    )


def pending_invitations(agreement: Agreement) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        agreement=agreement, accepted_at__isnull=True, revoked_at__isnull=True
    )


def journal_of(
    agreement: Agreement,
    *,
    with_internal: bool = True,
    text: str = "",
    app_label: str = "",
    actor: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[JournalEntry]:
    """Acts, latest first. ``app_label`` is the room of the target; ``actor`` a name as written."""
    entries = JournalEntry.objects.filter(agreement=agreement)
    if not with_internal:
        entries = entries.filter(is_internal=False)
    if text.strip():
        entries = entries.alias(key=FrKey("sentence")).filter(
            key__contains=FrKey(Value(text.strip()))
        )
    if app_label:
        entries = entries.filter(target_type__startswith=f"{app_label}.")
    if actor:
        entries = entries.filter(actor_label=actor)
    if since:
        entries = entries.filter(at__date__gte=since)
    if until:
        entries = entries.filter(at__date__lte=until)
    return entries


def journal_actors(agreement: Agreement) -> list[str]:
    labels = JournalEntry.objects.filter(agreement=agreement).values_list("actor_label", flat=True)
    return sorted(set(labels.order_by("actor_label").distinct()))


def mails_of(agreement: Agreement) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(realm=agreement.realm)


def jobs_of(agreement: Agreement) -> QuerySet[Job]:
    return Job.objects.filter(realm=agreement.realm)
