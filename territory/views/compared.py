"""The territories that every chart, table and document of the agreement compares with."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agreements.roles import Capability as C
from agreements.views.base import AgreementPageView
from core.errors import DomainError
from opendata.models import Territory
from opendata.queries import search_territories
from territory import services
from territory.comparison import territories_of
from territory.models import ComparedTerritory
from territory.services.figures import MOST_COMPARED
from territory.views.tabs import DiagnosisTabs

SHOWN = 30


class ComparedView(DiagnosisTabs, AgreementPageView):
    """GET ``q`` looks for territories; POST ``geste`` is « ajouter:12 », « retirer:12 », « monter:12 »,
    « descendre:12 » or « proposer »."""

    template_name = "territory/compared.html"
    tab = "territory:compare"
    capability = C.DIAGNOSIS_CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("q", "")[:100]
        compared = territories_of(self.agreement)[1:]
        taken = {self.agreement.lead_commune_id, *(territory.pk for territory in compared)}
        found = search_territories(asked, limit=SHOWN + 1)
        return super().get_context_data(
            compared=compared,
            asked=asked,
            found=[(territory, territory.pk in taken) for territory in found[:SHOWN]],
            more=len(found) > SHOWN,
            is_chosen=ComparedTerritory.objects.filter(agreement=self.agreement).exists(),
            most=MOST_COMPARED,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        act, _, key = request.POST.get("geste", "").partition(":")
        compared = territories_of(self.agreement)[1:]
        try:
            wanted = self._after(act, key, compared)
            services.set_comparison(self.agreement, actor=self.access.user, territories=wanted)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        address = reverse("territory:compared", args=[self.agreement.slug])
        asked = request.GET.urlencode()
        return redirect(f"{address}?{asked}" if asked else address)

    @staticmethod
    def _after(act: str, key: str, compared: list[Territory]) -> list[Territory]:
        if act == "proposer":
            return []
        known = Territory.objects.filter(pk=key) if key.isascii() and key.isdigit() else None
        territory = known.first() if known is not None and len(key) < 10 else None
        if territory is None or act not in ("ajouter", "retirer", "monter", "descendre"):
            raise DomainError("Choisissez un territoire de la liste.")
        if act == "ajouter":
            return [*compared, territory]
        rank = next((i for i, row in enumerate(compared) if row.pk == territory.pk), None)
        if rank is None:
            raise DomainError("Ce territoire n'est plus dans la comparaison.")
        if act == "retirer":
            if len(compared) == 1:
                raise DomainError(
                    "Gardez au moins un territoire de comparaison, ou rétablissez ceux qui sont"
                    " proposés."
                )
            return [row for row in compared if row.pk != territory.pk]
        other = max(rank - 1, 0) if act == "monter" else min(rank + 1, len(compared) - 1)
        moved = list(compared)
        moved[rank], moved[other] = moved[other], moved[rank]
        return moved
