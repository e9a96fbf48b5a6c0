"""Insee, base permanente des équipements: counts by commune and domain, as a third party sums them."""

from __future__ import annotations

import re

from core.errors import DomainError
from opendata.imports.publication import Column, Publication, Recognised, Request, Wide
from opendata.models import Territory

DOMAINS = {
    "services": "bpe_services_particuliers",
    "commerces": "bpe_commerces",
    "enseignement": "bpe_enseignement",
    "sante": "bpe_sante_action_sociale",
    "transport": "bpe_transports",
    "sport_culture": "bpe_sports_loisirs_culture",
    "tourisme": "bpe_tourisme",
}
TOTAL = "total"


def recognise(request: Request) -> Recognised | None:
    if not request.has("CODGEO", TOTAL, *DOMAINS):
        return None
    found = re.search(r"bpe[_-]?(20\d\d)", request.table.stem, re.IGNORECASE)
    year = request.options.year or (int(found[1]) if found else None)
    if year is None:
        raise DomainError(
            "Ce fichier d'équipements ne dit pas son année : donnez-la (« --year 2024 »)."
        )
    places = {name: request.names.index(name) for name in (*DOMAINS, TOTAL)}
    columns = [Column(places[name], key, year) for name, key in DOMAINS.items()]
    columns.append(Column(places[TOTAL], "bpe_equipements_total", year))
    return Recognised(
        Publication(
            key="bpe-par-domaine",
            title="Base permanente des équipements, comptée par domaine par un tiers",
            producer="d'après l'Insee",
            vintage=str(year),
            level=Territory.Level.COMMUNE,
            precedence=-2,
            sums_up=True,
        ),
        request.table,
        request.header,
        Wide(
            request.names.index("CODGEO"),
            columns,
            parts_of={places[TOTAL]: [places[name] for name in DOMAINS]},
        ),
        remarks=[
            "Agrégat d'un tiers, non une publication de l'Insee : le fichier DS_BPE l'emportera."
        ],
    )
