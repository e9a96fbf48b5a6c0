"""Who takes part: invitations, roles, closed doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import create_account, find_user
from agreements.models import Agreement, Invitation, Membership, Role
from agreements.services.agreement import create_agreement
from agreements.services.journal import record
from agreements.services.links import personal_address
from agreements.services.rows import check
from agreements.services.tokens import hash_token, new_token
from core import mail
from core.errors import DomainError
from core.formats import date_long
from core.models import OutgoingMail

INVITATION_DAYS = 14
VISIT_TRACE_EVERY = timedelta(hours=1)
NEW_VISIT_AFTER = timedelta(hours=4)
"""A silence this long ends a visit: « depuis votre dernière visite » starts again from there."""


@transaction.atomic
def add_member(
    agreement: Agreement, user: User, *, actor: User | None, role: Role | str, title: str = ""
) -> Membership:
    """Give a role to an account that exists (demonstration, first coordinator, invitation)."""
    member = Membership.objects.filter(agreement=agreement, user=user).first()
    if member is not None and member.is_active:
        raise DomainError("Cette personne est déjà membre de la convention.", field="email")
    member = member or Membership(agreement=agreement, user=user)
    member.role, member.title, member.is_active = Role(role), title, True
    check(member)
    member.save()
    record(
        agreement,
        actor=actor,
        verb="join",
        target=member,
        sentence=f"a ouvert l'accès de {user} ({member.get_role_display()})",
    )
    return member


@transaction.atomic
def invite_member(
    agreement: Agreement,
    *,
    actor: User | None,
    email: str,
    role: Role | str,
    first_name: str = "",
    last_name: str = "",
    title: str = "",
    send: bool = True,
) -> tuple[Invitation, str]:
    """Invite by mail, or (``send`` False) by a link to hand over. A former invitation to the
    same address is withdrawn. Returns the invitation and its address, which is never shown again.
    """
    email = email.strip().lower()
    if Membership.objects.filter(
        agreement=agreement, user__email__iexact=email, is_active=True
    ).exists():
        raise DomainError("Cette personne est déjà membre de la convention.", field="email")
    for former in Invitation.objects.filter(
        agreement=agreement, email__iexact=email, accepted_at=None, revoked_at=None
    ):
        _withdraw(former)
    token, token_hash = new_token()
    invitation = Invitation(
        agreement=agreement,
        email=email,
        role=Role(role),
        first_name=first_name,
        last_name=last_name,
        title=title,
        token_hash=token_hash,
        invited_by=actor,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    check(invitation)
    invitation.save()
    address = personal_address("invitation", token)
    _write_message(invitation, address, actor=actor, send=send)
    record(
        agreement,
        actor=actor,
        verb="invite",
        target=invitation,
        sentence=f"a invité {email} comme « {invitation.get_role_display()} »",
    )
    return invitation, address


@transaction.atomic
def open_for_coordinator(*, actor: User, email: str, **fields: Any) -> tuple[Agreement, str]:
    """Open an agreement and invite the person who will steer it: both, or neither."""
    agreement = create_agreement(actor=actor, **fields)
    _, address = invite_member(agreement, actor=actor, email=email, role=Role.COORDINATOR)
    return agreement, address


def _mail_key(invitation: Invitation) -> str:
    return f"invitation:{invitation.pk}"


def _write_message(
    invitation: Invitation, address: str, *, actor: User | None, send: bool
) -> OutgoingMail:
    agreement = invitation.agreement
    day = date_long(invitation.expires_at)
    host = f"{actor} vous invite" if actor else "Vous êtes invité(e)"
    body = (
        "Bonjour,\n\n"
        f"{host} à suivre la convention territoriale globale de {agreement.name} "
        f"({agreement.period_label}) dans Fil rouge, comme « {invitation.get_role_display()} ».\n\n"
        f"Pour ouvrir votre accès, jusqu'au {day} :\n{address}\n\n"
        "Ce lien est personnel : ne le transférez pas.\n"
    )
    return mail.queue(
        realm=agreement.realm,
        unique_key=_mail_key(invitation),
        recipient=invitation.email,
        recipient_name=f"{invitation.first_name} {invitation.last_name}".strip(),
        subject=f"Invitation à suivre la CTG de {agreement.name}",
        body=body,
        send=send,
    )


def _forget_link(invitation: Invitation) -> None:
    """Once the link is of no use, the copy kept of the message does not hold it any more."""
    message = OutgoingMail.objects.filter(unique_key=_mail_key(invitation)).first()
    if message is None:
        return
    lines = message.body.splitlines()
    message.body = "\n".join("(lien retiré)" if "/invitation/" in line else line for line in lines)
    message.save(update_fields=["body"])


def _withdraw(invitation: Invitation) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    _forget_link(invitation)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: User | None) -> None:
    if invitation.accepted_at:
        raise DomainError("Cette invitation a déjà servi : fermez plutôt l'accès du membre.")
    if invitation.revoked_at is None:
        _withdraw(invitation)
        record(
            invitation.agreement,
            actor=actor,
            verb="revoke",
            target=invitation,
            sentence=f"a retiré l'invitation de {invitation.email}",
        )


def find_invitation(token: str) -> Invitation | None:
    return (
        Invitation.objects.select_related("agreement", "invited_by")
        .filter(token_hash=hash_token(token))
        .first()
    )


def invitation_problem(invitation: Invitation) -> str:
    """Why the link opens nothing any more; empty when it does."""
    if invitation.revoked_at:
        return "Cette invitation a été retirée."
    if invitation.accepted_at:
        return "Cette invitation a déjà servi. Connectez-vous avec votre adresse."
    if invitation.expires_at < timezone.now():
        return "Cette invitation n'est plus valable. Demandez-en une nouvelle à la personne qui pilote la CTG."
    return ""


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    user: User | None = None,
    first_name: str = "",
    last_name: str = "",
    password: str | None = None,
) -> Membership:
    """Open the access: to the signed-in account that bears the invited address, or to a new
    account. Raises ``DomainError`` when the link is of no use or the address differs."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .get(pk=invitation.pk)
    )
    problem = invitation_problem(invitation)
    if problem:
        raise DomainError(problem)
    if user is None:
        if find_user(invitation.email):
            raise DomainError("Un compte existe déjà avec cette adresse : connectez-vous d'abord.")
        user = create_account(
            email=invitation.email, first_name=first_name, last_name=last_name, password=password
        )
    elif user.email.lower() != invitation.email.lower():
        raise DomainError(f"Cette invitation est adressée à {invitation.email}.")
    membership = add_member(
        invitation.agreement, user, actor=user, role=invitation.role, title=invitation.title
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    _forget_link(invitation)
    return membership


def _refuse_last_coordinator(member: Membership) -> None:
    """An agreement without anyone to steer it could not be reopened from inside."""
    others = (
        Membership.objects.select_for_update()
        .filter(agreement=member.agreement, role=Role.COORDINATOR, is_active=True)
        .exclude(pk=member.pk)
    )
    if member.role == Role.COORDINATOR and member.is_active and not others.exists():
        raise DomainError(
            "C'est la seule personne qui pilote la convention : donnez d'abord ce rôle à quelqu'un d'autre."
        )


@transaction.atomic
def change_role(
    member: Membership, *, actor: User | None, role: Role | str, title: str | None = None
) -> Membership:
    stored = Membership.objects.select_related("agreement", "user").get(pk=member.pk)
    old_label = stored.get_role_display()
    if Role(role) != Role.COORDINATOR:
        _refuse_last_coordinator(stored)
    changed = stored.role != Role(role)
    stored.role = Role(role)
    stored.title = stored.title if title is None else title
    check(stored)
    stored.save()
    if changed:
        record(
            stored.agreement,
            actor=actor,
            verb="role",
            target=stored,
            sentence=f"a changé le rôle de {stored.user}",
            changes=[{"field": "rôle", "old": old_label, "new": stored.get_role_display()}],
        )
    return stored


@transaction.atomic
def close_access(member: Membership, *, actor: User | None) -> Membership:
    """The person comes in no more; what they did keeps their name."""
    stored = Membership.objects.select_related("agreement", "user").get(pk=member.pk)
    if not stored.is_active:
        raise DomainError("Cet accès est déjà fermé.")
    _refuse_last_coordinator(stored)
    stored.is_active = False
    stored.save()
    record(
        stored.agreement,
        actor=actor,
        verb="close",
        target=stored,
        sentence=f"a fermé l'accès de {stored.user}",
    )
    return stored


@transaction.atomic
def reopen_access(member: Membership, *, actor: User | None) -> Membership:
    stored = Membership.objects.select_related("agreement", "user").get(pk=member.pk)
    if stored.is_active:
        raise DomainError("Cet accès est déjà ouvert.")
    return add_member(
        stored.agreement, stored.user, actor=actor, role=stored.role, title=stored.title
    )


def note_visit(membership: Membership) -> None:
    """Trace of the visit, at most once an hour: the one thing that a GET may write."""
    now, last = timezone.now(), membership.last_seen_at
    if last is not None and now - last < VISIT_TRACE_EVERY:
        return
    if last is not None and now - last >= NEW_VISIT_AFTER:
        membership.previous_seen_at = last
    membership.last_seen_at = now
    Membership.objects.filter(pk=membership.pk).update(
        last_seen_at=now, previous_seen_at=membership.previous_seen_at
    )
