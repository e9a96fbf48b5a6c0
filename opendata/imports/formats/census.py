"""Insee, census by commune: « base-cc-… » (CSV, workbook, archive) and the « comparateur » file.

Variables are named P (main exploitation) or C (complementary), two digits of year, then the name.
Those of the catalogue go to their indicator; the others become indicators of their own when the
file's dictionary says what they are.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from opendata.imports.levels import level_of_codes
from opendata.imports.publication import (
    Column,
    NewIndicator,
    Publication,
    Ratio,
    Recognised,
    Request,
    Wide,
)
from opendata.imports.values import SECRET, marks_with
from opendata.models import Territory

VARIABLE = re.compile(r"([PC])(\d\d)_([A-Z0-9_]+)")
THEME = re.compile(r"base-cc-([a-z-]+?)-(\d{4})", re.IGNORECASE)
MARKS = marks_with(nd=SECRET)
ENOUGH = 3

VARIABLES: dict[str, str] = {
    "POP": "population_municipale", "POP0014": "population_0_14", "POP1529": "population_15_29",
    "POP0002": "population_0_2", "POP0305": "population_3_5", "POP0610": "population_6_10",
    "POP1117": "population_11_17", "POP1824": "population_18_24", "POPF": "population_femmes",
    "POP1564": "population_15_64", "ACT1564": "actifs_15_64", "CHOM1564": "chomeurs_15_64",
    "EMPLT": "emplois_au_lieu_de_travail", "EMPLT_SAL": "emplois_salaries_lt",
    "MEN": "menages", "FAM": "familles", "FAMMONO": "familles_monoparentales",
    "COUPAENF": "couples_avec_enfants", "LOG": "logements", "RP": "residences_principales",
    "RSECOCC": "residences_secondaires", "LOGVAC": "logements_vacants", "MAISON": "maisons",
    "APPART": "appartements", "RP_PROP": "rp_proprietaires", "RP_LOCHLMV": "rp_hlm",
}  # fmt: skip

RATIOS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "part_75ans_plus": (("POP7589", "POP90P"), ("POP",)),
    "population_75_plus": (("POP7589", "POP90P"), ()),
    "part_menages_monoparentaux": (("MENFAMMONO",), ("MEN",)),
    "part_menages_couples_avec_enfants": (("MENCOUPAENF",), ("MEN",)),
    "part_proprietaires": (("RP_PROP",), ("RP",)),
    "part_locataires": (("RP_LOC",), ("RP",)),
    "part_rp_hlm": (("RP_LOCHLMV",), ("RP",)),
    "part_logements_vacants": (("LOGVAC",), ("LOG",)),
    "part_residences_secondaires": (("RSECOCC",), ("LOG",)),
    "taux_chomage_rp_15_64": (("CHOM1564",), ("ACT1564",)),
    "taux_emploi_15_64": (("ACTOCC1564",), ("POP1564",)),
    "taux_emploi_femmes_25_54": (("FACTOCC2554",), ("F2554",)),
}
"""Indicator → variables added up, over variables added up; both of one exploitation and year."""

PLAIN: dict[str, tuple[str, int | None]] = {
    "SUPERF": ("superficie", None),
    "NAIS1621": ("naissances_2016_2021", 2021),
    "DECE1621": ("deces_2016_2021", 2021),
}
"""Columns of the comparateur that bear no census name; None: the vintage's year."""
DATED: dict[str, str] = {
    "NAISD": "naissances_domiciliees", "DECESD": "deces_domicilies",
    "NBMENFISC": "menages_fiscaux", "PIMP": "part_menages_imposes",
    "MED": "niveau_de_vie_median", "TP60": "taux_pauvrete_60",
}  # fmt: skip
DATED_NAME = re.compile(rf"({'|'.join(DATED)})(\d\d)")


def recognise(request: Request) -> Recognised | None:
    if not request.has("CODGEO"):
        return None
    variables = {
        (found[1], 2000 + int(found[2]), found[3]): index
        for index, name in enumerate(request.names)
        if (found := VARIABLE.fullmatch(name))
    }
    if len(variables) < ENOUGH:
        return None
    latest = max(year for _, year, _ in variables)
    columns, ignored = _columns(request, variables, latest)
    ratios = _ratios(variables)
    labels = _labels(request.table.dictionary)
    new = []
    known = {column.index for column in columns}
    for (prefix, year, name), index in variables.items():
        full = request.names[index]
        if index in known or full not in labels:
            ignored += [full] if index not in known else []
            continue
        key = f"rp_{prefix}_{name}".lower()[:100]
        new.append(NewIndicator(key, labels[full]))
        columns.append(Column(index, key, year))
    theme = THEME.search(request.table.name)
    code = request.names.index("CODGEO")
    sample = [row[code] for row in request.table.head[request.header + 1 :] if len(row) > code]
    is_comparison = any(name in PLAIN for name in request.names)
    return Recognised(
        Publication(
            key="insee-comparateur" if is_comparison else _key(theme),
            title="Comparateur de territoires" if is_comparison else _title(theme),
            producer="Insee",
            vintage=str(latest),
            level=level_of_codes(sample) or Territory.Level.COMMUNE,
            precedence=-1 if is_comparison else 0,
        ),
        request.table,
        request.header,
        Wide(
            code,
            sorted(columns, key=lambda column: column.index),
            ratios=ratios,
            marks=MARKS,
            new_indicators=list({row.key: row for row in new}.values()),
        ),
        ignored=ignored,
        remarks=_remarks(labels, ignored),
    )


def _columns(
    request: Request, variables: dict[tuple[str, int, str], int], latest: int
) -> tuple[list[Column], list[str]]:
    """Columns that the catalogue knows. The main exploitation wins over the complementary one."""
    columns: list[Column] = []
    ignored: list[str] = []
    for (prefix, year, name), index in variables.items():
        if name not in VARIABLES or (prefix == "C" and ("P", year, name) in variables):
            continue
        columns.append(Column(index, VARIABLES[name], year))
    for index, name in enumerate(request.names):
        if name in PLAIN:
            indicator, year_of = PLAIN[name]
            columns.append(Column(index, indicator, year_of or latest))
        elif dated := DATED_NAME.fullmatch(name):
            columns.append(Column(index, DATED[dated[1]], 2000 + int(dated[2])))
        elif not VARIABLE.fullmatch(name) and name not in ("CODGEO", "LIBGEO", "REG", "DEP"):
            ignored.append(name)
    return columns, ignored


def _ratios(variables: dict[tuple[str, int, str], int]) -> list[Ratio]:
    ratios: dict[tuple[str, int], Ratio] = {}
    for prefix, year in sorted({(prefix, year) for prefix, year, _ in variables}):
        for indicator, (parts, wholes) in RATIOS.items():
            places = [variables.get((prefix, year, name)) for name in (*parts, *wholes)]
            found = [place for place in places if place is not None]
            if len(found) == len(places):
                ratios[(indicator, year)] = Ratio(
                    indicator, year, tuple(found[: len(parts)]), tuple(found[len(parts) :])
                )
    return list(ratios.values())


def _labels(dictionary: Path | None) -> dict[str, str]:
    """COD_VAR → what it counts, from Insee's ``meta_base-cc-….CSV``; {} without one."""
    if dictionary is None:
        return {}
    raw = dictionary.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    return {
        row["COD_VAR"]: _label(row.get("LIB_VAR_LONG") or row["LIB_VAR"])
        for row in rows
        if row.get("COD_VAR") and VARIABLE.fullmatch(row["COD_VAR"])
    }


def _label(text: str) -> str:
    """« Nombre de personnes actives de 15 à 64 ans en 2020 » → without the year: it is a series."""
    return re.sub(r" en (19|20)\d\d$", "", text.strip())[:200]


def _key(theme: re.Match[str] | None) -> str:
    return f"insee-rp-{theme[1].lower()}" if theme else "insee-rp"


def _title(theme: re.Match[str] | None) -> str:
    named = theme[1].lower().replace("-", " ") if theme else "base communale"
    return f"Recensement de la population, {named}"


def _remarks(labels: dict[str, str], ignored: list[str]) -> list[str]:
    if labels or not any(VARIABLE.fullmatch(name) for name in ignored):
        return []
    return [
        "Le dictionnaire de l'Insee (meta_…) n'accompagne pas le fichier : seules les variables du"
        " catalogue sont lues. Donnez l'archive telle que l'Insee la publie pour les avoir toutes."
    ]
