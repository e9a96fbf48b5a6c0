"""The themes of the diagnosis: the index, and all that is known of one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import Theme
from agreements.roles import Capability as C
from agreements.views.base import AgreementDetailView, AgreementPageView
from core.charts.page import figure
from reports import themes
from reports.figures import charted
from territory.views.tabs import DiagnosisTabs


class ThemesView(DiagnosisTabs, AgreementPageView):
    template_name = "reports/themes.html"
    tab = "reports:themes"
    capability = C.DIAGNOSIS_VIEW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cards=themes.theme_cards(self.agreement), **kwargs)


class ThemeView(DiagnosisTabs, AgreementDetailView):
    """A committee member prepares a working group from this page alone."""

    template_name = "reports/theme.html"
    tab = "reports:themes"
    capability = C.DIAGNOSIS_VIEW
    context_object_name = "subject"  # « theme » is the look of the page, light or dark

    def get_queryset(self) -> QuerySet[Theme]:
        return themes.themes_told(self.agreement, self.access.audience)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = themes.theme_page(
            self.agreement, self.object, self.access.audience, timezone.localdate()
        )
        drawn = charted(page.figures)
        return super().get_context_data(
            page=page,
            chart=figure(drawn.row.chart, self.request.COOKIES.get("theme", "")) if drawn else None,
            drawn=drawn,
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            can_produce=self.access.can(C.DOCUMENTS_PRODUCE),
            **kwargs,
        )
