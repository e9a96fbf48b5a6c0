"""The toolkit's views, bound to the one door (``agreements.access``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

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


class ReturnToPage:
    """Where a form leads when the user comes from nowhere: the page ``page`` of the agreement."""

    page = ""
    agreement: Agreement

    def get_default_url(self) -> str:
        return reverse(self.page, args=[self.agreement.slug])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


class ReturnToObject:
    """Where a form leads: the page ``page`` of ``parent()`` (the object itself, or what holds it)."""

    page = ""
    agreement: Agreement
    object: Any

    def parent(self) -> Any:
        return self.object

    def get_default_url(self) -> str:
        return reverse(self.page, args=[self.agreement.slug, self.parent().pk])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()


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
