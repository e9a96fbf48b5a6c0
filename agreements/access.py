"""The one door: a slug and a user become an ``Access``, or a 404.

Views, templates and predicates ask the ``Access`` and nothing else; the tenant is never kept in
the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from agreements.models import Agreement, Membership, Role
from agreements.roles import ROLE_AUDIENCE, ROLE_CAPABILITIES, Capability
from core.audience import Audience


@dataclass(frozen=True)
class Access:
    """What one user may do in one agreement, for the time of a request."""

    agreement: Agreement
    membership: Membership

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def role(self) -> Role:
        return Role(self.membership.role)

    @cached_property
    def role_label(self) -> str:
        """The title shown: the person's own, else the agreement's for the role."""
        titles = {
            Role.COORDINATOR: self.agreement.coordinator_title,
            Role.CAF: self.agreement.caf_officer_title,
        }
        return self.membership.title or titles.get(self.role, self.role.label)

    @property
    def audience(self) -> Audience:
        return ROLE_AUDIENCE[self.role]

    def can(self, capability: Capability | str) -> bool:
        return Capability(capability) in ROLE_CAPABILITIES[self.role]

    def can_any(self, *capabilities: Capability | str) -> bool:
        return any(self.can(capability) for capability in capabilities)

    def require(self, *capabilities: Capability | str) -> None:
        """Let pass whoever has one of ``capabilities``.

        Raises ``PermissionDenied`` with a French sentence otherwise.
        """
        if not self.can_any(*capabilities):
            raise PermissionDenied(refusal(self, Capability(capabilities[0]).label))

    def test(self, rule: Any, obj: Any = None) -> bool:
        """Ask a ``rules`` predicate of a room's ``permissions.py`` (it receives this access)."""
        return bool(rule.test(self, obj))


def refusal(access: Access, act: str) -> str:
    """« Votre rôle (lecteur) ne permet pas de modifier le plan d'actions. … »"""
    return (
        f"Votre rôle ({access.role.label}) ne permet pas de {act}. "
        "La personne qui pilote la CTG peut le changer."
    )


def get_access(user: Any, slug: str) -> Access:
    """Raises ``Http404`` for an unknown agreement as for one the user is no member of: nobody
    learns from outside which agreements exist."""
    if not user.is_authenticated:
        raise Http404
    membership = (
        Membership.objects.select_related("agreement", "agreement__lead_commune", "user")
        .filter(agreement__slug=slug, user=user, is_active=True)
        .first()
    )
    if membership is None:
        raise Http404("Cette convention n'existe pas, ou vous n'en êtes pas membre.")
    return Access(agreement=membership.agreement, membership=membership)
