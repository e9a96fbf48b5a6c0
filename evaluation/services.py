"""Writes of the room: questions, the year's answers, gaps explained, the campaign itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from actionplan.models import Action, Measure
from agreements.models import Agreement
from agreements.services import create_row, delete_row, update_row
from core.errors import DomainError
from evaluation.models import EvaluationAnswer, EvaluationQuestion, EvaluationYear, Gap

C = EvaluationQuestion.Criterion

STANDARD_QUESTIONS: list[tuple[str, str, str, int]] = [
    # (criterion, question, expected evidence, first year of the agreement in which it is asked)
    (C.GOVERNANCE, "Les instances ont-elles fonctionné ?", "Dates des réunions et présences", 1),
    (C.RELEVANCE, "Les valeurs de départ des mesures existent-elles ?", "Tableau des mesures", 1),
    (C.EFFECTIVENESS, "L'offre est-elle maintenue ou développée ?", "Tableau de l'offre", 1),
    (
        C.PARTICIPATION,
        "Les élus et les habitants sont-ils associés ?",
        "Présences au COPIL, concertations",
        1,
    ),
    (
        C.RELEVANCE,
        "Le besoin qui justifiait chaque action existe-t-il toujours ?",
        "Indicateur du constat, année par rapport au départ",
        2,
    ),
    (
        C.COHERENCE,
        "L'action double-t-elle ou complète-t-elle un autre contrat (contrat de ville, PEDT, CLS) ?",
        "Liens avec les autres contrats",
        2,
    ),
    (C.EFFECTIVENESS, "Les cibles sont-elles atteintes ?", "Mesures de résultat", 2),
    (C.EFFICIENCY, "Les moyens prévus ont-ils été mobilisés ?", "Budget et temps de travail", 2),
    (
        C.PARTNERSHIP,
        "Les partenaires ont-ils changé leurs pratiques ?",
        "Questionnaire aux partenaires",
        3,
    ),
    (
        C.PARTICIPATION,
        "Qu'est-ce que les habitants ont fait changer ?",
        "Contributions suivies d'une décision",
        2,
    ),
    (C.SUSTAINABILITY, "Que resterait-il sans la CTG ?", "Financements pérennes", 4),
]
"""domaine.md §4, after the four aims of the Cnaf's evaluation framework; editable afterwards."""


@transaction.atomic
def preload_questions(agreement: Agreement, *, actor: User | None) -> list[EvaluationQuestion]:
    """The grid to start from. Does nothing where questions already stand."""
    if EvaluationQuestion.objects.filter(agreement=agreement).exists():
        return []
    return [
        create_row(
            EvaluationQuestion,
            agreement,
            actor=actor,
            sentence="",
            fields={
                "criterion": criterion,
                "text": text,
                "expected_evidence": evidence,
                "applies_from_rank": rank,
                "position": position,
            },
        )
        for position, (criterion, text, evidence, rank) in enumerate(STANDARD_QUESTIONS)
    ]


def create_question(
    agreement: Agreement, *, actor: User | None, measures: Iterable[Measure] = (), **fields: Any
) -> EvaluationQuestion:
    return create_row(
        EvaluationQuestion, agreement, actor=actor, fields=fields, links={"measures": measures}
    )


def update_question(
    question: EvaluationQuestion,
    *,
    actor: User | None,
    expected_version: int | None = None,
    measures: Iterable[Measure] | None = None,
    **fields: Any,
) -> EvaluationQuestion:
    """``measures``: those that answer it, all of them; None leaves them as they are."""
    return update_row(
        question,
        actor=actor,
        fields=fields,
        links=None if measures is None else {"measures": measures},
        expected_version=expected_version,
    )


@transaction.atomic
def open_year(
    agreement: Agreement,
    *,
    actor: User | None,
    year: int,
    opened_on: date,
    due_on: date | None = None,
) -> EvaluationYear:
    """Open the campaign of one year of the agreement; the first finds the usual questions ready."""
    if year not in agreement.years:
        raise DomainError(f"{year} n'est pas une année de la convention.", field="year")
    preload_questions(agreement, actor=actor)
    return create_row(
        EvaluationYear,
        agreement,
        actor=actor,
        fields={"year": year, "opened_on": opened_on, "due_on": due_on},
        sentence=f"a ouvert le bilan {year}",
    )


def refuse_if_closed(campaign: EvaluationYear) -> None:
    """Raises ``DomainError``: what was closed changes only once it is reopened, with a reason."""
    if campaign.state == EvaluationYear.State.CLOSED:
        raise DomainError("Le bilan de cette année est clos. Rouvrez-le pour le modifier.")


def update_texts(
    campaign: EvaluationYear,
    *,
    actor: User | None,
    expected_version: int | None = None,
    **texts: Any,
) -> EvaluationYear:
    """The sentences that only a person can write (summary, context, priorities…)."""
    refuse_if_closed(campaign)
    return update_row(
        campaign,
        actor=actor,
        fields=texts,
        expected_version=expected_version,
        sentence=f"a rédigé le bilan {campaign.year}",
    )


def answer_question(
    campaign: EvaluationYear,
    *,
    actor: User | None,
    question: EvaluationQuestion,
    expected_version: int | None = None,
    **fields: Any,
) -> EvaluationAnswer:
    """Answer, or change the answer to, one question of the year."""
    refuse_if_closed(campaign)
    sentence = f"a répondu à la question « {question.text} » du bilan {campaign.year}"
    answer = EvaluationAnswer.objects.filter(campaign=campaign, question=question).first()
    if answer is None:
        return create_row(
            EvaluationAnswer,
            campaign.agreement,
            actor=actor,
            fields={"campaign": campaign, "question": question, **fields},
            sentence=sentence,
        )
    return update_row(
        answer, actor=actor, fields=fields, expected_version=expected_version, sentence=sentence
    )


def explain_gap(
    agreement: Agreement,
    *,
    actor: User | None,
    year: int,
    kind: str,
    action: Action | None = None,
    measure: Measure | None = None,
    explanation: str,
    adjustment: str = "",
) -> Gap:
    """One sentence, asked once; writing again replaces it."""
    about = measure or action
    sentence = f"a expliqué un écart {year} : {about}" if about else f"a expliqué un écart {year}"
    fields = {"explanation": explanation, "adjustment": adjustment}
    gap = Gap.objects.filter(
        agreement=agreement, year=year, kind=kind, action=action, measure=measure
    ).first()
    if gap is not None:
        return update_row(gap, actor=actor, fields=fields, sentence=sentence)
    return create_row(
        Gap,
        agreement,
        actor=actor,
        fields={"year": year, "kind": kind, "action": action, "measure": measure, **fields},
        sentence=sentence,
    )


def remove_explanation(gap: Gap, *, actor: User | None) -> None:
    """Take back a sentence: the gap stands again unexplained."""
    delete_row(gap, actor=actor)


def close_year(campaign: EvaluationYear, *, actor: User | None) -> EvaluationYear:
    refuse_if_closed(campaign)
    return update_row(
        campaign,
        actor=actor,
        fields={"state": EvaluationYear.State.CLOSED},
        verb="close",
        sentence=f"a clos le bilan {campaign.year}",
    )


@transaction.atomic
def reopen_year(campaign: EvaluationYear, *, actor: User | None, reason: str) -> EvaluationYear:
    """What was closed is reopened only with a reason, kept in the journal."""
    if campaign.state != EvaluationYear.State.CLOSED:
        raise DomainError("Ce bilan n'est pas clos.")
    if not reason.strip():
        raise DomainError("Dites pourquoi le bilan est rouvert.", field="reason")
    return update_row(
        campaign,
        actor=actor,
        fields={"state": EvaluationYear.State.OPEN},
        verb="reopen",
        reason=reason,
        sentence=f"a rouvert le bilan {campaign.year}",
    )
