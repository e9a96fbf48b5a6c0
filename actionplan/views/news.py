"""The page behind a personal link: no account, no cookie, no script; a phone and five minutes.

The token in the address is the whole right to write, so no form needs protecting against requests
forged from elsewhere: whoever forges one would have to know it. Without that cookie the page may
send no referrer at all, and works in a mail program's own browser.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from actionplan import campaign_queries as queries
from actionplan.forms.news import NewsForm, orphan_words
from actionplan.models import CampaignLink, NewsAnswer
from actionplan.news_fields import asked_measures, decimals_of
from actionplan.services import news
from agreements.services import links
from core.errors import DomainError
from core.formats import with_unit

TOO_MANY = "Trop d'adresses erronées ont été essayées d'ici. Attendez dix minutes."
NOTHING = "Ce lien n'ouvre rien. Vérifiez qu'il est complet, ou demandez-en un autre à la personne qui vous l'a remis."
SENT, KEPT = "envoyer", "garder"


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class NewsView(View):
    http_method_names = ["get", "head", "post"]
    door: CampaignLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    def answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return self.closed(TOO_MANY, 429)
        door = news.find_door(token)
        if door is None:
            links.note_failure(client)
            return self.closed(NOTHING, 404)
        self.door = door
        problem = news.door_problem(door)
        if problem:
            return self.closed(problem, 410)
        return super().dispatch(request, token=token)

    def closed(self, reason: str, status: int) -> HttpResponse:
        """What was typed in a page that has closed meanwhile is shown back, to be copied."""
        return render(
            self.request,
            "actionplan/campaigns/news_closed.html",
            {"reason": reason, "orphans": orphan_words(self.request.POST, [])},
            status=status,
        )

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
            return self.refused(form, answers, refusal)
        return self.thank(sent)

    def refused(
        self, form: NewsForm, answers: list[NewsAnswer], refusal: DomainError
    ) -> HttpResponse:
        """The door may have closed between the reading and the writing."""
        door = CampaignLink.objects.select_related("link", "lead__campaign").get(pk=self.door.pk)
        problem = news.door_problem(door)
        if problem:
            return self.closed(problem, 410)
        form.add_error(None, refusal.message)
        return self.page(form, answers, status=422)

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
