"""« Préparer le rapport » : the state of each chapter, the author's words, the old figures kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from agreements.models import Theme
from agreements.roles import Capability as C
from agreements.views.base import AgreementFormView, AgreementPageView, ReturnToPage
from core.audience import Audience
from reports import forms
from reports.preparation import Preparation, prepare
from reports.sections import BY_KEY, THEME
from reports.themes import themes
from territory.models import ReportText
from territory.queries import report_texts
from territory.views.tabs import DiagnosisTabs

REPORT = "diagnostic"


class PrepareView(DiagnosisTabs, AgreementPageView):
    template_name = "reports/prepare.html"
    tab = "reports:prepare"
    capability = C.DOCUMENTS_PRODUCE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preparation = prepare(self.agreement, date.today().year)
        asked = self.request.GET.get("theme", "")
        return super().get_context_data(
            preparation=preparation,
            produce_form=forms.ProduceForm(
                access=self.access,
                document=forms.document_of(REPORT),
                initial={"theme": asked} if asked.isdigit() else None,
            ),
            old_form=forms.OldFiguresForm(access=self.access, lines=preparation.old),
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            **kwargs,
        )


class _Writes(ReturnToPage, AgreementFormView):
    capability = C.DIAGNOSIS_CHANGE
    refusal = "modifier le diagnostic"
    page = "reports:prepare"


class OldFiguresView(_Writes):
    """Which old figures the documents may quote."""

    form_class = forms.OldFiguresForm
    title = "Chiffres anciens"
    success_message = "Le choix des chiffres anciens est noté."

    @cached_property
    def preparation(self) -> Preparation:
        return prepare(self.agreement, date.today().year)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lines": self.preparation.old}


class _TextView(_Writes):
    """The author's words; two authors at once see both versions."""

    form_class = forms.ReportTextForm
    success_message = "Le texte est enregistré."
    section = THEME
    theme: Theme | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        known = report_texts(self.agreement, Audience.INTERNAL).filter(
            section=self.section, theme=self.theme
        )
        return {
            **super().get_form_kwargs(),
            "instance": known.first() or ReportText(),
            "section": self.section,
            "theme": self.theme,
        }


class SectionTextView(_TextView):
    @property
    def section(self) -> str:  # type: ignore[override]
        known = BY_KEY.get(self.kwargs["section"])
        if known is None or not known.written:
            raise Http404("Ce chapitre n'existe pas, ou s'écrit tout seul.")
        return known.key

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Introduire « {BY_KEY[self.section].title} »"

    @property
    def lead(self) -> str:  # type: ignore[override]
        return f"Ce chapitre rassemble : {BY_KEY[self.section].holds}"


class ThemeTextView(_TextView):
    @cached_property
    def theme(self) -> Theme:  # type: ignore[override]
        return get_object_or_404(themes(self.agreement), pk=self.kwargs["pk"])

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Introduire le thème « {self.theme} »"

    lead = "Ces mots ouvrent la page du thème et sa partie dans le rapport."
