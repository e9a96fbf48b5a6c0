"""Pages for whoever manages the instance: published figures belong to no agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.generic import View

from accounts.models import User
from core.views import base


@dataclass(frozen=True)
class InstanceAccess:
    """Anybody signed in may know that these pages exist; the administrators open them."""

    user: User

    def require(self, *capabilities: str) -> None:
        if not self.user.is_staff:
            raise PermissionDenied(
                "Les données publiées sont tenues par l'administration de l'application."
            )


class InstanceMixin(View):
    capability = "instance"
    access: InstanceAccess

    def resolve_access(self, request: HttpRequest, **kwargs: Any) -> InstanceAccess:
        assert isinstance(request.user, User)
        return InstanceAccess(request.user)

    @property
    def actor(self) -> str:
        return str(self.access.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Templates know ``access`` as that of an agreement: there is none here."""
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("access")
        return context


class PageView(InstanceMixin, base.PageView):
    pass


class DetailView(InstanceMixin, base.DetailView):
    pass


class FormView(InstanceMixin, base.ServiceFormView):
    pass


class ActView(InstanceMixin, base.AccessMixin):
    """One act, by POST: the class has ``post`` only."""

    http_method_names = ["post"]
