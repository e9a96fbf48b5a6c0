"""The project's addresses, and a page that holds nothing: the floor of every other page."""

from __future__ import annotations

from django.urls import include, path

from agreements.roles import Capability
from agreements.views.base import AgreementPageView
from demo.bench import EMPTY_PAGE


class EmptyPage(AgreementPageView):
    """Signed in, in an agreement, with the whole frame and no content."""

    template_name = "base.html"
    capability = Capability.AGREEMENT_VIEW


urlpatterns = [
    path(f"ctg/<slug:slug>/{EMPTY_PAGE}/", EmptyPage.as_view()),
    path("", include("ctg.urls")),
]
