"""Charts: one class gives the rows, the sentence and the drawing.

``from core.charts import HorizontalBars, Bar, StackedBars, Lines`` for the ready-made ones;
``core.charts.render`` draws them.
"""

from core.charts.bars import Bar, HorizontalBars, StackedBars
from core.charts.base import Chart
from core.charts.lines import Lines

__all__ = ["Bar", "Chart", "HorizontalBars", "Lines", "StackedBars"]
