"""Cnaf: childcare coverage and places, benefits, family quotients, and claimants by IRIS.

Coverage rates are places for 100 children under three: they may exceed 100, and are never
recomputed from their rounded parts (Onape, Cnaf).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from core.errors import DomainError
from opendata.imports.levels import level_of_name
from opendata.imports.publication import (
    Column,
    Figure,
    Long,
    Publication,
    Recognised,
    Refusal,
    Request,
)
from opendata.imports.questions import YEAR, Question
from opendata.imports.rows import cell, decimal_of, figures_of_row, span, year_of
from opendata.imports.values import SECRET, marks_with
from opendata.models import Territory

Level = Territory.Level
CNAF = "Cnaf"

# --- Childcare: txcouv_pe_*, nbpla_pe_* -------------------------------------------------------
MODES = {
    "psu_col": "eaje_psu",
    "hors_psu_col": "eaje_hors_psu",
    "eaje": "eaje",
    "prescol": "prescolarisation",
    "am_ind": "am",
    "gad_ind": "gad",
    "ind": "accueil_individuel",
}
LEVELS = {
    "com": Level.COMMUNE,
    "epci": Level.EPCI,
    "dep": Level.DEPARTEMENT,
    "reg": Level.REGION,
    "regi": Level.REGION,
    "nat": Level.FRANCE,
}
RATE = re.compile(rf"txcouv_(?:({'|'.join(MODES)})_)?({'|'.join(LEVELS)})")
PLACES = re.compile(rf"(?:pl_({'|'.join(MODES)})|tot_offre)_({'|'.join(LEVELS)})")
LABELLED = {
    "Taux de couv global": "taux_couverture_pe",
    "Taux de couv EAJE - ensemble": "taux_couverture_eaje",
    "Taux de couv assistantes maternelles": "taux_couverture_am",
}
CODES = {
    "numcom": Level.COMMUNE,
    "Numéro commune": Level.COMMUNE,
    "numepci": Level.EPCI,
    "Numéro EPCI": Level.EPCI,
    "numdep": Level.DEPARTEMENT,
    "Numéro département": Level.DEPARTEMENT,
    "numregi": Level.REGION,
    "numreg": Level.REGION,
    "Numéro région": Level.REGION,
    "national": Level.FRANCE,
}
FICTITIOUS = re.compile(r"X+")
NATIONAL = "hors Mayotte"
"""The perimeter of « France entière » in these datasets (Cnaf, Onape 2023)."""


def recognise_childcare(request: Request) -> Recognised | None:
    indicators = {
        index: key for index, name in enumerate(request.names) if (key := _childcare(name))
    }
    year_column = request.place("annee", "Date référence")
    if not indicators or year_column is None:
        return None
    code_name = next((name for name in CODES if name in request.names), None)
    level = CODES[code_name] if code_name else level_of_name(request.table.stem)
    if level is None:
        raise DomainError(
            "Ce fichier de la Cnaf n'a ni numéro de commune, ni d'intercommunalité, ni de"
            " département, ni de région : téléchargez-le de nouveau sur data.caf.fr."
        )
    code = request.names.index(code_name) if code_name else None
    is_rate = any(key.startswith("taux") for key in indicators.values())
    is_history = request.table.stem.lower().endswith("_hist")
    years = {
        year
        for _, cells in request.table.rows(request.header)
        if (year := year_of(cell(cells, year_column)))
    }
    if not years:
        raise DomainError("Ce fichier de la Cnaf n'a aucune année lisible.")

    def figures() -> Iterator[Figure | Refusal]:
        for line, cells in request.table.rows(request.header):
            year = year_of(cell(cells, year_column))
            where = "FR" if level == Level.FRANCE or code is None else cell(cells, code)
            if FICTITIOUS.fullmatch(where):
                continue
            if year is None:
                yield Refusal(line, "l'année est illisible", request.names[year_column])
                continue
            columns = [Column(index, key, year) for index, key in indicators.items()]
            yield from figures_of_row(line, level, where, cells, columns, request.names)

    what = "taux de couverture" if is_rate else "nombre de places"
    return Recognised(
        Publication(
            key=f"cnaf-{'txcouv' if is_rate else 'nbpla'}-pe{'-hist' if is_history else ''}",
            title=f"Accueil du jeune enfant, {what}{' (série historique)' if is_history else ''}",
            producer=CNAF,
            vintage=span(years),
            level=level,
            perimeter=NATIONAL if level == Level.FRANCE else "",
            # The current series is revised: where both give a year, it wins.
            precedence=-1 if is_history else 0,
        ),
        request.table,
        request.header,
        Long(figures),
    )


def _childcare(name: str) -> str | None:
    if name in LABELLED:
        return LABELLED[name]
    if found := RATE.fullmatch(name):
        return f"taux_couverture_{MODES[found[1]] if found[1] else 'pe'}"
    if found := PLACES.fullmatch(name):
        return f"places_{MODES[found[1]] if found[1] else 'pe'}"
    return None


# --- Benefits: s_ben_com_f --------------------------------------------------------------------
BENEFITS = {
    "indfoy_ndur": "caf_foyers_allocataires",
    "indnbp_ndur": "caf_personnes_couvertes",
    "indfoy_rsa": "caf_rsa_socle",
    "indfoy_ppa": "caf_prime_activite",
    "indfoy_af": "caf_allocations_familiales",
    "indfoy_cf": "caf_complement_familial",
    "indfoy_asf": "caf_asf",
    "indfoy_ab": "caf_allocation_base",
    "indfoy_cmg": "caf_cmg",
    "indfoy_apl": "caf_apl",
    "indfoy_als": "caf_als",
    "indfoy_alf": "caf_alf",
    "indfoy_ndural": "caf_aide_logement",
}
ROUNDING = 5
"""Households are rounded to five (Cnaf, open data of allocataires)."""
DECEMBER = "Situation du mois de décembre, arrondie à 5 ; la MSA n'y est pas."


def recognise_benefits(request: Request) -> Recognised | None:
    if not request.has("dtreffre", "numcomdo", "indfoy_ndur") or request.has("qf_400"):
        return None
    date, code = request.names.index("dtreffre"), request.names.index("numcomdo")
    columns = {
        request.names.index(name): key for name, key in BENEFITS.items() if name in request.names
    }

    def figures() -> Iterator[Figure | Refusal]:
        for line, cells in request.table.rows(request.header):
            year, where = year_of(cell(cells, date)), cell(cells, code)
            if not where:  # households that the Cnaf could not place
                continue
            if year is None:
                yield Refusal(line, "la date de référence est illisible", "dtreffre")
                continue
            wanted = [Column(index, key, year) for index, key in columns.items()]
            yield from figures_of_row(line, Level.COMMUNE, where, cells, wanted, request.names)

    return _of_communes(request, "cnaf-s-ben-com", "Toutes prestations", date, Long(figures))


def _of_communes(request: Request, key: str, title: str, date: int, reading: Long) -> Recognised:
    years = {
        year
        for _, cells in request.table.rows(request.header)
        if (year := year_of(cell(cells, date)))
    }
    if not years:
        raise DomainError("Ce fichier de la Cnaf n'a aucune date de référence lisible.")
    return Recognised(
        Publication(
            key=key,
            title=title,
            producer=CNAF,
            vintage=span(years),
            level=Level.COMMUNE,
            rounded_to=ROUNDING,
            sums_up=True,
        ),
        request.table,
        request.header,
        reading,
        ignored=[
            name
            for name in request.names
            if name.startswith(("indmtt_", "indfoy_", "indnbp_")) and name not in BENEFITS
        ],
        remarks=[DECEMBER],
    )


# --- Family quotients: ndur_s_qf_400_com_f ----------------------------------------------------
BANDS = {
    "Moins de 400 euros": "caf_qf_moins_400",
    "Entre 400 et 799 euros": "caf_qf_400_799",
    "Entre 800 et 1199 euros": "caf_qf_800_1199",
    "Entre 1200 et 1599 euros": "caf_qf_1200_1599",
    "Entre 1600 et 1999 euros": "caf_qf_1600_1999",
    "Inconnu": "caf_qf_inconnu",
}
FROM_2000 = re.compile(r"(?:Entre (?:2[048]00|3[26]00) et \d{4}|[2-4]\d{3}) euros(?: ou plus)?")


def recognise_quotients(request: Request) -> Recognised | None:
    if not request.has("dtreffre", "numcomdo", "qf_400", "indfoy_ndur"):
        return None
    date, code, band, count = (
        request.names.index(name) for name in ("dtreffre", "numcomdo", "qf_400", "indfoy_ndur")
    )

    def figures() -> Iterator[Figure | Refusal]:
        # The bands above 2,000 € are added up: each is too thin in a commune to be told apart.
        high: dict[tuple[str, int], tuple[int, Decimal | None]] = {}
        for line, cells in request.table.rows(request.header):
            year, where = year_of(cell(cells, date)), cell(cells, code)
            if not where:
                continue
            key = _band(cell(cells, band))
            if year is None or key is None:
                column = "dtreffre" if year is None else "qf_400"
                yield Refusal(line, "la valeur est inconnue", column)
                continue
            if key != "caf_qf_2000_plus":
                wanted = [Column(count, key, year)]
                yield from figures_of_row(line, Level.COMMUNE, where, cells, wanted, request.names)
                continue
            try:
                value = decimal_of(cell(cells, count))
            except ValueError as error:
                yield Refusal(line, str(error), "indfoy_ndur")
                continue
            first, known = high.get((where, year), (line, Decimal(0)))
            high[(where, year)] = (
                first,
                None if known is None or value is None else known + value,
            )
        for (where, year), (line, total) in high.items():
            yield Figure(
                line, Level.COMMUNE, where, "caf_qf_2000_plus", year,
                "" if total is None else str(total), "" if total is not None else "missing",
            )  # fmt: skip

    return _of_communes(
        request, "cnaf-qf-com", "Allocataires par quotient familial", date, Long(figures)
    )


def _band(label: str) -> str | None:
    clean = " ".join(label.replace("\u00a0", " ").split())
    if clean in BANDS:
        return BANDS[clean]
    return "caf_qf_2000_plus" if FROM_2000.fullmatch(clean) else None


# --- Claimants by IRIS: data_CAF_<year>_IRIS --------------------------------------------------
CLAIMANTS = {
    "A": "caf_foyers_allocataires",
    "PERCOU": "caf_personnes_couvertes",
    "AI": "caf_isoles",
    "AM": "caf_monoparents",
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
    "AAL": "caf_aide_logement",
    "AAPL": "caf_apl",
    "AAAH": "caf_aah",
    "APPA": "caf_prime_activite",
    "ARSAS": "caf_rsa_socle",
    "APRES50": "caf_prestations_50pct_ressources",
    "APRES100": "caf_prestations_100pct_ressources",
}
IRIS = re.compile(r"(\d{2}|2[AB])\d{7}")
IRIS_MARKS = marks_with(empty=SECRET, ns=SECRET, nd=SECRET)


def recognise_iris(request: Request) -> Recognised | None:
    if not request.has("CODGEO", "NOTE", "A", "PERCOU", "ENF_2"):
        return None
    code, note = request.names.index("CODGEO"), request.names.index("NOTE")
    columns = {
        request.names.index(name): key for name, key in CLAIMANTS.items() if name in request.names
    }
    found = re.search(r"(20\d\d)", request.table.stem)
    year = request.options.year or (int(found[1]) if found else None)
    if year is None:
        raise Question("Ce fichier d'allocataires par IRIS ne dit pas son année.", YEAR)

    def figures() -> Iterator[Figure | Refusal]:
        """A commune is the sum of its IRIS; what some hide makes of the sum a lower bound."""
        sums: dict[str, dict[int, Decimal]] = defaultdict(dict)
        hidden: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        parts: dict[str, int] = defaultdict(int)
        lines: dict[str, int] = {}
        for line, cells in request.table.rows(request.header):
            iris = cell(cells, code)
            if not IRIS.fullmatch(iris):
                yield Refusal(line, f"« {iris} » n'est pas un code d'IRIS", "CODGEO")
                continue
            commune = iris[:5]
            lines.setdefault(commune, line)
            parts[commune] += 1
            withheld = cell(cells, note) not in ("0", "1", "")
            for index in columns:
                try:
                    value = None if withheld else decimal_of(cell(cells, index), IRIS_MARKS)
                except ValueError as error:
                    yield Refusal(line, str(error), request.names[index])
                    value = None
                if value is None:
                    hidden[commune][index] += 1
                else:
                    sums[commune][index] = sums[commune].get(index, Decimal(0)) + value
        for commune, count in parts.items():
            for index, key in columns.items():
                value, missing = sums[commune].get(index), hidden[commune][index]
                if value is None:
                    yield Figure(lines[commune], Level.COMMUNE, commune, key, year, "", SECRET)
                    continue
                yield Figure(
                    lines[commune], Level.COMMUNE, commune, key, year, str(value),
                    lower_bound=bool(missing), note=_sum_note(count, missing),
                )  # fmt: skip

    return Recognised(
        Publication(
            key="cnaf-iris",
            title="Allocataires par IRIS",
            producer="Cnaf, diffusion Insee",
            vintage=str(year),
            level=Level.COMMUNE,
            precedence=-1,  # the communal file, where there is one, has no part hidden
        ),
        request.table,
        request.header,
        Long(figures),
        ignored=[name for name in ("A_ETUD", "A_NETUD_24") if name in request.names],
        remarks=[
            "Sommés par commune ; quand un quartier est couvert par le secret, la somme est un"
            " minorant et s'écrit « au moins »."
        ],
    )


def _sum_note(parts: int, hidden: int) -> str:
    if parts == 1:
        return ""
    return f"Somme de {parts} IRIS" + (f", dont {hidden} sous secret." if hidden else ".")
