"""Subscribing, and the address that a calendar program reads: no account, no cookie."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView
from agreements.views.doors import DoorView
from core.documents.ics import MIME
from core.errors import DomainError
from desk.calendar import feeds
from desk.calendar.entries import Kind
from desk.calendar.forms import SubscribeForm
from desk.models import CalendarFeed


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


class FeedView(DoorView):
    """Shows what the person of the link may see today. A program shows the status of a refusal; a
    person who pastes the address in a browser reads why."""

    find_door = staticmethod(feeds.find_feed)
    nothing = "Cette adresse n'ouvre aucun calendrier. Vérifiez qu'elle est complète."

    def door_problem(self, feed: CalendarFeed) -> str:
        self.access = feeds.access_through(feed)
        return "" if self.access and self.access.can(C.CALENDAR_VIEW) else feeds.GONE

    def closed(self, reason: str, status: int) -> HttpResponse:
        return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")

    def forbid_cache(self, response: HttpResponseBase) -> None:
        """A program may keep the file, and asks whether it has changed."""
        response["Cache-Control"] = "private, no-cache"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        feed, access = self.door, self.access
        assert access is not None
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
        return answer
