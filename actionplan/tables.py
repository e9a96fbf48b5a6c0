"""The plan as a table. Its columns are those of its exports."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actionplan.models import Action, ActionStatus
from agreements.tables import badge
from core.formats import date_short, percent
from core.icons import icon_svg

NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class ActionTable(tables.Table):
    """``pick`` and ``copy`` are for whoever changes the plan: the view excludes them otherwise."""

    caption = "Actions du plan"

    pick = tables.Column("Cocher", accessor="pk", orderable=False)
    code = tables.Column("N°")
    title = tables.Column("Action", attrs={"td": {"scope": "row"}})
    lead_organisation = tables.Column("Structure pilote", order_by="lead_organisation__name")
    due_on = tables.Column("Échéance")
    status = tables.Column("Statut")
    progress = tables.Column("Avancement", attrs=NUM)
    copy = tables.Column("Dupliquer", accessor="pk", orderable=False)

    def __init__(self, *args: Any, slug: str, ticked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = reverse("actionplan:plan", args=[slug]) + "fiches/"
        self.checked = SafeString(" checked" if ticked else "")
        self.marks = {state: badge(state, "action") for state in (*ActionStatus, "late")}

    def render_pick(self, record: Action) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" name="fiche" value="{}"'
            ' aria-label="Cocher l\'action {}"{}>',
            record.pk,
            record.code,
            self.checked,
        )

    def render_title(self, record: Action) -> SafeString:
        return format_html('<a href="{}{}/">{}</a>', self.sheets, record.pk, record.title)

    def render_lead_organisation(self, record: Action) -> str:
        return record.lead_organisation.short_name or record.lead_organisation.name

    def render_due_on(self, value: Any) -> str:
        return date_short(value)

    def render_status(self, record: Action) -> SafeString:
        state = self.marks[record.status]
        if record.is_late:  # type: ignore[attr-defined]
            return format_html("{} {}", state, self.marks["late"])
        return state

    def render_progress(self, record: Action) -> str:
        return percent(record.progress, 0) if record.has_begun else "–"

    def render_copy(self, record: Action) -> SafeString:
        """A button of the page's one form, sent to the action's own address."""
        return format_html(
            '<button class="btn btn-quiet btn-sm" name="geste" value="copier"'
            ' formaction="{}{}/geste/">{}<span class="visually-hidden">Dupliquer l\'action {}</span>'
            "</button>",
            self.sheets,
            record.pk,
            icon_svg("copy", 18),
            record.code,
        )
