"""The page behind the personal link of a campaign: a phone and five minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from actionplan import campaign_queries as queries
from actionplan.forms.news import NewsForm, orphan_words
from actionplan.models import NewsAnswer
from actionplan.news_fields import asked_measures, decimals_of
from actionplan.services import news
from agreements.views.doors import DoorView
from core.errors import DomainError
from core.formats import with_unit

SENT, KEPT = "envoyer", "garder"


class NewsView(DoorView):
    http_method_names = ["get", "head", "post"]
    find_door = staticmethod(news.find_door)
    door_problem = staticmethod(news.door_problem)
    closed_template = "actionplan/campaigns/news_closed.html"

    def typed(self) -> dict[str, Any]:
        return {"orphans": orphan_words(self.request.POST, [])}

    def answers(self) -> list[NewsAnswer]:
        return queries.answers_of_lead(self.door.lead)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.method == "GET":
            news.note_opening(self.door)
        answers = self.answers()
        form = NewsForm(answers=pending(answers), year=self.door.lead.campaign.year)
        return self.page(form, answers, just_kept="garde" in request.GET)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        answers = self.answers()
        is_sending = request.POST.get("geste") == SENT
        form = NewsForm(
            request.POST, answers=pending(answers), year=self.door.lead.campaign.year,
            is_sending=is_sending,
        )  # fmt: skip
        orphans = orphan_words(request.POST, pending(answers))
        if orphans:
            form.is_valid()
            form.add_error(None, "Une action a quitté le plan pendant que vous écriviez.")
            return self.page(form, answers, orphans=orphans, status=409)
        if not form.is_valid():
            return self.page(form, answers, status=422)
        try:
            if not is_sending:
                news.save_answers(self.door.lead, form.entries(), through=self.door)
                return redirect(f"{request.path}?garde")
            sent = news.send_answers(self.door.lead, form.entries(), through=self.door)
        except news.StaleAnswers as stale:
            form.show_stale(stale.answers, stale.message)
            return self.page(form, answers, status=409)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.closed_meanwhile(token) or self.page(form, answers, status=422)
        return self.thank(sent)

    def page(
        self,
        form: NewsForm,
        answers: list[NewsAnswer],
        *,
        status: int = 200,
        just_kept: bool = False,
        orphans: list[tuple[str, str]] | None = None,
    ) -> HttpResponse:
        lead, link = self.door.lead, self.door.link
        context = {
            "form": form,
            "lead": lead,
            "campaign": lead.campaign,
            "agreement": lead.campaign.agreement,
            "asker": link.created_by,
            "done": [row for row in answers if row.state not in queries.AWAITED],
            "just_kept": just_kept,
            "orphans": orphans or [],
        }
        return render(self.request, "actionplan/campaigns/news.html", context, status=status)

    def thank(self, sent: list[NewsAnswer]) -> HttpResponse:
        keys = {answer.pk for answer in sent}
        answers = [(row, figures_of(row)) for row in self.answers() if row.pk in keys]
        context = {
            "lead": self.door.lead,
            "agreement": self.door.lead.campaign.agreement,
            "asker": self.door.link.created_by,
            "answers": answers,
        }
        return render(self.request, "actionplan/campaigns/news_sent.html", context)


def pending(answers: list[NewsAnswer]) -> list[NewsAnswer]:
    """Those of which the lead has the pen."""
    return [row for row in answers if row.state in queries.AWAITED]


def figures_of(answer: NewsAnswer) -> list[tuple[str, str]]:
    given = {row.measure_id: row.value for row in answer.figures.all()}
    return [
        (measure.label, with_unit(value, measure.unit, decimals_of(measure, value)))
        for measure in asked_measures(answer.action)
        if (value := given.get(measure.pk)) is not None
    ]
