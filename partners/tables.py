"""Lists of the room."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.db import fr_order
from core.formats import date_short, plural
from partners.models import Organisation


class OrganisationTable(tables.Table):
    caption = "Organisations partenaires"

    name = tables.Column("Organisation", attrs={"td": {"scope": "row"}})
    kind = tables.Column("Nature")
    themes = tables.Column("Thèmes", orderable=False, accessor="pk")
    people = tables.Column("Personnes", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    last_contact_on = tables.Column("Dernier contact", default="–")

    def render_name(self, record: Organisation) -> SafeString:
        url = reverse(
            "partners:organisation", args=[self.request.resolver_match.kwargs["slug"], record.pk]
        )
        return format_html('<a href="{}">{}</a>', url, record.name)

    def order_name(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        order = [part.desc() if is_descending else part for part in fr_order("name")[:1]]
        return queryset.order_by(*order, "pk"), True

    def render_themes(self, record: Organisation) -> str:
        return ", ".join(theme.name for theme in record.themes.all()) or "–"

    def render_people(self, value: int) -> str:
        return plural(value, "personne", "personnes")

    def render_last_contact_on(self, value: Any) -> str:
        return date_short(value)
