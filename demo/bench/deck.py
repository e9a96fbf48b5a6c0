"""The slide deck beside python-pptx alone, which writes the same texts, tables and charts."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.util import Emu

from agreements.models import Agreement
from core.documents.declaration import registry, render
from demo.bench.documents import DocumentCost, in_turn
from reports.documents.base import Request

MAX_SECONDS = 2.0
MAX_OVER_FLOOR = 4.0
"""Above what python-pptx takes: reading the plan, measuring every text, dressing every cell."""


@dataclass
class BareSlide:
    """What a slide holds, without its looks."""

    notes: str
    texts: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    charts: list[tuple[Any, Any]] = field(default_factory=list)


def deck(agreement: Agreement, on: date) -> DocumentCost:
    request = Request(agreement=agreement, on=on, year=on.year)

    def whole() -> bytes:
        return render(registry.get("deck-copil").content(request), "pptx").data

    slides = bare_slides(whole())
    cost = in_turn("deck-copil.pptx", whole, lambda: write(slides))
    return replace(cost, limit=MAX_OVER_FLOOR, max_seconds=MAX_SECONDS)


def bare_slides(data: bytes) -> list[BareSlide]:
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        bare = BareSlide(slide.notes_slide.notes_text_frame.text)
        for shape in slide.shapes:
            if shape.has_chart:
                bare.charts.append(_chart(shape.chart))
            elif shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                bare.tables.append(rows)
            elif shape.has_text_frame:
                bare.texts.append(shape.text_frame.text)
        found.append(bare)
    return found


def _chart(chart: Any) -> tuple[Any, Any]:
    data = CategoryChartData()
    data.categories = list(chart.plots[0].categories)
    for series in chart.plots[0].series:
        data.add_series(series.name, series.values)
    return chart.chart_type, data


def write(slides: list[BareSlide]) -> None:
    """The floor: the same shapes on the default template, never formatted."""
    target = Presentation()
    layout = target.slide_layouts[6]
    box = (Emu(0), Emu(0), target.slide_width, target.slide_height)
    for bare in slides:
        slide = target.slides.add_slide(layout)
        for text in bare.texts:
            slide.shapes.add_textbox(*box).text_frame.text = text
        for rows in bare.tables:
            table = slide.shapes.add_table(len(rows), len(rows[0]), *box).table
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        for kind, data in bare.charts:
            slide.shapes.add_chart(kind, *box, data)
        slide.notes_slide.notes_text_frame.text = bare.notes
    target.save(io.BytesIO())
