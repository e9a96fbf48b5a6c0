"""Charts as the pages show them: what ``{% chart_figure %}`` takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.charts.base import Chart
from core.charts.render import img_data_uris
from core.documents.content import ChartBlock
from core.documents.page import cell_text


def figure(chart: Chart, theme: str) -> dict[str, Any]:
    """The drawing, its sentence, and the rows beneath it."""
    return figures([chart], theme)[0]


def figures(charts: Sequence[Chart], theme: str) -> list[dict[str, Any]]:
    """Several charts of one page; what is already drawn is read at once."""
    blocks = [chart.freeze() for chart in charts]
    images = img_data_uris([block.spec for block in blocks], "dark" if theme == "dark" else "light")
    return [_shown(block, image) for block, image in zip(blocks, images, strict=True)]


def _shown(block: ChartBlock, image: str) -> dict[str, Any]:
    return {
        "title": block.title,
        "image_url": image,
        "sentence": block.sentence,
        "alt": block.alt,
        "headers": [
            (column.title, "num") if column.numeric else column.title for column in block.columns
        ],
        "rows": [
            [cell_text(column, cell) for column, cell in zip(block.columns, row, strict=True)]
            for row in block.rows
        ],
        "source": block.source,
    }
