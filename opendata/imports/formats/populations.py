"""Insee, « populations de référence »: PMUN, PCAP and PTOT by commune. The file bears no year."""

from __future__ import annotations

import re

from core.errors import DomainError
from opendata.imports.levels import CITY_OF
from opendata.imports.publication import Column, Publication, Recognised, Request, Wide
from opendata.imports.questions import YEAR, Question
from opendata.imports.rows import cell
from opendata.models import Territory
from opendata.services import GEOGRAPHY

COLUMNS = {
    "PMUN": "population_municipale",
    "PCAP": "population_comptee_a_part",
    "PTOT": "population_totale",
}
CODES = ("COM", "CODGEO", "DEPCOM")
DELAY = 3
"""Years between a census and the day its populations take effect: those in force on 1 January N
are those of N − 3 (loi n° 2002-276 of 27 February 2002, art. 156; décret n° 2003-485)."""


def recognise(request: Request) -> Recognised | None:
    if not request.has("PMUN", "PTOT"):
        return None
    code = request.place(*CODES)
    if code is None:
        raise DomainError(
            "Ce fichier de populations n'a pas de colonne « COM » : le code complet de la commune"
            " manque (CODCOM n'en est que la fin)."
        )
    year, remark = _year(request)
    return Recognised(
        Publication(
            key="insee-populations-de-reference",
            title="Populations de référence",
            producer="Insee",
            vintage=str(year),
            level=Territory.Level.COMMUNE,
            sums_up=True,
        ),
        request.table,
        request.header,
        Wide(
            code,
            [
                Column(index, COLUMNS[name], year)
                for index, name in enumerate(request.names)
                if name in COLUMNS
            ],
            parts_of={
                request.names.index("PTOT"): [
                    request.names.index("PMUN"),
                    request.names.index("PCAP"),
                ]
            }
            if request.has("PCAP")
            else {},
        ),
        remarks=[remark] if remark else [],
    )


def _year(request: Request) -> tuple[int, str]:
    if request.options.year:
        return request.options.year, ""
    if found := re.search(r"(20\d\d)", request.table.stem):
        return int(found[1]), ""
    if _is_of_our_geography(request):
        return int(GEOGRAPHY) - DELAY, (
            f"Année déduite : ses communes sont celles du 1er janvier {GEOGRAPHY}, dont les"
            f" populations sont celles de {int(GEOGRAPHY) - DELAY} (décret n° 2003-485)."
        )
    raise Question("Ce fichier ne dit pas de quelle année sont ses populations.", YEAR)


def _is_of_our_geography(request: Request) -> bool:
    """Its communes are exactly ours, leaving out départements that it has not at all."""
    code = request.place(*CODES)
    assert code is not None
    codes = {
        CITY_OF.get(cell(cells, code), cell(cells, code))
        for _, cells in request.table.rows(request.header)
    }
    known = set(
        Territory.objects.filter(level=Territory.Level.COMMUNE).values_list("code", flat=True)
    )
    covered = {_departement(code) for code in codes}
    return bool(codes) and codes == {code for code in known if _departement(code) in covered}


def _departement(code: str) -> str:
    return code[:3] if code.startswith("97") else code[:2]
