"""DEPP: social position of schools (IPS), pupils by school, directory of schools.

Schools are placed by their UAI. In the file of pupils ``code_commune_insee`` holds a postal code:
a commune comes from the directory, never from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from core.errors import DomainError
from opendata.imports.levels import CITIES
from opendata.imports.publication import (
    Figure,
    Long,
    Publication,
    Recognised,
    Refusal,
    Request,
    header_names,
)
from opendata.imports.questions import BESIDE, YEAR, Question
from opendata.imports.rows import cell, decimal_of, span, year_of
from opendata.imports.tables import Table
from opendata.imports.values import marks_with
from opendata.models import Movement, Territory

Level = Territory.Level
DEPP = "DEPP"
Place = tuple[str, str]
"""(level, code)."""
MARKS = marks_with(ns="missing")
ONE_DECIMAL = Decimal("0.1")


def ladders() -> dict[str, list[Place]]:
    """Code of a commune → the commune and what holds it; former codes lead to today's commune."""
    rows = Territory.objects.filter(level=Level.COMMUNE).values_list(
        "code", "epci__code", "departement__code", "region__code"
    )
    found: dict[str, list[Place]] = {
        code: [
            (Level.COMMUNE, code),
            *(
                place
                for place in (
                    (Level.EPCI, epci), (Level.DEPARTEMENT, departement), (Level.REGION, region),
                )
                if place[1]
            ),
            (Level.FRANCE, "FR"),
        ]
        for code, epci, departement, region in rows
    }  # fmt: skip
    found |= {
        former: found[commune]
        for former, commune in Movement.objects.values_list("former_code", "commune__code")
        if former not in found
    }
    for city in CITIES:
        if city.code in found:
            found |= dict.fromkeys(city.arrondissements, found[city.code])
    return found


# --- Social position --------------------------------------------------------------------------
def recognise_positions(request: Request) -> Recognised | None:
    if not request.has("uai", "ips", "effectifs", "rentree_scolaire"):
        return None
    place = request.place("code_insee_de_la_commune", "code_insee_commune")
    if place is None:
        raise DomainError("Ce fichier d'IPS n'a pas de code de commune.")
    kind = _kind(request)
    names = [request.names.index(name) for name in ("rentree_scolaire", "effectifs", "ips", "uai")]
    years = _years(request.table, request.header, names[0])

    def figures() -> Iterator[Figure | Refusal]:
        rentree, pupils, index, uai = names
        known = ladders()
        weights: dict[tuple[Place, int], Decimal] = defaultdict(Decimal)
        products: dict[tuple[Place, int], Decimal] = defaultdict(Decimal)
        schools: dict[tuple[Place, int], int] = defaultdict(int)
        lines: dict[tuple[Place, int], int] = {}
        for line, cells in request.table.rows(request.header):
            try:
                weight = decimal_of(cell(cells, pupils), MARKS)
                value = decimal_of(cell(cells, index), MARKS)
            except ValueError as error:
                yield Refusal(line, str(error), "ips")
                continue
            year, code = year_of(cell(cells, rentree)), cell(cells, place)
            if year is None or weight is None or value is None or not cell(cells, uai):
                continue
            if code not in known:
                yield Refusal(line, f"commune inconnue « {code} »", request.names[place])
                continue
            for where in known[code]:
                key = (where, year)
                lines.setdefault(key, line)
                weights[key] += weight
                products[key] += weight * value
                schools[key] += 1
        for ((level, code), year), weight in weights.items():
            line, key = lines[((level, code), year)], ((level, code), year)
            count = schools[key]
            note = f"{count} établissement{'s' if count > 1 else ''} dont l'indice est publié."
            yield Figure(line, level, code, f"ips_{kind}_effectifs", year, str(weight), note=note)
            if weight:
                mean = (products[key] / weight).quantize(ONE_DECIMAL, ROUND_HALF_UP)
                yield Figure(
                    line, level, code, f"ips_{kind}_moyenne_ponderee", year, str(mean), note=note
                )

    return Recognised(
        Publication(
            key=f"depp-ips-{kind}",
            title=f"Indice de position sociale des {'écoles' if kind == 'ecoles' else 'collèges'}",
            producer=DEPP,
            vintage=span(years),
            level=Level.COMMUNE,
        ),
        request.table,
        request.header,
        Long(figures),
        remarks=["Moyennes pondérées par les effectifs, à chaque maille."],
    )


def _kind(request: Request) -> str:
    """Écoles and collèges share one header: the name of the file tells them, else their names."""
    stem = request.table.stem.lower()
    for kind in ("ecoles", "colleges"):
        if kind in stem:
            return kind
    column = request.place("nom_de_l_etablissment", "nom_de_l_etablissement")
    if column is not None:
        sample = [cell(row, column).upper() for row in request.table.head[request.header + 1 :]]
        colleges = sum(name.startswith("COLL") for name in sample)
        return "colleges" if colleges * 2 > len(sample) else "ecoles"
    raise DomainError("Ce fichier d'IPS ne dit pas s'il décrit des écoles ou des collèges.")


def _years(table: Table, header: int, column: int) -> set[int]:
    years = {year for _, cells in table.rows(header) if (year := year_of(cell(cells, column)))}
    if not years:
        raise DomainError("Ce fichier n'a aucune rentrée scolaire lisible.")
    return years


# --- Pupils -----------------------------------------------------------------------------------
PUPILS = {
    "nombre_total_eleves": "eleves_ecoles",
    "nombre_eleves_preelementaire_hors_ulis": "eleves_preelementaire",
    "nombre_eleves_elementaire_hors_ulis": "eleves_elementaire",
    "nombre_eleves_ulis": "eleves_ulis_ecoles",
    "nombre_total_classes": "classes_ecoles",
}


def recognise_pupils(request: Request) -> Recognised | None:
    if not request.has("numero_ecole", "nombre_total_eleves", "rentree_scolaire"):
        return None
    communes = _communes_of_schools(request)
    rentree, uai = request.names.index("rentree_scolaire"), request.names.index("numero_ecole")
    columns = {
        request.names.index(name): key for name, key in PUPILS.items() if name in request.names
    }
    years = _years(request.table, request.header, rentree)

    def figures() -> Iterator[Figure | Refusal]:
        known = ladders()
        sums: dict[tuple[Place, int], dict[int, Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
        unknown: dict[tuple[Place, int], set[int]] = defaultdict(set)
        lines: dict[tuple[Place, int], int] = {}
        for line, cells in request.table.rows(request.header):
            year, school = year_of(cell(cells, rentree)), cell(cells, uai)
            code = communes.get(school)
            if year is None or code is None or code not in known:
                yield Refusal(line, f"école « {school} » absente de l'annuaire", "numero_ecole")
                continue
            for where in known[code]:
                lines.setdefault((where, year), line)
            for index in columns:
                try:
                    value = decimal_of(cell(cells, index), MARKS)
                except ValueError as error:
                    yield Refusal(line, str(error), request.names[index])
                    value = None
                for where in known[code]:
                    if value is None:
                        unknown[(where, year)].add(index)
                    else:
                        sums[(where, year)][index] += value
        for ((level, code), year), line in lines.items():
            key = ((level, code), year)
            for index, indicator in columns.items():
                if index in sums[key]:
                    yield Figure(
                        line, level, code, indicator, year, str(sums[key][index]),
                        lower_bound=index in unknown[key],
                    )  # fmt: skip

    return Recognised(
        Publication(
            key="depp-effectifs-ecoles",
            title="Effectifs des écoles",
            producer=DEPP,
            vintage=span(years),
            level=Level.COMMUNE,
        ),
        request.table,
        request.header,
        Long(figures),
        remarks=["Écoles placées par leur UAI, d'après l'annuaire donné avec le fichier."],
    )


def _communes_of_schools(request: Request) -> dict[str, str]:
    for table in request.beside:
        for header in range(min(5, len(table.head))):
            names = header_names(table, header)
            if is_directory(names):
                columns = _directory_columns(names)
                return {
                    cell(cells, columns[0]): cell(cells, columns[1])
                    for _, cells in table.rows(header)
                }
    raise Question(
        "Il manque l'annuaire de l'éducation : le code de commune des effectifs est un code postal,"
        " et les écoles se placent par leur numéro (UAI).",
        BESIDE,
    )


# --- Directory --------------------------------------------------------------------------------
KINDS = {"Ecole": "ecoles", "Collège": "colleges", "Lycée": "lycees"}
OPEN = ("OUVERT", "")


def is_directory(names: list[str]) -> bool:
    lowered = {name.lower() for name in names}
    return {"identifiant_de_l_etablissement", "code_commune", "type_etablissement"} <= lowered


def _directory_columns(names: list[str]) -> list[int]:
    lowered = [name.lower() for name in names]
    return [
        lowered.index(name)
        for name in ("identifiant_de_l_etablissement", "code_commune", "type_etablissement")
    ]


def recognise_directory(request: Request) -> Recognised | None:
    if not is_directory(request.names):
        return None
    _, code, kind = _directory_columns(request.names)
    lowered = [name.lower() for name in request.names]
    state = lowered.index("etat") if "etat" in lowered else None
    updated = lowered.index("date_maj_ligne") if "date_maj_ligne" in lowered else None
    years = {
        year
        for _, cells in request.table.rows(request.header)
        if updated is not None and (year := year_of(cell(cells, updated)))
    }
    found = re.search(r"(20\d\d)", request.table.stem)
    year = request.options.year or (max(years) if years else int(found[1]) if found else None)
    if year is None:
        raise Question("Cet annuaire ne dit pas de quand il date.", YEAR)

    def figures() -> Iterator[Figure | Refusal]:
        known = ladders()
        counts: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        lines: dict[Place, int] = {}
        for line, cells in request.table.rows(request.header):
            if state is not None and cell(cells, state) not in OPEN:
                continue
            where = cell(cells, code)
            if where not in known:
                yield Refusal(line, f"commune inconnue « {where} »", request.names[code])
                continue
            key = KINDS.get(cell(cells, kind))
            for place in known[where]:
                lines.setdefault(place, line)
                counts[place]["etablissements_scolaires"] += 1
                if key:
                    counts[place][key] += 1
        for (level, where), line in lines.items():
            for key in ("etablissements_scolaires", *KINDS.values()):
                value = str(counts[(level, where)][key])
                yield Figure(line, level, where, key, year, value)

    return Recognised(
        Publication(
            key="depp-annuaire",
            title="Annuaire de l'éducation",
            producer=DEPP,
            vintage=str(year),
            level=Level.COMMUNE,
        ),
        request.table,
        request.header,
        Long(figures),
        remarks=["Établissements ouverts ; les autres ne sont pas comptés."],
    )
