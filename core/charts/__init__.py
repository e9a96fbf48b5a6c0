"""Charts: one class gives the rows, the sentence and the drawing.

``from core.charts import HorizontalBars, Bar, StackedBars, Lines, Choropleth, CountMap, Area,
PlaceMap, Place``
for the ready-made ones;
``core.charts.render`` draws them.
"""

from core.charts.bars import Bar, HorizontalBars, StackedBars
from core.charts.base import Chart
from core.charts.count_map import CountMap
from core.charts.lines import Lines
from core.charts.maps import Area, Choropleth, Place, PlaceMap

__all__ = [
    "Area",
    "Bar",
    "Chart",
    "Choropleth",
    "CountMap",
    "HorizontalBars",
    "Lines",
    "Place",
    "PlaceMap",
    "StackedBars",
]
