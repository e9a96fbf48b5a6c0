"""Insee, Melodi: SDMX-CSV (« DS_…_data.csv », read by the names of its columns), and the labelled
export of the catalogue, which names territories without their code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.errors import DomainError
from opendata.imports.levels import FRANCE, FRANCE_CODES
from opendata.imports.publication import (
    Figure,
    Long,
    Publication,
    Recognised,
    Refusal,
    Request,
)
from opendata.imports.questions import MATCH_NAMES, Question
from opendata.imports.rows import cell, span, year_of
from opendata.imports.values import SECRET, read_value
from opendata.models import Territory

Level = Territory.Level
TOTAL = "_T"
LEVELS = {
    "COM": Level.COMMUNE,
    "ARM": Level.COMMUNE,
    "EPCI": Level.EPCI,
    "DEP": Level.DEPARTEMENT,
    "REG": Level.REGION,
    "FRANCE": Level.FRANCE,
}
ATTRIBUTES = {
    "GEO", "GEO_OBJECT", "FREQ", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "CONF_STATUS",
    "OBS_STATUS", "OBS_STATUS_FR", "TIME_PERIOD", "OBS_VALUE",
}  # fmt: skip
IDENTIFIER = re.compile(r"(DS_[A-Z0-9_]+?)(?:_\d{4})?(?:_CSV_FR|_data)?$", re.IGNORECASE)
GEO = re.compile(r"(?:\d{4}-)?(?:(?P<object>[A-Z]+)-)?(?P<code>[0-9A-Z]+)")


@dataclass(frozen=True)
class Cell:
    """The one cell of a cube that an indicator is; dimensions not named are at their total."""

    indicator: str
    at: Mapping[str, str]


def _measure(column: str, **measures: str) -> list[Cell]:
    return [Cell(indicator, {column: code}) for code, indicator in measures.items()]


CELLS: dict[str, tuple[str, list[Cell]]] = {
    "DS_POPULATIONS_REFERENCE": (
        "Populations de référence",
        _measure(
            "POPREF_MEASURE",
            PMUN="population_municipale",
            PCAP="population_comptee_a_part",
            PTOT="population_totale",
        ),
    ),
    "DS_POPULATIONS_HISTORIQUES": (
        "Populations légales depuis 1968",
        _measure("POPREF_MEASURE", PMUN="population_municipale"),
    ),
    "DS_RP_POPULATION_PRINC": (
        "Recensement, population",
        [
            Cell("population_municipale", {"RP_MEASURE": "POP"}),
            Cell("population_0_14", {"RP_MEASURE": "POP", "AGE": "Y_LT15"}),
            Cell("population_femmes", {"RP_MEASURE": "POP", "SEX": "F"}),
        ],
    ),
    "DS_RP_LOGEMENT_PRINC": (
        "Recensement, logement",
        [
            Cell("logements", {"RP_MEASURE": "DWELLINGS"}),
            Cell("residences_principales", {"RP_MEASURE": "DWELLINGS", "OCS": "DW_MAIN"}),
            Cell("residences_secondaires", {"RP_MEASURE": "DWELLINGS", "OCS": "DW_SEC_DW_OCC"}),
            Cell("logements_vacants", {"RP_MEASURE": "DWELLINGS", "OCS": "DW_VAC"}),
        ],
    ),
    "DS_RP_FAMILLE_COMP": (
        "Recensement, familles",
        [
            Cell("familles", {}),
            Cell("familles_monoparentales", {"TFN": "1"}),
            Cell("couples_avec_enfants", {"TFN": "22"}),
        ],
    ),
    "DS_FILOSOFI_CC": (
        "Filosofi, revenus et pauvreté des ménages",
        _measure(
            "FILOSOFI_MEASURE",
            MED_SL="niveau_de_vie_median",
            PR_MD60="taux_pauvrete_60",
            D1_SL="niveau_de_vie_d1",
            D9_SL="niveau_de_vie_d9",
            IR_D9_D1_SL="rapport_interdecile",
            S_HH_TAX="part_menages_imposes",
            NUM_HH="menages_fiscaux",
            NUM_PER="personnes_menages_fiscaux",
        ),
    ),
    "DS_BPE": (
        "Base permanente des équipements",
        [
            Cell("bpe_equipements_total", {}),
            *(
                Cell(indicator, {"FACILITY_DOM": domain})
                for domain, indicator in {
                    "A": "bpe_services_particuliers",
                    "B": "bpe_commerces",
                    "C": "bpe_enseignement",
                    "D": "bpe_sante_action_sociale",
                    "E": "bpe_transports",
                    "F": "bpe_sports_loisirs_culture",
                    "G": "bpe_tourisme",
                }.items()
            ),
        ],
    ),
    "DS_ETAT_CIVIL_NAIS_COMMUNES": ("État civil, naissances", [Cell("naissances_domiciliees", {})]),
    "DS_ETAT_CIVIL_DECES_COMMUNES": ("État civil, décès", [Cell("deces_domicilies", {})]),
}
"""Cubes that we read. A measure that a cell does not name must be the only one of the file."""


def recognise(request: Request) -> Recognised | None:
    if not request.has("GEO", "GEO_OBJECT", "TIME_PERIOD", "OBS_VALUE"):
        return None
    found = IDENTIFIER.search(request.table.stem)
    identifier = found[1].upper() if found else ""
    if identifier not in CELLS:
        raise DomainError(
            f"Le jeu Melodi « {identifier or request.table.stem} » n'est pas de ceux que nous"
            f" lisons : {', '.join(sorted(CELLS))}. Gardez à l'archive le nom que l'Insee lui donne."
        )
    title, cells = CELLS[identifier]
    dimensions = [name for name in request.names if name and name not in ATTRIBUTES]
    places = {name: request.names.index(name) for name in request.names if name}
    _check_dimensions(request, identifier, cells, dimensions, places)
    wanted = {
        tuple(item.at.get(name, TOTAL) for name in dimensions): item.indicator for item in cells
    }
    free = [name for name in dimensions if _is_measure(name) and not _named(cells, name)]
    free_places = [dimensions.index(name) for name in free]
    time = places["TIME_PERIOD"]
    years = {
        year for _, row in request.table.rows(request.header) if (year := year_of(cell(row, time)))
    }
    if not years:
        raise DomainError("Ce fichier Melodi n'a aucune période lisible.")

    def figures() -> Iterator[Figure | Refusal]:
        later: dict[tuple[str, int], Figure] = {}
        seen: set[tuple[str, int]] = set()
        for line, row in request.table.rows(request.header):
            at = [cell(row, places[name]) for name in dimensions]
            for place in free_places:
                at[place] = TOTAL
            indicator = wanted.get(tuple(at))
            if indicator is None:
                continue
            where = _place(cell(row, places["GEO"]), cell(row, places["GEO_OBJECT"]))
            if where is None:
                continue
            made = _figure(line, row, places, indicator, *where[:2])
            if isinstance(made, Figure) and where[2]:
                # « France métropolitaine » stands in for the country only where it is not given.
                later[(indicator, made.period)] = Figure(
                    made.line, made.level, made.code, indicator, made.period, made.value,
                    made.reason, note="France métropolitaine",
                )  # fmt: skip
                continue
            if isinstance(made, Figure) and made.level == Level.FRANCE:
                seen.add((indicator, made.period))
            yield made
        yield from (figure for key, figure in later.items() if key not in seen)

    return Recognised(
        Publication(
            key=f"insee-melodi-{identifier.lower().replace('_', '-')}",
            title=title,
            producer="Insee",
            vintage=span(years),
            level="",
        ),
        request.table,
        request.header,
        Long(figures),
        remarks=["Les autres cellules du cube (croisements) ne sont pas reprises."],
    )


def _is_measure(name: str) -> bool:
    return name.endswith("MEASURE")


def _named(cells: list[Cell], dimension: str) -> bool:
    return any(dimension in item.at for item in cells)


def _check_dimensions(
    request: Request,
    identifier: str,
    cells: list[Cell],
    dimensions: list[str],
    places: dict[str, int],
) -> None:
    """A dimension that our cells need must be there; a measure left free must have one value."""
    needed = {name for item in cells for name in item.at}
    missing = sorted(needed - set(dimensions))
    if missing:
        raise DomainError(
            f"Le jeu {identifier} n'a pas la dimension {', '.join(missing)} :"
            " téléchargez l'export complet, sans filtre."
        )
    for name in dimensions:
        if _is_measure(name) and not _named(cells, name):
            values = {cell(row, places[name]) for _, row in request.table.rows(request.header)}
            if len(values) > 1:
                raise DomainError(
                    f"Le jeu {identifier} porte plusieurs mesures ({', '.join(sorted(values)[:4])}) :"
                    " nous ne savons pas laquelle reprendre."
                )


def _place(geo: str, kind: str) -> tuple[str, str, str] | None:
    """(level, code, perimeter); None for a level that the diagnosis does not use."""
    found = GEO.fullmatch(geo)
    if found is None:
        return None
    code = found["code"]
    level = LEVELS.get(kind or found["object"] or "")
    if level is None:
        return None
    if level == Level.FRANCE:
        return level, FRANCE, FRANCE_CODES.get(code, code)
    return level, code, ""


def _figure(
    line: int, row: list[str], places: dict[str, int], indicator: str, level: str, code: str
) -> Figure | Refusal:
    year = year_of(cell(row, places["TIME_PERIOD"]))
    if year is None:
        return Refusal(line, "la période est illisible", "TIME_PERIOD")

    def attribute(name: str) -> str:
        return cell(row, places[name]) if name in places else ""

    if attribute("CONF_STATUS") == "C":
        return Figure(line, level, code, indicator, year, "", SECRET)
    if attribute("OBS_STATUS") == "K":
        return Figure(
            line, level, code, indicator, year, "", "missing",
            note="Comptée dans une autre commune.",
        )  # fmt: skip
    try:
        value, reason = read_value(cell(row, places["OBS_VALUE"]))
    except ValueError as error:
        return Refusal(line, str(error), "OBS_VALUE")
    power = attribute("UNIT_MULT")
    if value and power not in ("", "0") and "e" not in value.lower():
        value = f"{value}e{power}"
    note = "Compte aussi d'autres communes." if attribute("OBS_STATUS") == "W" else ""
    return Figure(line, level, code, indicator, year, value, reason, note=note)


# --- The labelled export ----------------------------------------------------------------------
AGES_OF_REFERENCE = {
    "Moins de 30 ans": "taux_pauvrete_moins_30ans",
    "De 30 à 39 ans": "taux_pauvrete_30_39ans",
    "De 40 à 49 ans": "taux_pauvrete_40_49ans",
    "De 50 à 59 ans": "taux_pauvrete_50_59ans",
    "De 60 à 74 ans": "taux_pauvrete_60_74ans",
    "75 ans ou plus": "taux_pauvrete_75ans_plus",
    "Total": "taux_pauvrete_60",
}
POVERTY = "Taux de pauvreté (en %) au seuil de 60 % de la médiane du niveau de vie"
AGE, MEASURE = "Tranche d'âge du référent fiscal", "Mesures filosofi"
LABELLED: list[tuple[str, str, Mapping[str, str]]] = [
    (
        "naissances",
        "naissances_domiciliees",
        {"Mesure état civil": "Nombre de naissances vivantes"},
    ),
    *(("filosofi", key, {AGE: age, MEASURE: POVERTY}) for age, key in AGES_OF_REFERENCE.items()),
    (
        "filosofi",
        "niveau_de_vie_median",
        {AGE: "Total", MEASURE: "Niveau de vie médian (en euros)"},
    ),
    (
        "recensement",
        "population_municipale",
        {"Sexe": "Total", "Âge": "Total", "Mesure du recensement": "Population"},
    ),
    (
        "recensement",
        "population_0_14",
        {"Sexe": "Total", "Âge": "Moins de 15 ans", "Mesure du recensement": "Population"},
    ),
    (
        "recensement",
        "population_femmes",
        {"Sexe": "Femme", "Âge": "Total", "Mesure du recensement": "Population"},
    ),
]
LABELLED_LEVELS = {
    "Commune": Level.COMMUNE,
    "Etablissement public de coopération intercommunal": Level.EPCI,
    "Département": Level.DEPARTEMENT,
    "Région": Level.REGION,
}
LABELLED_ATTRIBUTES = {
    "Géographie", "Niveau Géo", "Fréquence", "Unité de mesure", "Période", "Valeur",
    "Quantité d'unités (en puissance de 10)", "Statut de confidentialité",
    "Statut de l'observation",
}  # fmt: skip


def recognise_labelled(request: Request) -> Recognised | None:
    if not request.has("Géographie", "Niveau Géo", "Période", "Valeur"):
        return None
    dimensions = {name for name in request.names if name and name not in LABELLED_ATTRIBUTES}
    cells = [item for item in LABELLED if set(item[2]) == dimensions]
    if not cells:
        raise DomainError(
            "Cet export libellé de l'Insee ne donne aucun chiffre du catalogue à son total : ses"
            " lignes croisent plusieurs critères. Téléchargez l'export brut (« DS_… »)."
        )
    if not request.options.match_names:
        raise Question(
            "Cet export libellé de l'Insee nomme les territoires sans donner leur code : deux"
            " communes peuvent porter le même nom. Téléchargez plutôt l'export brut (« DS_… »).",
            MATCH_NAMES,
        )
    places = {name: request.names.index(name) for name in request.names if name}
    years = {
        year
        for _, row in request.table.rows(request.header)
        if (year := year_of(cell(row, places["Période"])))
    }
    topic = cells[0][0]

    def figures() -> Iterator[Figure | Refusal]:
        by_name = _codes_by_name()
        wanted = {tuple(at[name] for name in sorted(at)): key for _, key, at in cells}
        order = sorted(dimensions)
        for line, row in request.table.rows(request.header):
            indicator = wanted.get(tuple(cell(row, places[name]) for name in order))
            if indicator is None:
                continue
            name = cell(row, places["Géographie"])
            level = LABELLED_LEVELS.get(cell(row, places["Niveau Géo"]))
            codes = by_name.get((level or "", _key(name)), [])
            if level is None or len(codes) != 1:
                why = "porté par plusieurs territoires" if codes else "inconnu à cette maille"
                yield Refusal(line, f"le nom « {name} » est {why}", "Géographie")
                continue
            year = year_of(cell(row, places["Période"]))
            if year is None:
                yield Refusal(line, "la période est illisible", "Période")
                continue
            status = places.get("Statut de confidentialité")
            if status is not None and cell(row, status).startswith("Confidentiel"):
                yield Figure(line, level, codes[0], indicator, year, "", SECRET)
                continue
            try:
                value, reason = read_value(cell(row, places["Valeur"]))
            except ValueError as error:
                yield Refusal(line, str(error), "Valeur")
                continue
            yield Figure(line, level, codes[0], indicator, year, value, reason)

    return Recognised(
        Publication(
            key=f"insee-catalogue-libelle-{topic}",
            title=f"Catalogue de l'Insee, export libellé ({topic})",
            producer="Insee",
            vintage=span(years),
            level="",
            precedence=-1,
        ),
        request.table,
        request.header,
        Long(figures),
        remarks=["Territoires retrouvés par leur nom, sur confirmation."],
    )


EPCI_KINDS = re.compile(
    r"^(communauté (d'agglomération|de communes|urbaine)|métropole|ca|cc|cu) ", re.IGNORECASE
)


def _key(name: str) -> str:
    return EPCI_KINDS.sub("", name.strip().lower().replace("\u2019", "'"))


def _codes_by_name() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for level, name, code in Territory.objects.filter(
        level__in=LABELLED_LEVELS.values()
    ).values_list("level", "name", "code"):
        found[(level, _key(name))].append(code)
    return found
