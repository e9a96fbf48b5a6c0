"""Lists of the room. Their columns are those of its exports."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template import Context, Template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agreements.models import Agreement

_BADGE = Template("{% load ui %}{% badge state=state kind=kind %}")


def badge(state: str, kind: str) -> SafeString:
    return _BADGE.render(Context({"state": state, "kind": kind}))


class AgreementTable(tables.Table):
    caption = "Conventions"

    name = tables.Column(
        "Territoire", order_by=("name",), attrs={"td": {"scope": "row"}}, orderable=False
    )
    lead_commune = tables.Column("Commune porteuse", orderable=False)
    period = tables.Column("Période", accessor="period_label", orderable=False)
    status = tables.Column("État", orderable=False)

    def render_name(self, value: str, record: Any) -> SafeString | str:
        if not record.is_open:
            return value
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)

    def render_status(self, record: Agreement) -> SafeString:
        return badge(record.status, "agreement")
