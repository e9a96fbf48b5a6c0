"""What does not hold together yet, and what to do next: the state of the diagnosis in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.models import Agreement
from core.formats import date_long, plural
from territory import queries
from territory.models import Challenge, Diagnosis, Finding, Workshop


@dataclass(frozen=True)
class Coverage:
    """The orphans of the thread between diagnoses, findings, challenges and actions."""

    findings_without_challenge: list[Finding]
    challenges_without_finding: list[Challenge]
    challenges_without_action: list[Challenge]
    diagnoses_without_finding: list[Diagnosis]

    @property
    def total(self) -> int:
        return (
            len(self.findings_without_challenge)
            + len(self.challenges_without_finding)
            + len(self.challenges_without_action)
            + len(self.diagnoses_without_finding)
        )


def coverage_of(
    findings: Sequence[Finding], challenges: Sequence[Challenge], diagnoses: Sequence[Diagnosis]
) -> Coverage:
    """From rows already read (``queries``): no query here."""
    return Coverage(
        [row for row in findings if not row.challenges.all()],
        [row for row in challenges if not row.finding_count],  # type: ignore[attr-defined]
        [row for row in challenges if not row.action_count],  # type: ignore[attr-defined]
        [row for row in diagnoses if not row.is_archived and not row.finding_count],  # type: ignore[attr-defined]
    )


def coverage(agreement: Agreement) -> Coverage:
    return coverage_of(
        list(queries.findings(agreement)),
        list(queries.challenges(agreement)),
        list(queries.diagnoses(agreement)),
    )


@dataclass(frozen=True)
class Step:
    """One thing to do: its key (the page that does it is the view's business) and why."""

    key: str
    title: str
    text: str
    target: int | None = None


MOST_STEPS = 3
"""More would be a list to read, not a thing to do."""


def next_steps(
    findings: Sequence[Finding],
    challenges: Sequence[Challenge],
    orphans: Coverage,
    workshops: Sequence[Workshop],
    revised: int,
) -> list[Step]:
    """What somebody who has ten minutes does now, in the order in which a diagnosis is made."""
    if not findings:
        return [
            Step(
                "take_up",
                "Écrire les premiers constats",
                "Un diagnostic a sans doute déjà été signé : collez ses constats et ses enjeux, une ligne chacun.",
            )
        ]
    steps = []
    if orphans.findings_without_challenge:
        count = len(orphans.findings_without_challenge)
        steps.append(
            Step(
                "convergence",
                f"Rattacher {plural(count, 'constat')} à un enjeu",
                "Cochez ceux qui se rejoignent et regroupez-les en un geste.",
            )
        )
    steps += _workshop_steps(challenges, workshops)
    if orphans.challenges_without_finding:
        count = len(orphans.challenges_without_finding)
        steps.append(
            Step(
                "coverage",
                f"Appuyer {plural(count, 'enjeu', 'enjeux')} sur des constats",
                "Un enjeu sans constat ne se défend pas devant un comité.",
            )
        )
    if revised:
        steps.append(
            Step(
                "revised",
                f"Relire {plural(revised, 'chiffre cité', 'chiffres cités')} depuis révisé{'s' if revised > 1 else ''}",
                "La valeur publiée n'est plus celle que le constat cite.",
            )
        )
    if orphans.challenges_without_action:
        count = len(orphans.challenges_without_action)
        steps.append(
            Step(
                "plan",
                f"Répondre à {plural(count, 'enjeu', 'enjeux')} sans action",
                "Le plan d'actions n'y répond pas encore.",
            )
        )
    return steps[:MOST_STEPS]


def _workshop_steps(challenges: Sequence[Challenge], workshops: Sequence[Workshop]) -> list[Step]:
    waiting = next((row for row in workshops if row.applied_on is None), None)
    if waiting is not None:
        day = date_long(waiting.held_on)
        if waiting.submitted:  # type: ignore[attr-defined]
            return [
                Step(
                    "workshop",
                    f"Retenir le classement de l'atelier du {day}",
                    "Les gommettes sont saisies ; le rang et la priorité restent à décider.",
                    waiting.pk,
                )
            ]
        return [
            Step(
                "workshop",
                f"Préparer l'atelier du {day}",
                "Imprimez les cartes et la feuille de vote ; les gommettes se saisissent ensuite en un écran.",
                waiting.pk,
            )
        ]
    if challenges and not workshops:
        return [
            Step(
                "workshop_create",
                "Prioriser les enjeux en atelier",
                "Cartes à imprimer, gommettes à compter, classement gardé avec sa date.",
            )
        ]
    return []


def state_sentence(
    findings: Sequence[Finding],
    challenges: Sequence[Challenge],
    diagnoses: Sequence[Diagnosis],
    workshops: Sequence[Workshop],
) -> str:
    """« 16 constats tirés de 3 diagnostics, 13 enjeux dont 6 prioritaires, classés à l'atelier du… »."""
    if not findings and not challenges:
        return ""
    sources = len([row for row in diagnoses if row.finding_count])  # type: ignore[attr-defined]
    told = plural(len(findings), "constat")
    if sources:
        told += f" {'tiré' if len(findings) < 2 else 'tirés'} de {plural(sources, 'diagnostic')}"
    high = sum(row.priority == Challenge.Priority.HIGH for row in challenges)
    told += f", {plural(len(challenges), 'enjeu', 'enjeux')}"
    if high:
        told += f" dont {plural(high, 'prioritaire')}"
    kept = next((row for row in workshops if row.applied_on), None)
    if kept:
        told += f", classés à l'atelier du {date_long(kept.held_on)}"
    return f"{told}."
