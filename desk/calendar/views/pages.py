"""The calendar by month, as a list, and as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from agreements.roles import Capability as C
from agreements.views.base import AgreementMixin, AgreementPageView
from core.dates import last_day
from core.documents.ics import MIME
from core.errors import DomainError
from core.formats import WEEKDAYS
from core.views.base import PageView
from core.views.files import download
from desk.calendar import ics, month, sources
from desk.calendar.forms import KindFilter, PeriodForm

AROUND = 10
"""Years before and after the agreement that the address may ask."""
PER_PAGE = 40


class _CalendarPage(AgreementPageView):
    capability = C.CALENDAR_VIEW

    def filters(self) -> KindFilter:
        return KindFilter(self.request.GET, access=self.access)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            today=timezone.localdate(), can_add=self.access.can(C.DESK_VIEW), **kwargs
        )

    def address(self, name: str, *args: object, **query: Any) -> str:
        """A page of the calendar, with the filters that this one has."""
        asked = {"nature": [str(kind) for kind in self.form.kinds], **query}
        given = urlencode({k: v for k, v in asked.items() if v}, doseq=True)
        url = reverse(name, args=[self.agreement.slug, *args])
        return f"{url}?{given}" if given else url

    def tabs(self, current: str) -> list[dict[str, Any]]:
        pages = [("Par mois", "desk:calendar"), ("En liste", "desk:calendar_list")]
        return [
            {"label": label, "url": self.address(name), "active": name == current}
            for label, name in pages
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = self.filters()
        return super().get(request, *args, **kwargs)


class MonthView(_CalendarPage):
    template_name = "desk/calendar/month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        first = self.month(today)
        entries = sources.entries(
            self.access, today=today, start=first, end=last_day(first.year, first.month),
            kinds=self.form.kinds,
        )  # fmt: skip
        page = month.month_of(first.year, first.month, entries, today)
        return super().get_context_data(
            grid=page,
            form=self.form,
            tabs=self.tabs("desk:calendar"),
            weekdays=WEEKDAYS,
            previous=self.month_link(page.previous),
            following=self.month_link(page.following),
            today_url="" if (today.year, today.month) == (page.year, page.month)
            else self.month_link(today)[1],
            file_url=self.address(
                "desk:calendar_file", du=page.first.isoformat(), au=page.last.isoformat()
            ),
            **kwargs,
        )  # fmt: skip

    def month(self, today: date) -> date:
        """The first day of the month asked. Raises ``Http404`` for one that does not exist, or far
        from the agreement."""
        year = self.kwargs.get("year", today.year)
        number = self.kwargs.get("month", today.month)
        if not 1 <= number <= 12 or not self.is_near(year, today):
            raise Http404("Ce mois n'est pas dans ce calendrier.")
        return date(year, number, 1)

    def is_near(self, year: int, today: date) -> bool:
        first = min(self.agreement.starts_on.year, today.year) - AROUND
        return first <= year <= max(self.agreement.ends_on.year, today.year) + AROUND

    def month_link(self, day: date) -> tuple[str, str]:
        """(words, address); no address beyond the calendar."""
        near = self.is_near(day.year, timezone.localdate())
        url = self.address("desk:calendar_month", day.year, day.month) if near else ""
        return month.month_title(day), url


class ListView(_CalendarPage):
    """What comes, by month; what is past on demand."""

    template_name = "desk/calendar/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        is_past = self.request.GET.get("passees") == "oui"
        asked: dict[str, Any] = {"end": today} if is_past else {"start": today}
        found = sources.entries(self.access, today=today, kinds=self.form.kinds, **asked)
        rows = month.past(found, today) if is_past else month.coming(found, today)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            groups=month.grouped(page.object_list, today),
            page=page,
            is_past=is_past,
            form=self.form,
            tabs=self.tabs("desk:calendar_list"),
            other_url=self.address("desk:calendar_list", passees="" if is_past else "oui"),
            **kwargs,
        )


class CalendarFile(AgreementMixin, PageView):
    """The dates of a period, once, for one's own program. Without a period: this month."""

    capability = C.CALENDAR_VIEW
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        asked = request.GET.copy()
        asked.setdefault("du", today.replace(day=1).isoformat())
        asked.setdefault("au", last_day(today.year, today.month).isoformat())
        form = PeriodForm(asked, access=self.access)
        if not form.is_valid():
            field, errors = next(iter(form.errors.items()))
            raise DomainError(f"{form.fields[field].label} : {errors[0]}")
        start, end = form.period
        found = sources.entries(self.access, today=today, start=start, end=end, kinds=form.kinds)
        name = f"{self.agreement.slug}-{start:%Y-%m-%d}.ics"
        data = ics.file_of(found, self.agreement)
        response = download(data, f"{MIME}; charset=utf-8", name)
        response["Cache-Control"] = "private, no-cache"
        return response
