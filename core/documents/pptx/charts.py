"""Charts that PowerPoint edits, from the rows of ours: bars, stacked bars, lines."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE as DASH
from pptx.util import Pt

from core import palette
from core.documents.content import Cell, ChartBlock, Missing
from core.documents.pptx.master import DRAWING, LANGUAGE

LETTERS = 14
TYPES = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked_bars": XL_CHART_TYPE.BAR_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}
DASHES = (
    DASH.SOLID,
    DASH.DASH,
    DASH.ROUND_DOT,
    DASH.LONG_DASH_DOT,
    DASH.SQUARE_DOT,
    DASH.LONG_DASH,
)
FRENCH = "[$-40C]#,##0"


def is_native(block: ChartBlock) -> bool:
    """Where there is a figure to draw, in a chart that PowerPoint has too."""
    return block.kind in TYPES and any(
        _value(cell) is not None for row in block.rows for cell in row[1:]
    )


def data_of(block: ChartBlock) -> tuple[Any, Any]:
    """(type, data) as python-pptx takes them. What is missing is left empty, never drawn as zero."""
    data = CategoryChartData(number_format=_number_format(block))
    data.categories = [_category(row) for row in block.rows]
    for rank, column in _series(block):
        data.add_series(column.title, [_drawn(block, row[rank]) for row in block.rows])
    return TYPES[block.kind], data


def finish(chart: Any, block: ChartBlock) -> None:
    """Our colours, letters large enough for a room, figures beside what they tell."""
    chart.font.size = Pt(LETTERS)
    chart.font.color.rgb = _rgb(palette.INK)
    chart.has_title = False
    series = list(chart.plots[0].series)
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(LETTERS)
    {"bars": _bars, "stacked_bars": _stacked, "lines": _lines}[block.kind](chart, block, series)
    for style in chart._chartSpace.iter(f"{DRAWING}defRPr"):
        style.set("lang", LANGUAGE)


def _bars(chart: Any, block: ChartBlock, series: list[Any]) -> None:
    _horizontal(chart, gap=45)
    ours = [datum["ours"] for datum in block.spec["data"]["values"]]
    bars = series[0]
    bars.invert_if_negative = False
    _paint(bars, palette.LIGHT["others"])
    for rank, is_ours in enumerate(ours):
        if is_ours:
            _paint(bars.points[rank], palette.LIGHT["ours"])
    _label(chart.plots[0], block, palette.INK, XL_LABEL_POSITION.OUTSIDE_END)


def _stacked(chart: Any, block: ChartBlock, series: list[Any]) -> None:
    _horizontal(chart, gap=40)
    chart.plots[0].overlap = 100
    for bars, colour in zip(series, _colours(block), strict=True):
        _paint(bars, colour)
    _label(chart.plots[0], block, "#ffffff", XL_LABEL_POSITION.CENTER)
    chart.plots[0].data_labels.font.bold = True


def _lines(chart: Any, block: ChartBlock, series: list[Any]) -> None:
    axis = chart.value_axis
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(palette.LINE)
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = (
        _number_format(block),
        False,
    )
    chart.category_axis.format.line.color.rgb = _rgb(palette.LINE_STRONG)
    for rank, (line, colour) in enumerate(zip(series, _colours(block), strict=True)):
        line.smooth = False
        line.format.line.width = Pt(3)
        line.format.line.color.rgb = _rgb(colour)
        line.format.line.dash_style = DASHES[rank % len(DASHES)]
        line.marker.size = 8
        line.marker.format.fill.solid()
        line.marker.format.fill.fore_color.rgb = _rgb(colour)
        line.marker.format.line.color.rgb = _rgb(colour)


def _horizontal(chart: Any, *, gap: int) -> None:
    """The first row on top; no axis of values, since each value is written."""
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = _rgb(palette.LINE_STRONG)
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.plots[0].gap_width = gap
    chart.plots[0].vary_by_categories = False


def _label(plot: Any, block: ChartBlock, colour: str, position: Any) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _number_format(block), False
    labels.font.size = Pt(LETTERS)
    labels.font.color.rgb = _rgb(colour)
    labels.position = position


def _paint(shape: Any, colour: str) -> None:
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = _rgb(colour)


def _series(block: ChartBlock) -> Iterable[tuple[int, Any]]:
    """The columns of figures; a state that nothing has is left out."""
    for rank, column in enumerate(block.columns):
        if rank and any(_drawn(block, row[rank]) is not None for row in block.rows):
            yield rank, column


def _colours(block: ChartBlock) -> list[str]:
    """As the specification gives them, one for each series drawn."""
    encoding = (
        block.spec["encoding"] if block.kind == "lines" else block.spec["layer"][0]["encoding"]
    )
    names = encoding["color"]["scale"]["range"]
    ranks = [rank - 1 for rank, _ in _series(block)]
    # A stack names the colours of what it draws only; lines, those of every series.
    chosen = [names[rank] for rank in ranks] if block.kind == "lines" else names[: len(ranks)]
    return [palette.LIGHT[name.removeprefix("@")] for name in chosen]


def _category(row: tuple[Cell, ...]) -> str:
    """With the reason, where a single figure is missing: « Grand Est (secret) »."""
    label = str(row[0])
    return f"{label} ({row[1].reason})" if len(row) == 2 and isinstance(row[1], Missing) else label


def _drawn(block: ChartBlock, cell: Cell) -> float | None:
    value = _value(cell)
    return None if block.kind == "stacked_bars" and not value else value


def _value(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | Decimal) else None


def _number_format(block: ChartBlock) -> str:
    places = max((column.places for column in block.columns[1:] if column.numeric), default=0)
    return f"{FRENCH}.{'0' * places}" if places else FRENCH


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())
