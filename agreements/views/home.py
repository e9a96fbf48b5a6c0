"""Where somebody who signs in lands, and the page to find and switch agreements."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView, View
from django_tables2 import SingleTableMixin

from agreements import queries
from agreements.forms_convention import AgreementSearchForm
from agreements.roles import Capability
from agreements.tables import AgreementTable
from agreements.views.base import AgreementMixin

ONE_SCREEN = 8
"""Below this many agreements nobody needs a search field."""


class HomeView(LoginRequiredMixin, View):
    """One agreement: straight into it. Several, or none: the page that lists them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        agreements = list(queries.agreements_of(request.user)[:2])
        if len(agreements) == 1:
            return redirect(agreements[0].get_absolute_url())
        return redirect("agreements_list")


class AgreementHomeView(AgreementMixin, View):
    """The first page of each role: the week for whoever steers, the documents for the direction,
    the élus and the Caf, the plan for partners and readers."""

    capability = Capability.AGREEMENT_VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.access.can(Capability.DESK_VIEW):
            page = "desk:week"
        elif self.access.can(Capability.EVALUATION_VIEW):
            page = "reports:documents"
        else:
            page = "actionplan:plan"
        return redirect(page, self.agreement.slug)


class AgreementListPage(LoginRequiredMixin, SingleTableMixin, TemplateView):
    """Find an agreement and go into it; the tenant is in the address, never in the session."""

    template_name = "agreements/list.html"
    table_class = AgreementTable
    paginate_by = 50

    def get_table_data(self) -> Any:
        self.form = AgreementSearchForm(self.request.GET or None)
        self.listed = queries.agreements_listed_for(self.request.user)
        if not self.form.is_valid():
            return self.listed
        return queries.search_agreements(self.listed, **self.form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count = context["table"].paginator.count
        return {
            **context,
            "form": self.form,
            "searchable": bool(self.request.GET) or count >= ONE_SCREEN,
            "count_sentence": "Une convention" if count == 1 else f"{count} conventions",
            "lead": "Choisissez celle dans laquelle vous voulez travailler.",
        }
