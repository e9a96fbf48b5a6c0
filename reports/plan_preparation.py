"""« Préparer le plan » : what each chapter would print today, before it is produced."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from actionplan.models import Action, ActionStatus, BudgetLine, Measure
from agreements.models import Agreement
from core.formats import plural
from reports.plan_sections import PLAN_SECTIONS, PlanSection


@dataclass(frozen=True)
class ChapterState:
    section: PlanSection
    content: str


def chapters(agreement: Agreement) -> list[ChapterState]:
    """In three queries, whatever the size of the plan."""
    actions = Action.objects.filter(agreement=agreement).active()
    counts = actions.aggregate(
        total=Count("pk", distinct=True),
        open=Count(
            "pk",
            distinct=True,
            filter=~Q(status__in=[ActionStatus.DONE, ActionStatus.DROPPED]),
        ),
        answering=Count("pk", distinct=True, filter=Q(challenges__is_archived=False)),
    )
    followed = Measure.objects.filter(agreement=agreement, action__is_archived=False).count()
    costed = (
        BudgetLine.objects.filter(
            agreement=agreement, action__is_archived=False, planned__isnull=False
        )
        .values("action")
        .distinct()
        .count()
    )
    total = counts["total"]
    words = {
        "synthese": plural(total, "action"),
        "enjeux": f"{plural(counts['answering'], 'action reliée', 'actions reliées')} à un enjeu, sur {total}",
        "tableau": plural(total, "ligne"),
        "calendrier": plural(counts["open"], "action ouverte", "actions ouvertes"),
        "mesures": plural(followed, "mesure"),
        "budget": f"{plural(costed, 'action chiffrée', 'actions chiffrées')} sur {total}",
        "fiches": plural(total, "page"),
    }
    return [ChapterState(section, words[section.key]) for section in PLAN_SECTIONS]
