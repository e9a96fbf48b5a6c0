"""One module a producer's format; ``recognise`` asks each in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.errors import DomainError
from opendata.imports.formats import (
    caf,
    census,
    districts,
    education,
    equipment,
    filosofi,
    local_statistics,
    mapped,
    melodi,
    populations,
    reference,
)
from opendata.imports.publication import Options, Recognised, Request, header_names
from opendata.imports.tables import Table

Recogniser = Callable[[Request], Recognised | None]

RECOGNISERS: list[Recogniser] = [
    reference.recognise,
    filosofi.recognise,
    melodi.recognise,
    melodi.recognise_labelled,
    populations.recognise,
    caf.recognise_childcare,
    caf.recognise_benefits,
    caf.recognise_quotients,
    caf.recognise_iris,
    education.recognise_positions,
    education.recognise_pupils,
    education.recognise_directory,
    districts.recognise,
    equipment.recognise,
    local_statistics.recognise,
    census.recognise,
    mapped.recognise,
]
HEADER_ROWS = 12
"""Title rows above a header: five in Insee's workbooks."""


def recognise(
    tables: Sequence[Table], options: Options, others: Sequence[Table] = ()
) -> Recognised | None:
    """The publication that one of the tables is; None when none is known.

    ``others``: tables of the files handed over with this one.

    Raises ``DomainError`` for a table that is known and must be refused.
    """
    for table in tables:
        beside = [*(other for other in tables if other is not table), *others]
        for header in range(min(HEADER_ROWS, len(table.head))):
            names = header_names(table, header)
            if len(names) < 2:
                continue
            _refuse_repeated(names, table.name)
            request = Request(table, header, names, options, beside)
            for recogniser in RECOGNISERS:
                if found := recogniser(request):
                    return found
    return None


def _refuse_repeated(names: list[str], file: str) -> None:
    """Two columns of one name: nobody can tell which is meant."""
    codes = [name for name in names if name.isupper()]
    repeated = sorted({name for name in codes if codes.count(name) > 1})
    if repeated and "CODGEO" in names:
        raise DomainError(
            f"« {file} » a plusieurs colonnes « {repeated[0]} » : téléchargez le fichier d'origine."
        )
