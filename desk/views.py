"""« Ma semaine »."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView
from core.errors import DomainError
from core.formats import hours_minutes
from core.views.base import PageView, safe_next
from desk import queries, services


class WeekView(AgreementPageView):
    capability = C.DESK_VIEW
    template_name = "desk/week.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = date.today()
        week, points = queries.week_of(self.access, today)
        used, available = hours_minutes(week.total_minutes), hours_minutes(week.available_minutes)
        return super().get_context_data(
            week=week,
            today=today,
            meter_text=f"{used} sur {available}",
            excess=hours_minutes(week.excess_minutes) if week.excess_minutes else "",
            points=points,
            **kwargs,
        )


class PostponeView(AgreementMixin, PageView):
    """« Reporter » : POST only; the line comes back in a week."""

    capability = C.DESK_VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("key", "")
        if not key or len(key) > 120:
            raise DomainError("Cette ligne n'existe plus.")
        services.postpone_line(self.access, key=key, on=date.today())
        return HttpResponseRedirect(
            safe_next(request) or reverse("desk:week", args=[self.agreement.slug])
        )
