"""The catalogue of indicators, the page of each, how the authors read it, and its download."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from agreements.exports import to_csv
from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView, AgreementUpdateView
from core.charts.page import figure
from core.documents.content import Missing
from core.documents.declaration import render
from core.views.files import download
from opendata.models import Domain, Indicator
from opendata.queries import family_policy, latest_readings
from territory import figure_forms
from territory.comparison import latest_local
from territory.filters_figures import CatalogueFilter
from territory.indicator import COLUMNS, IndicatorPage, export_content, export_rows, indicator_page
from territory.models import IndicatorNote
from territory.views.tabs import DiagnosisTabs


class CatalogueView(DiagnosisTabs, AgreementPageView):
    """Every indicator of family policy: what it counts, what it must not be used for, and whether
    a figure is known here."""

    template_name = "territory/indicators.html"
    tab = "territory:compare"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = CatalogueFilter(self.request.GET or None, queryset=family_policy())
        indicators = list(wanted.qs)
        home = self.agreement.lead_commune
        readings = latest_readings(indicators, [home])
        local = latest_local(self.agreement, self.access.audience, indicators, [home])
        entries = [
            (
                indicator,
                readings.get((indicator.pk, home.pk)),
                local.get((indicator.pk, home.pk)),
            )
            for indicator in indicators
        ]
        shown = wanted.form.cleaned_data.get("connu") if wanted.form.is_valid() else ""
        if shown:
            entries = [entry for entry in entries if bool(entry[1] or entry[2]) == (shown == "oui")]
        groups: dict[Domain, list[Any]] = {}
        for entry in entries:
            groups.setdefault(entry[0].domain, []).append(entry)
        return super().get_context_data(
            filter=wanted,
            groups=list(groups.items()),
            total=len(entries),
            is_filtered=any(self.request.GET.values()),
            **kwargs,
        )


class _OneIndicator(AgreementMixin):
    """The indicator of the address: national, so it belongs to no agreement."""

    @property
    def indicator(self) -> Indicator:
        return get_object_or_404(Indicator.objects.select_related("domain"), key=self.kwargs["key"])

    def page(self) -> IndicatorPage:
        return indicator_page(self.agreement, self.indicator, self.access.audience)


class IndicatorView(_OneIndicator, DiagnosisTabs, AgreementPageView):
    template_name = "territory/indicator.html"
    tab = "territory:compare"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page()
        theme = self.request.COOKIES.get("theme", "")
        chart, drawn_map = page.chart, page.map
        return super().get_context_data(
            page=page,
            row=page.row,
            indicator=page.indicator,
            is_old=page.is_old(date.today().year),
            chart=figure(chart, theme) if chart else None,
            map=figure(drawn_map, theme) if drawn_map else None,
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            can_add=self.access.can_any(C.DIAGNOSIS_CHANGE, C.FIGURES_ADD),
            **kwargs,
        )


class IndicatorDownload(_OneIndicator):
    """Every figure of the page with its source, as a workbook or as CSV."""

    capability = C.DIAGNOSIS_VIEW

    def get(self, request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
        if fmt not in ("xlsx", "csv"):
            raise Http404("Ce format n'existe pas : xlsx ou csv.")
        page = self.page()
        if fmt == "xlsx":
            file = render(export_content(page, self.access.audience), "xlsx")
            data, mime = file.data, file.mime
        else:
            rows = [
                [_csv_cell(cell) for cell in row]
                for row in export_rows(page.indicator, page.figures)
            ]
            data = to_csv([column.title for column in COLUMNS], rows)
            mime = "text/csv; charset=utf-8"
        return download(data, mime, f"{page.indicator.key}-{self.agreement.slug}.{fmt}")


def _csv_cell(cell: Any) -> str:
    """An absent value is an empty cell: its reason stands in the column « Marque »."""
    if isinstance(cell, Missing):
        return ""
    return cell if isinstance(cell, str) else f"{cell.normalize():f}".replace(".", ",")


class NoteUpdate(_OneIndicator, AgreementUpdateView):
    """The sentence rewritten, the comment, and whether an old figure may be cited."""

    template_name = "territory/indicator_note.html"
    capability = C.DIAGNOSIS_CHANGE
    form_class = figure_forms.NoteForm

    def load_object(self) -> IndicatorNote:
        self.subject = self.indicator
        self.row = indicator_page(self.agreement, self.subject, self.access.audience).row
        known = IndicatorNote.objects.filter(agreement=self.agreement, indicator=self.subject)
        return known.first() or IndicatorNote(agreement=self.agreement, indicator=self.subject)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "automatic_sentence": self.row.automatic_sentence,
            "told_from": self.row.told_from,
        }

    def get_initial(self) -> dict[str, Any]:
        written = self.object.sentence if self.object else ""
        return {"sentence": written or self.row.automatic_sentence}

    def get_default_url(self) -> str:
        return reverse("territory:indicator", args=[self.agreement.slug, self.subject.key])

    @property
    def cancel_url(self) -> str:
        return self.get_default_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=f"Commenter « {self.subject.label} »",
            automatic_sentence=self.row.automatic_sentence,
            indicator=self.subject,
            **kwargs,
        )
