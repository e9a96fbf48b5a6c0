"""The plan as a table. Its columns are those of its exports."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actionplan.models import Action
from agreements.tables import badge
from core.formats import date_short, percent

NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class ActionTable(tables.Table):
    caption = "Actions du plan"

    code = tables.Column("N°")
    title = tables.Column("Action", attrs={"td": {"scope": "row"}})
    lead_organisation = tables.Column("Structure pilote", order_by="lead_organisation__name")
    due_on = tables.Column("Échéance")
    status = tables.Column("Statut")
    progress = tables.Column("Avancement", attrs=NUM)

    def render_title(self, record: Action) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.title)

    def render_lead_organisation(self, record: Action) -> str:
        return record.lead_organisation.short_name or record.lead_organisation.name

    def render_due_on(self, value: Any) -> str:
        return date_short(value)

    def render_status(self, record: Action) -> SafeString:
        state = badge(record.status, "action")
        if record.is_late:  # type: ignore[attr-defined]
            return format_html("{} {}", state, badge("late", "action"))
        return state

    def render_progress(self, record: Action) -> str:
        return percent(record.progress, 0) if record.has_begun else "–"
