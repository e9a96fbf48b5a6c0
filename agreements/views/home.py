"""Where somebody who signs in lands, and the page to find and switch agreements."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView, View

from agreements import queries
from agreements.roles import Capability
from agreements.views.base import AgreementMixin


class HomeView(LoginRequiredMixin, View):
    """One agreement: straight into it. Several, or none: the page that lists them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        agreements = list(queries.agreements_of(request.user)[:2])
        if len(agreements) == 1:
            return redirect(agreements[0].get_absolute_url())
        return redirect("agreements_list")


class AgreementHomeView(AgreementMixin, View):
    """The first page of each role: the week for whoever steers, the documents for the others."""

    capability = Capability.AGREEMENT_VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page = "desk:week" if self.access.can(Capability.DESK_VIEW) else "reports:documents"
        return redirect(page, self.agreement.slug)


class AgreementListPage(LoginRequiredMixin, TemplateView):
    template_name = "agreements/list.html"
