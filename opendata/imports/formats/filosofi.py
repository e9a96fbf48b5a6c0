"""Insee, Filosofi: « FILO<year>_DISP_<level> » and « cc_filosofi_<year>_COM ».

The year is in the names of the columns. Secret is an empty cell, « s » or « nd ».
"""

from __future__ import annotations

import re

from core.errors import DomainError
from opendata.imports.levels import level_of_codes, level_of_name
from opendata.imports.publication import Column, Publication, Recognised, Request, Wide
from opendata.imports.values import SECRET, marks_with
from opendata.models import Territory

VARIABLES: dict[str, str] = {
    "NBMENFISC": "menages_fiscaux", "NBMEN": "menages_fiscaux",
    "NBPERSMENFISC": "personnes_menages_fiscaux", "NBPERS": "personnes_menages_fiscaux",
    "NBUC": "unites_de_consommation",
    "MED": "niveau_de_vie_median", "Q2": "niveau_de_vie_median",
    "Q1": "niveau_de_vie_q1", "Q3": "niveau_de_vie_q3", "Q3_Q1": "ecart_interquartile",
    **{f"D{rank}": f"niveau_de_vie_d{rank}" for rank in (1, 2, 3, 4, 6, 7, 8, 9)},
    "RD": "rapport_interdecile", "S80S20": "rapport_s80_s20", "GI": "indice_gini",
    "PIMP": "part_menages_imposes", "TP60": "taux_pauvrete_60",
    "TP60AGE1": "taux_pauvrete_moins_30ans", "TP60AGE2": "taux_pauvrete_30_39ans",
    "TP60AGE3": "taux_pauvrete_40_49ans", "TP60AGE4": "taux_pauvrete_50_59ans",
    "TP60AGE5": "taux_pauvrete_60_74ans", "TP60AGE6": "taux_pauvrete_75ans_plus",
    "TP60TOL1": "taux_pauvrete_proprietaires", "TP60TOL2": "taux_pauvrete_locataires",
    "PACT": "part_revenus_activite", "PTSA": "part_salaires", "PCHO": "part_indemnites_chomage",
    "PBEN": "part_benefices", "PPEN": "part_pensions_retraites",
    "PPAT": "part_revenus_patrimoine", "PPSOC": "part_prestations_sociales",
    "PPFAM": "part_prestations_familiales", "PPMINI": "part_minima_sociaux",
    "PPLOGT": "part_prestations_logement", "PIMPOT": "part_impots",
}  # fmt: skip
YEARLESS = {"RD", "Q3_Q1"}
LONGEST_FIRST = sorted(VARIABLES, key=len, reverse=True)
PATTERN = re.compile(rf"({'|'.join(map(re.escape, LONGEST_FIRST))})(20\d\d|\d\d)")
MARKS = marks_with(empty=SECRET, nd=SECRET)


def variable(name: str) -> tuple[str, int] | None:
    """« MED21 » → (« niveau_de_vie_median », 2021)."""
    found = PATTERN.fullmatch(name)
    if found is None:
        return None
    year = int(found[2])
    return VARIABLES[found[1]], year if year > 100 else 2000 + year


def recognise(request: Request) -> Recognised | None:
    if not request.has("CODGEO"):
        return None
    dated = {index: found for index, name in enumerate(request.names) if (found := variable(name))}
    indicators = {indicator for indicator, _year in dated.values()}
    # Insee's comparateur carries three of these beside the census: it is not Filosofi.
    if not {"niveau_de_vie_median", "part_impots"} <= indicators:
        return None
    years = sorted({year for _indicator, year in dated.values()})
    if len(years) > 1:
        raise DomainError(
            f"« {request.table.name} » mêle les années {', '.join(map(str, years))} :"
            " donnez un fichier par millésime, tel que l'Insee le publie."
        )
    year = years[0]
    columns = [Column(index, indicator, year) for index, (indicator, _) in dated.items()]
    columns += [
        Column(index, VARIABLES[name], year)
        for index, name in enumerate(request.names)
        if name in YEARLESS
    ]
    code = request.names.index("CODGEO")
    sample = [row[code] for row in request.table.head[request.header + 1 :] if len(row) > code]
    level = level_of_name(request.table.stem) or level_of_codes(sample) or Territory.Level.COMMUNE
    is_comparison = "NBMENFISC" in {name.rstrip("0123456789") for name in request.names}
    return Recognised(
        Publication(
            key="insee-filosofi-comparateur" if is_comparison else "insee-filosofi-disponible",
            title="Filosofi, revenus et pauvreté des ménages"
            if is_comparison
            else "Filosofi, revenus disponibles",
            producer="Insee",
            vintage=str(year),
            level=level,
            perimeter="France métropolitaine" if level == Territory.Level.FRANCE else "",
        ),
        request.table,
        request.header,
        Wide(code, sorted(columns, key=lambda column: column.index), marks=MARKS),
    )
