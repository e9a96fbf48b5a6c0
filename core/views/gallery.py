"""Every component in every variant, for those who build the screens."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib.auth.mixins import UserPassesTestMixin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.views.generic import TemplateView

from core.components.actions import FILE_FORMATS, VARIANTS
from core.components.layout import ALERTS
from core.states import ACTION_STATES, STATE_KINDS

PIXEL = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 90'%3E"
    "%3Cg fill='%230f4c5c'%3E%3Crect x='10' y='40' width='60' height='40'/%3E"
    "%3Crect x='90' y='25' width='60' height='55'/%3E%3Crect x='170' y='10' width='60' height='70'/%3E"
    "%3C/g%3E%3C/svg%3E"
)


class SampleForm(forms.Form):
    """One field of each kind, some of them wrong."""

    title = forms.CharField(label="Titre", help_text="Une phrase courte.")
    pilot = forms.ChoiceField(
        label="Pilote", choices=[("", "Choisir…"), ("1", "Service enfance"), ("2", "CCAS")]
    )
    due_on = forms.DateField(
        label="Échéance", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    summary = forms.CharField(
        label="En une phrase",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce texte peut être communiqué aux partenaires.",
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes",
        required=False,
        choices=[("1", "Petite enfance"), ("2", "Parentalité"), ("3", "Jeunesse")],
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.ChoiceField(
        label="Qui peut lire",
        choices=[("1", "Tout le monde"), ("2", "Membres du COPIL")],
        widget=forms.RadioSelect,
    )
    report = forms.FileField(label="Pièce jointe", required=False)
    confirmed = forms.BooleanField(label="J'ai vérifié les montants", required=False)


class FilterForm(forms.Form):
    q = forms.CharField(label="Mots cherchés", required=False)
    status = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((s.key, s.word) for s in ACTION_STATES.values())],
    )


class SampleTable(tables.Table):
    """What a list looks like: sortable headings, figures to the right, rows that have a name."""

    name = tables.Column("Action", attrs={"td": {"scope": "row"}})
    status = tables.TemplateColumn("{% load ui %}{% badge state=value %}", verbose_name="État")
    amount = tables.Column("Montant", attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    class Meta:
        attrs = {"class": "table"}
        order_by = "name"


SAMPLE_ROWS = [
    {"name": f"Action {n:02d}", "status": state, "amount": f"{n}\u00a0000\u00a0€"}
    for n, state in enumerate(ACTION_STATES, start=1)
]


class Gallery(UserPassesTestMixin, TemplateView):
    template_name = "core/gallery.html"
    raise_exception = True
    permission_denied_message = (
        "Cette page est réservée aux personnes qui entretiennent l'application."
    )
    request: HttpRequest

    def sample_table(self) -> tables.Table:
        table = SampleTable(SAMPLE_ROWS)
        table.caption = "Actions d'exemple"
        tables.RequestConfig(self.request, paginate={"per_page": 5}).configure(table)
        return table

    def test_func(self) -> bool:
        return bool(self.request.user.is_staff)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "state_kinds": [(kind, table.values()) for kind, table in STATE_KINDS.items()],
            "variants": VARIANTS,
            "alerts": ALERTS,
            "formats": FILE_FORMATS,
            "form": SampleForm(prefix="vide"),
            "refused_form": SampleForm({"refuse-due_on": "31/02/2026"}, prefix="refuse"),
            "filter_form": FilterForm(self.request.GET or {"status": ""}),
            "headers": ["Financeur", ("Prévisionnel", "num"), ("Réel", "num")],
            "rows": [
                ["Caf de l'Aube", "21 440\u00a0€", "20 912\u00a0€"],
                ["Commune", "12 000\u00a0€", "12 350\u00a0€"],
            ],
            "footer": ["Total", "33 440\u00a0€", "33 262\u00a0€"],
            "definitions": [
                ("Pilote", "Service enfance"),
                ("Échéance", "30 juin 2026"),
                ("Public visé", ""),
            ],
            "conflict": [
                {
                    "label": "Titre",
                    "mine": "Ouvrir un relais itinérant",
                    "theirs": "Ouvrir un relais petite enfance",
                },
                {"label": "Échéance", "mine": "30 juin 2026", "theirs": ""},
            ],
            "events": [
                {"date": "12 janvier 2026", "title": "Action créée", "icon": "plus"},
                {
                    "date": "3 mars 2026",
                    "title": "Action bloquée",
                    "text": "Le local n'est pas trouvé.",
                    "icon": "barrier-block",
                },
                {"date": "2 avril 2026", "title": "Décision du COPIL", "url": "#chronologie"},
            ],
            "tabs": [
                {"label": "Arbre", "url": "?", "active": True},
                {"label": "Tableau", "url": "?vue=tableau", "active": False, "count": 24},
            ],
            "table": self.sample_table(),
            "page": Paginator(range(200), 10).page(4),
            "image": PIXEL,
        }


gallery = Gallery.as_view()
