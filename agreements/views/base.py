"""The toolkit's views, bound to the one door (``agreements.access``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from agreements.access import Access, get_access, refusal
from agreements.models import Agreement
from agreements.services.members import note_visit
from core.views import base


class AgreementMixin(base.AccessMixin):
    """``self.access`` and ``self.agreement``, from the slug of the URL."""

    access: Access

    def resolve_access(self, request: HttpRequest, **kwargs: Any) -> Access:
        access = get_access(request.user, kwargs["slug"])
        request.access = access  # type: ignore[attr-defined]
        note_visit(access.membership)
        return access

    def refusal_reason(self, act: str) -> str:
        return refusal(self.access, act)

    @property
    def agreement(self) -> Agreement:
        return self.access.agreement


class _FormMixin(AgreementMixin):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "access": self.access}  # type: ignore[misc]


class AgreementPageView(AgreementMixin, base.PageView):
    pass


class AgreementListView(AgreementMixin, base.ListView):
    pass


class AgreementDetailView(AgreementMixin, base.DetailView):
    slug_url_kwarg = "object_slug"  # `slug` is the agreement's


class AgreementFormView(_FormMixin, base.ServiceFormView):
    pass


class AgreementCreateView(_FormMixin, base.CreateView):
    pass


class AgreementUpdateView(_FormMixin, base.UpdateView):
    pass


class AgreementDeleteView(AgreementMixin, base.DeleteView):
    pass
