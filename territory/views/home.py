"""The room at a glance: what state the diagnosis is in, what to do next, what does not hold yet."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from agreements.roles import Capability as C
from agreements.views.base import AgreementPageView
from core.formats import plural
from territory import afom, comparison, coverage, queries, workshops
from territory.models import Challenge, Finding
from territory.secrecy import withheld_totals
from territory.views.tabs import DiagnosisTabs

STEP_PAGES = {
    "take_up": ("territory:take_up", "", "Reprendre un diagnostic"),
    "convergence": ("territory:convergence", "?sans_enjeu=oui", "Regrouper"),
    "workshop": ("territory:workshop", "", "Ouvrir l'atelier"),
    "workshop_create": ("territory:workshop_create", "", "Préparer un atelier"),
    "coverage": ("territory:coverage", "#enjeux-sans-constat", "Compléter"),
    "revised": ("territory:coverage", "#chiffres-revises", "Relire"),
    "plan": ("territory:coverage", "#enjeux-sans-action", "Voir ces enjeux"),
}
"""Where each step of ``coverage.next_steps`` is done, and the words of its button."""


class _Diagnosis(DiagnosisTabs, AgreementPageView):
    capability = C.DIAGNOSIS_VIEW

    def read(self) -> None:
        self.findings = list(queries.findings(self.agreement))
        self.challenges = list(queries.challenges(self.agreement))
        self.diagnoses = list(queries.diagnoses(self.agreement))
        self.orphans = coverage.coverage_of(self.findings, self.challenges, self.diagnoses)
        self.revised = self.revised_findings()

    def revised_findings(self) -> list[Finding]:
        """Findings that cite a figure, readable here, whose value has moved since."""
        rows = queries.readable_evidence(
            (row for finding in self.findings for row in finding.evidence.all()),
            self.access.audience,
            withheld_totals(self.agreement, self.access.audience),
        )
        moved = {
            line.evidence.finding_id for line in queries.evidence_lines(rows) if line.has_changed
        }
        return [finding for finding in self.findings if finding.pk in moved]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            orphans=self.orphans,
            revised=self.revised,
            can_change=self.access.can(C.DIAGNOSIS_CHANGE),
            can_change_plan=self.access.can(C.PLAN_CHANGE),
            **kwargs,
        )


class DiagnosisHome(_Diagnosis):
    template_name = "territory/home.html"
    tab = "territory:home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.read()
        sessions = list(workshops.workshops(self.agreement))
        steps = coverage.next_steps(
            self.findings, self.challenges, self.orphans, sessions, len(self.revised)
        )
        return super().get_context_data(
            state=coverage.state_sentence(self.findings, self.challenges, self.diagnoses, sessions),
            steps=[self.step(step) for step in steps],
            figures=comparison.key_figures(self.agreement)[:3],
            challenges=self.challenges,
            challenge_groups=[
                (label, [row for row in self.challenges if row.priority == value])
                for value, label in Challenge.Priority.choices
            ],
            afom=afom.arrange(self.findings),
            mending=self.mending(),
            diagnoses=[row for row in self.diagnoses if not row.is_archived],
            offer_total=queries.facilities(self.agreement).count(),
            **kwargs,
        )

    def step(self, step: coverage.Step) -> dict[str, str]:
        name, suffix, label = STEP_PAGES[step.key]
        args = [self.agreement.slug, *([step.target] if step.target else [])]
        return {
            "title": step.title,
            "text": step.text,
            "url": reverse(name, args=args) + suffix,
            "label": label,
        }

    def mending(self) -> list[tuple[str, str]]:
        """« 2 constats sans enjeu » and its place on the page of coverage; nothing when all holds."""
        orphans = self.orphans
        counts = [
            (orphans.findings_without_challenge, "constat", "constats", "sans enjeu", "constats-sans-enjeu"),
            (orphans.challenges_without_finding, "enjeu", "enjeux", "sans constat", "enjeux-sans-constat"),
            (orphans.challenges_without_action, "enjeu", "enjeux", "sans action", "enjeux-sans-action"),
            (orphans.diagnoses_without_finding, "diagnostic", "diagnostics", "sans constat", "diagnostics-sans-constat"),
        ]  # fmt: skip
        page = reverse("territory:coverage", args=[self.agreement.slug])
        return [
            (f"{plural(len(rows), one, many)} {words}", f"{page}#{anchor}")
            for rows, one, many, words, anchor in counts
            if rows
        ]


class CoverageView(_Diagnosis):
    """The orphans, each with one click to mend it."""

    template_name = "territory/coverage.html"
    tab = "territory:home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.read()
        return super().get_context_data(**kwargs)
