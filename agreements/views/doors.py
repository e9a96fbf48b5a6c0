"""The pages behind a personal link: no account, no cookie, no script.

The token in the address is the whole right, so no form needs protecting against requests forged
from elsewhere: whoever forges one would have to know it. Without that cookie the page may send no
referrer at all, and works in a mail program's own browser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from agreements.services import links

TOO_MANY = "Trop d'adresses erronées ont été essayées d'ici. Attendez dix minutes."
NOTHING = "Ce lien n'ouvre rien. Vérifiez qu'il est complet, ou demandez-en un autre à la personne qui vous l'a remis."


@method_decorator(csrf_exempt, name="dispatch")
class DoorView(View):
    """Finds the door of the token, or says why it is closed."""

    http_method_names = ["get", "head"]
    find_door: Callable[[str], Any]
    """Open or not; None for an unknown token."""
    door_problem: Callable[[Any], str]
    """Why a door is closed; empty when it is open."""
    closed_template = "agreements/door_closed.html"
    nothing = NOTHING
    door: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        self.forbid_cache(response)
        return response

    def forbid_cache(self, response: HttpResponseBase) -> None:
        add_never_cache_headers(response)

    def answer(self, request: HttpRequest, token: str) -> HttpResponseBase:
        client = get_adapter(request).get_client_ip(request) or ""
        if links.is_blocked(client):
            return self.closed(TOO_MANY, 429)
        self.door = self.find_door(token)
        if self.door is None:
            links.note_failure(client)
        problem = self.problem()
        if problem:
            return self.closed(problem, 404 if self.door is None else 410)
        return super().dispatch(request, token=token)

    def problem(self) -> str:
        return self.nothing if self.door is None else self.door_problem(self.door)

    def closed_meanwhile(self, token: str) -> HttpResponse | None:
        """The door may have closed between the reading and the writing."""
        self.door = self.find_door(token)
        problem = self.problem()
        return self.closed(problem, 410) if problem else None

    def closed(self, reason: str, status: int) -> HttpResponse:
        context = {"reason": reason, **self.typed()}
        return render(self.request, self.closed_template, context, status=status)

    def typed(self) -> dict[str, Any]:
        """What was typed in a page that has closed meanwhile, to be copied."""
        return {}
