"""Any other table, once a person has described its columns (``ColumnMapping``)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from core.errors import DomainError
from opendata.imports.publication import (
    Column,
    Figure,
    Long,
    Publication,
    Recognised,
    Refusal,
    Request,
    Wide,
)
from opendata.imports.questions import YEAR, Question
from opendata.imports.rows import cell, figures_of_row, span, year_of
from opendata.imports.values import MARKS
from opendata.models import ColumnMapping

YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def fingerprint(names: list[str]) -> str:
    """The same for every vintage of a file: years in the names of its columns do not count."""
    told = "\x1f".join(YEARS.sub("#", name.strip().lower()) for name in names)
    return hashlib.sha256(told.encode()).hexdigest()


def without_year(name: str) -> str:
    return YEARS.sub("#", name.strip())


def recognise(request: Request) -> Recognised | None:
    mapping = (
        ColumnMapping.objects.filter(header=fingerprint(request.names))
        .select_related("dataset")
        .first()
    )
    return None if mapping is None else read_with(mapping, request)


def read_with(mapping: ColumnMapping, request: Request) -> Recognised:
    """``mapping.columns``: {"code": name, "year": name or "", "values": {name: indicator key}}.

    Names are written without their year (« Population # »). The year of a figure is that of its
    row, else that of its column, else that of the file's name.
    """
    columns: dict[str, Any] = mapping.columns
    plain = [without_year(name) for name in request.names]
    code = plain.index(columns["code"])
    marks = {**MARKS, **{mark.lower(): reason for mark, reason in mapping.marks.items()}}
    chosen = [
        (index, columns["values"][name])
        for index, name in enumerate(plain)
        if name in columns["values"]
    ]
    dataset = mapping.dataset
    ignored = [
        name
        for index, name in enumerate(request.names)
        if name and index != code and index not in {index for index, _ in chosen}
    ]

    def publication(vintage: str) -> Publication:
        return Publication(
            key=dataset.key,
            title=dataset.title,
            producer=dataset.producer,
            vintage=vintage,
            level=mapping.level,
            licence=dataset.licence,
        )

    if columns.get("year"):
        place = plain.index(columns["year"])
        years = {
            year
            for _, cells in request.table.rows(request.header)
            if (year := year_of(cell(cells, place)))
        }
        if not years:
            raise DomainError(f"La colonne « {request.names[place]} » n'a aucune année lisible.")

        def figures() -> Iterator[Figure | Refusal]:
            for line, cells in request.table.rows(request.header):
                year = year_of(cell(cells, place))
                if year is None:
                    yield Refusal(line, "l'année est illisible", request.names[place])
                    continue
                wanted = [Column(index, key, year) for index, key in chosen]
                yield from figures_of_row(
                    line, mapping.level, cell(cells, code), cells, wanted, request.names, marks
                )

        return Recognised(
            publication(span(years)), request.table, request.header, Long(figures), ignored
        )
    in_file = YEARS.search(request.table.stem)
    wanted = []
    for index, key in chosen:
        found = YEARS.search(request.names[index]) or in_file
        year = request.options.year or (int(found[1]) if found else None)
        if year is None:
            raise Question(f"Rien ne dit l'année de « {request.names[index]} ».", YEAR)
        wanted.append(Column(index, key, year))
    return Recognised(
        publication(span({column.period for column in wanted})),
        request.table,
        request.header,
        Wide(code, wanted, marks=marks),
        ignored,
    )
