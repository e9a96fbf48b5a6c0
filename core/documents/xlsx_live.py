"""What a workbook works out by itself, for tables that people fill or change: hours that follow the
minutes, sums, lists of answers."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.documents.content import Table

MINUTES_A_DAY = 24 * 60
LONGEST_LIST = 255
"""Characters of a list of answers, in the file format."""


def is_live(table: Table) -> bool:
    """Do its cells follow from others?"""
    return any(column.runs_from is not None for column in table.columns)


def formula_of(table: Table, rank: int, row: int, first: int) -> str:
    """The formula of the cell of column ``rank`` in line ``row`` of the sheet; empty for what is a
    plain value. ``first`` is the line of the first row: its time is a value."""
    minutes = table.columns[rank].runs_from
    if minutes is None or row == first:
        return ""
    above, added = get_column_letter(rank + 1), get_column_letter(minutes + 1)
    return f"={above}{row - 1}+{added}{row - 1}/{MINUTES_A_DAY}"


def total_formula(table: Table, rank: int, row: int, first: int) -> str:
    """The same in the last row, that of the totals: a sum, or the hour at which all is over."""
    column, letter = table.columns[rank], get_column_letter(rank + 1)
    if column.runs_from is not None:
        return formula_of(table, rank, row, first)
    return f"=SUM({letter}{first}:{letter}{row - 1})" if column.total and is_live(table) else ""


def offer_choices(page: Any, table: Table, first: int) -> None:
    """Lists of answers in the columns that have some; another answer may still be typed."""
    for rank, column in enumerate(table.columns, start=1):
        offered = ",".join(column.choices)
        if not column.choices or len(offered) > LONGEST_LIST or not table.rows:
            continue
        rule = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
        rule.showErrorMessage = False
        letter = get_column_letter(rank)
        rule.add(f"{letter}{first}:{letter}{first + len(table.rows) - 1}")
        page.data_validations.append(rule)
