"""The calendar of the plan, an orientation after the other, fifty actions a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator

from actionplan import queries
from actionplan.timeline import ACTIONS_A_PAGE, PlanCalendar, calendar_lines, stretches
from actionplan.views.pills import PlanPills
from agreements.roles import Capability as C
from agreements.views.base import AgreementPageView
from core.charts.page import figures


class TimelineView(PlanPills, AgreementPageView):
    template_name = "actionplan/timeline.html"
    capability = C.PLAN_VIEW
    pill = "actionplan:timeline"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        lines = calendar_lines(self.agreement, today)
        orientations = list(queries.orientations(self.agreement))
        asked = self.request.GET.get("orientation", "")
        chosen = next((row for row in orientations if str(row.pk) == asked), None)
        if chosen is not None:
            lines = lines.filter(orientation=chosen)
        page = Paginator(lines, ACTIONS_A_PAGE).get_page(self.request.GET.get("page"))
        own = {row.pk: row for row in orientations}
        charts = [
            PlanCalendar(
                title=str(stretch.orientation),
                actions=stretch.actions,
                start=self.agreement.starts_on,
                end=self.agreement.ends_on,
                on=today,
            )
            for stretch in stretches(own, page.object_list)
        ]
        theme = self.request.COOKIES.get("theme", "")
        return super().get_context_data(
            figures=figures(charts, theme),
            page_obj=page,
            orientations=orientations,
            chosen=chosen,
            today=today,
            **kwargs,
        )
