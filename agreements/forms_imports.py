"""Forms of the imports: which page holds what, which column is which, and what the person chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from agreements.forms import AgreementForm
from core.sheets import Choices, Columns, Page, Sheet, propose
from core.sheets.report import Side, page_words

LEFT_OUT = "(ne pas reprendre)"
NOT_READ = "(ne pas lire cette feuille)"
LONGEST_SAMPLE = 110
Memory = Mapping[str, str]


def choices_from(data: Mapping[str, str]) -> Choices:
    """What a person ticked on the preview; anything else keeps what the application holds."""
    cells: dict[str, Side] = {
        name.removeprefix("cell-"): "file" if value == "file" else "app"
        for name, value in data.items()
        if name.startswith("cell-")
    }
    create = {name.removeprefix("create-") for name in data if name.startswith("create-")}
    default: Side = "file" if data.get("default") == "file" else "app"
    return Choices(cells=cells, default=default, create=frozenset(create))


class SheetsForm(AgreementForm):
    """Which of our sheets each page of the file is: ``sheet-0``, ``sheet-1``… Sent by GET."""

    def __init__(
        self, pages: Sequence[Page], sheets: Sequence[Sheet], chosen: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.sheet_count = len(sheets)
        for rank, page in enumerate(pages):
            self.fields[f"sheet-{rank}"] = forms.ChoiceField(
                label=_label(page),
                choices=[("", NOT_READ), *((sheet.name, sheet.name) for sheet in sheets)],
                required=False,
                initial=chosen[rank],
            )

    @property
    def is_needed(self) -> bool:
        """With one page and one sheet there is nothing to choose."""
        return len(self.fields) > 1 or self.sheet_count > 1

    @staticmethod
    def chosen(
        data: Mapping[str, str] | None, pages: Sequence[Page], sheets: Sequence[Sheet],
        memory: Memory, before: Columns | None,
    ) -> list[str]:  # fmt: skip
        """The sheet of each page: as sent, as chosen before, else the one whose columns match best."""
        names = {sheet.name for sheet in sheets}
        if data is not None:
            sent = [data.get(f"sheet-{rank}", "") for rank in range(len(pages))]
            return [name if name in names else "" for name in sent]
        if before is not None:
            return [before[page.name][0] if page.name in before else "" for page in pages]
        best = [_best(page, sheets, memory) for page in pages]
        if not any(best) and pages:
            # Nothing is recognised: the longest page is proposed as our first sheet.
            longest = max(range(len(pages)), key=lambda rank: pages[rank].line_count)
            best[longest] = sheets[0].name
        return best


def _samples(values: Sequence[str]) -> str:
    told = " · ".join(values)
    return (told if len(told) <= LONGEST_SAMPLE else f"{told[:LONGEST_SAMPLE]}…") or "colonne vide"


def _label(page: Page) -> str:
    words = page_words(page.name)
    return words[0].upper() + words[1:]


def _best(page: Page, sheets: Sequence[Sheet], memory: Memory) -> str:
    found = [(len(propose(page, sheet, memory)), -rank) for rank, sheet in enumerate(sheets)]
    count, rank = max(found, default=(0, 0))
    return sheets[-rank].name if count else ""


@dataclass(frozen=True)
class PageRows:
    page: Page
    sheet: str
    rows: list[forms.BoundField]


class ColumnsForm(AgreementForm):
    """One list for each column of each page that is read."""

    def __init__(
        self, pages: Sequence[Page], sheets: Sequence[Sheet], chosen: Sequence[str],
        memory: Memory, before: Columns | None, data: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        self.pages, self.chosen = pages, chosen
        by_name = {sheet.name: sheet for sheet in sheets}
        for rank, page in enumerate(pages):
            self.fields[f"sheet-{rank}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=chosen[rank]
            )
            if chosen[rank]:
                self._add_columns(rank, page, by_name[chosen[rank]], memory, before)

    def _add_columns(
        self, rank: int, page: Page, sheet: Sheet, memory: Memory, before: Columns | None
    ) -> None:
        if before is not None and page.name in before and before[page.name][0] == sheet.name:
            proposed = dict(before[page.name][1])
        else:
            proposed = propose(page, sheet, memory)
        options = [("", LEFT_OUT)] + [
            (c.key, f"{c.title} (obligatoire)" if c.key in sheet.identity else c.title)
            for c in sheet.columns
        ]
        for column, title in page.titles.items():
            self.fields[f"column-{rank}-{column}"] = forms.ChoiceField(
                label=f"Colonne « {title} »",
                choices=options,
                required=False,
                help_text=_samples(page.samples.get(column, ())),
                initial=proposed.get(column, ""),
            )

    def page_rows(self) -> list[PageRows]:
        return [
            PageRows(
                page,
                self.chosen[rank],
                [self[f"column-{rank}-{column}"] for column in page.titles],
            )
            for rank, page in enumerate(self.pages)
            if self.chosen[rank]
        ]

    def columns(self) -> dict[str, tuple[str, dict[int, str]]]:
        """As ``core.sheets.read`` takes them."""
        found = {}
        for rank, page in enumerate(self.pages):
            if self.chosen[rank]:
                picked = {
                    column: self.cleaned_data[f"column-{rank}-{column}"] for column in page.titles
                }
                found[page.name] = (self.chosen[rank], {c: key for c, key in picked.items() if key})
        return found
