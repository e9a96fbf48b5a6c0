"""Subscribing, and the address that a calendar program reads: no account, no cookie."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views import View

from agreements.roles import Capability as C
from agreements.services import links
from agreements.views.base import AgreementFormView
from core.documents.ics import MIME
from core.errors import DomainError
from desk.calendar import feeds
from desk.calendar.entries import Kind
from desk.calendar.forms import SubscribeForm
from desk.models import CalendarFeed

TOO_MANY = "Trop d'adresses erronées ont été essayées d'ici. Attendez dix minutes."
UNKNOWN = "Cette adresse n'ouvre aucun calendrier. Vérifiez qu'elle est complète."


class SubscribeView(AgreementFormView):
    """One's own subscriptions, and a new one, whose address is shown once."""

    capability = C.CALENDAR_VIEW
    form_class = SubscribeForm
    template_name = "desk/calendar/subscribe.html"
    title = "S'abonner au calendrier"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "retirer" in request.POST:
            return self.remove(request.POST["retirer"])
        return super().post(request, *args, **kwargs)

    def remove(self, key: str) -> HttpResponse:
        if not key.isdecimal() or len(key) > 18:
            raise DomainError("Cet abonnement n'existe pas.")
        feeds.unsubscribe(self.access, int(key))
        messages.success(self.request, "L'abonnement est retiré : son adresse n'ouvre plus rien.")
        return redirect("desk:subscribe", self.agreement.slug)

    def form_valid(self, form: Any) -> HttpResponse:
        """The address is in this answer only: neither kept, nor in the session, nor in a link."""
        kinds = [Kind(value) for value in form.cleaned_data["kinds"]]
        try:
            _, token = feeds.subscribe(self.access, label=form.cleaned_data["label"], kinds=kinds)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        webcal, plain = feeds.addresses(token)
        fresh = self.form_class(access=self.access)
        response = self.render_to_response(
            self.get_context_data(form=fresh, webcal=webcal, plain=plain)
        )
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            feeds=[(feed, words(feed)) for feed in feeds.own_feeds(self.access)],
            calendar_url=reverse("desk:calendar", args=[self.agreement.slug]),
            **kwargs,
        )


def words(feed: CalendarFeed) -> str:
    """« Réunions, Rétroplanning », or « toutes les dates »."""
    return ", ".join(str(Kind(k).label) for k in feed.kinds if k in Kind.values) or (
        "toutes les dates"
    )


class FeedView(View):
    """GET only. The token is the whole right to read, and shows what its person may see today."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return plain_answer(TOO_MANY, 429)
        feed = feeds.find_feed(token)
        if feed is None:
            links.note_failure(client)
            return plain_answer(UNKNOWN, 404)
        access = feeds.access_through(feed)
        if access is None or not access.can(C.CALENDAR_VIEW):
            return plain_answer(feeds.GONE, 410)
        reading = feeds.read(feed, access, timezone.localdate())
        response = HttpResponse(reading.data, content_type=f"{MIME}; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{feed.agreement.slug}.ics"'
        etag, changed = f'"{reading.digest}"', int(reading.changed_at.timestamp())
        response["ETag"] = etag
        response["Last-Modified"] = http_date(changed)
        answer = get_conditional_response(
            request, etag=etag, last_modified=changed, response=response
        )
        assert isinstance(answer, HttpResponse)
        return sealed(answer)


def plain_answer(reason: str, status: int) -> HttpResponse:
    """A program shows the status, a person who pastes the address in a browser reads why."""
    return sealed(
        HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8"),
    )


def sealed(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
