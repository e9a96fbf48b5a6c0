"""Insee, SIG Ville: « DEMO_<year> » and « REVN_<year> », figures of priority districts (QPV).

The districts of 2015 have codes QP, those of 2024 QN: two perimeters, never one series.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.errors import DomainError
from opendata.imports.publication import (
    Column,
    Figure,
    Long,
    Publication,
    Recognised,
    Refusal,
    Request,
)
from opendata.imports.rows import cell, figures_of_row
from opendata.imports.values import SECRET, marks_with
from opendata.models import Territory

Level = Territory.Level
CODE = re.compile(r"Q[PN][0-9A-Z]{6}")
PERIMETERS = {"QP": "quartiers de 2015", "QN": "quartiers de 2024"}
COLUMNS = {
    "POP_MUN": "population_municipale",
    "TX_TOT_0A24": "part_0_24",
    "TX_TOT_MEN1": "part_menages_1_personne",
    "DISP_Q1": "niveau_de_vie_q1",
    "DISP_Q2": "niveau_de_vie_median",
    "DISP_Q3": "niveau_de_vie_q3",
    "DISP_D1": "niveau_de_vie_d1",
    "DISP_D9": "niveau_de_vie_d9",
    "DISP_D1D9": "rapport_interdecile",
    "TP60": "taux_pauvrete_60",
    "PMIMP": "part_menages_imposes",
    "PACT": "part_revenus_activite",
    "PPEN": "part_pensions_retraites",
    "PPSOC": "part_prestations_sociales",
    "PIMPOT": "part_impots",
    "PPAT": "part_revenus_patrimoine",
    "A": "caf_foyers_allocataires",
    "PERCOU": "caf_personnes_couvertes",
    "AM": "caf_monoparents",
    "AI": "caf_isoles",
    "ACSSENF": "caf_couples_sans_enfant",
    "ACAVENF": "caf_couples_avec_enfants",
    "AC3ENF": "caf_couples_3_enfants_plus",
    "ENF": "caf_enfants_couverts",
    "ENF_2": "caf_enfants_0_2",
    "ENF_3_5": "caf_enfants_3_5",
    "ENF_6_10": "caf_enfants_6_10",
    "ENF_11_14": "caf_enfants_11_14",
    "ENF_15_17": "caf_enfants_15_17",
    "ENF_18_24": "caf_enfants_18_24",
    "APPA": "caf_prime_activite",
    "ARSAS": "caf_rsa_socle",
    "AAAH": "caf_aah",
}
MARKS = marks_with(empty="missing", ns=SECRET, nd=SECRET)


def recognise(request: Request) -> Recognised | None:
    if not request.has("CODGEO", "LIBGEO"):
        return None
    code, name = request.names.index("CODGEO"), request.names.index("LIBGEO")
    sample = [cell(row, code) for row in request.table.head[request.header + 1 :]]
    prefixes = {value[:2] for value in sample if CODE.fullmatch(value)}
    columns = {
        index: COLUMNS[column] for index, column in enumerate(request.names) if column in COLUMNS
    }
    if not prefixes or not columns:
        return None
    if len(prefixes) > 1:
        raise DomainError(
            "Ce fichier mêle des quartiers de 2015 (QP…) et de 2024 (QN…) : deux périmètres que"
            " rien ne permet de comparer. Donnez un fichier par périmètre."
        )
    found = re.search(r"(20\d\d)", request.table.stem)
    year = request.options.year or (int(found[1]) if found else None)
    if year is None:
        raise DomainError("Ce fichier de quartiers ne dit pas son année (« --year 2022 »).")
    perimeter = PERIMETERS[prefixes.pop()]

    def figures() -> Iterator[Figure | Refusal]:
        known = set(Territory.objects.filter(level=Level.QPV).values_list("code", flat=True))
        new = []
        for _, cells in request.table.rows(request.header):
            where = cell(cells, code)
            if CODE.fullmatch(where) and where not in known:
                known.add(where)
                new.append(
                    Territory(
                        level=Level.QPV, code=where, name=cell(cells, name)[:200],
                        note=f"Périmètre : {perimeter}.",
                    )
                )  # fmt: skip
        Territory.objects.bulk_create(new, batch_size=1000)
        for line, cells in request.table.rows(request.header):
            where = cell(cells, code)
            if not CODE.fullmatch(where):
                yield Refusal(line, f"« {where} » n'est pas un code de quartier", "CODGEO")
                continue
            wanted = [Column(index, key, year) for index, key in columns.items()]
            yield from figures_of_row(line, Level.QPV, where, cells, wanted, request.names, MARKS)

    topic = "démographie" if "POP_MUN" in request.names else "revenus"
    return Recognised(
        Publication(
            key=f"insee-qpv-{'demo' if topic == 'démographie' else 'revn'}",
            title=f"Quartiers prioritaires, {topic}",
            producer="Insee",
            vintage=str(year),
            level=Level.QPV,
            perimeter=perimeter,
        ),
        request.table,
        request.header,
        Long(figures),
        ignored=[
            column
            for index, column in enumerate(request.names)
            if index not in (code, name) and column and column not in COLUMNS
        ],
    )
