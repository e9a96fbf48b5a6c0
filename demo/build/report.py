"""The author's words of the report, and the old figures that it keeps."""

from __future__ import annotations

from core.audience import Audience
from demo.build.context import Example
from demo.content.report import KEPT, SECTIONS, THEMES
from opendata.models import Indicator
from reports.sections import THEME
from territory.services import keep_old_figures, write_report_text


def build_report(example: Example) -> None:
    agreement, actor = example.agreement, example.actor
    for section, text in SECTIONS.items():
        write_report_text(
            agreement, actor=actor, section=section, text=text, audience=Audience.PUBLIC
        )
    for theme, (text, audience) in THEMES.items():
        write_report_text(
            agreement, actor=actor, section=THEME, theme=example.themes[theme], text=text,
            audience=audience,
        )  # fmt: skip
    kept = list(Indicator.objects.filter(key__in=KEPT))
    keep_old_figures(agreement, actor=actor, shown=kept, kept=kept)
