"""« Schéma petite enfance »: the eleven items, what answers each, and what is left to write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from actionplan.forms.scheme import SchemeActForm, SchemeItemForm
from actionplan.models import SchemeAct, SchemeItem
from actionplan.scheme.documents import SchemeAnnex, SchemeRequest
from actionplan.scheme.items import ARTICLE_DATE, ASKS, BY_SLUG, DECREE, LIMIT
from actionplan.scheme.queries import scheme_of
from actionplan.scheme_items import ARTICLE
from actionplan.views.tabs import PlanTabs
from actionplan.views.versions import as_file
from agreements.access import Access
from agreements.roles import Capability as C
from agreements.views.base import (
    AgreementMixin,
    AgreementPageView,
    AgreementUpdateView,
    ReturnToPage,
)
from core.audience import Audience


def document_audience(access: Access) -> Audience:
    """What a file may hold: what its reader may read, and nothing internal, since it is handed on."""
    return min(access.audience, Audience.COMMITTEE, key=lambda audience: audience.rank)


class SchemeView(PlanTabs, AgreementPageView):
    template_name = "actionplan/scheme.html"
    tab = "actionplan:scheme"
    capability = C.PLAN_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scheme = scheme_of(
            self.agreement,
            date.today(),
            with_money=self.access.can(C.MONEY_VIEW),
            audience=self.access.audience,
        )
        return super().get_context_data(
            scheme=scheme,
            article=ARTICLE,
            article_date=ARTICLE_DATE,
            decree=DECREE,
            limit=LIMIT,
            formats=SchemeAnnex.formats,
            can_change=self.access.can(C.PLAN_CHANGE),
            **kwargs,
        )


class SchemeFile(AgreementMixin):
    capability = C.PLAN_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
        if fmt not in SchemeAnnex.formats:
            raise Http404("Ce document n'existe pas.")
        asked = SchemeRequest(
            self.agreement,
            date.today(),
            with_money=self.access.can(C.MONEY_VIEW),
            reader=document_audience(self.access),
        )
        return as_file(SchemeAnnex().content(asked), fmt)


class _OfScheme(ReturnToPage):
    capability = C.PLAN_CHANGE
    refusal = "modifier le schéma petite enfance"
    page = "actionplan:scheme"
    agreement: Any
    kwargs: dict[str, Any]
    anchor = ""

    def get_default_url(self) -> str:
        return f"{reverse(self.page, args=[self.agreement.slug])}#{self.anchor}"


class ItemUpdate(_OfScheme, AgreementUpdateView):
    """The row is made when something is first said of the item."""

    form_class = SchemeItemForm

    def load_object(self) -> Model:
        item = BY_SLUG.get(self.kwargs["code"])
        if item is None:
            raise Http404("Cet attendu n'existe pas.")
        self.item = item
        self.anchor = f"attendu-{self.kwargs['code']}"
        own = {"agreement": self.agreement, "code": item.code}
        return SchemeItem.objects.filter(**own).first() or SchemeItem(**own)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"title": f"{self.item.code} : {self.item.label}", "lead": ASKS[self.item.code]}
        return super().get_context_data(**kwargs)


class ActUpdate(_OfScheme, AgreementUpdateView):
    form_class = SchemeActForm
    anchor = "actes"

    def load_object(self) -> Model:
        if self.kwargs["act"] not in SchemeAct.Act.values:
            raise Http404("Cet acte n'existe pas.")
        own = {"agreement": self.agreement, "act": self.kwargs["act"]}
        return SchemeAct.objects.filter(**own).first() or SchemeAct(**own)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = SchemeAct.Act(self.kwargs["act"]).label
        return super().get_context_data(title=label[:1].upper() + label[1:], **kwargs)
