"""Insee, exports of statistiques-locales.insee.fr: titles, then Code;Libellé;<figure and year>."""

from __future__ import annotations

import re

from core.errors import DomainError
from opendata.imports.levels import level_of_codes
from opendata.imports.publication import Column, Publication, Recognised, Request, Wide

YEAR = re.compile(r"^(?P<label>.*\S) (?P<year>(?:19|20)\d\d)$")
LABELS = {
    "population municipale": "population_municipale",
    "médiane du niveau de vie": "niveau_de_vie_median",
    "taux de pauvreté au seuil de 60%": "taux_pauvrete_60",
    "taux de pauvreté au seuil de 60 %": "taux_pauvrete_60",
    "taux de pauvreté": "taux_pauvrete_60",
    "naissances domiciliées": "naissances_domiciliees",
    "décès domiciliés": "deces_domicilies",
    "nombre de ménages": "menages",
    "nombre de logements": "logements",
    "part des logements vacants": "part_logements_vacants",
    "part des résidences secondaires": "part_residences_secondaires",
    "part des familles monoparentales": "part_menages_monoparentaux",
    "indice de vieillissement": "indice_vieillissement_65p_pour_100_moins20",
    "superficie": "superficie",
}


def recognise(request: Request) -> Recognised | None:
    if len(request.names) < 3 or [name.lower() for name in request.names[:2]] != [
        "code",
        "libellé",
    ]:
        return None
    columns, ignored, years = [], [], set()
    for index, name in enumerate(request.names[2:], start=2):
        found = YEAR.match(_clean(name))
        indicator = LABELS.get(found["label"].lower()) if found else None
        if found is None or indicator is None:
            ignored.append(name)
            continue
        columns.append(Column(index, indicator, int(found["year"])))
        years.add(found["year"])
    sample = [row[0] for row in request.table.head[request.header + 1 :] if row]
    level = level_of_codes(sample)
    if not columns or level is None:
        raise DomainError(
            "Cet export de statistiques-locales n'a aucun chiffre du catalogue : décrivez ses"
            " colonnes sur la page des imports."
        )
    return Recognised(
        Publication(
            key="insee-statistiques-locales",
            title="Statistiques locales",
            producer="Insee",
            vintage=" et ".join(sorted(years)),
            level=level,
            precedence=-1,
        ),
        request.table,
        request.header,
        Wide(0, columns),
        ignored=ignored,
    )


def _clean(name: str) -> str:
    return " ".join(name.split())
