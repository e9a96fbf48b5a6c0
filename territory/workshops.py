"""Reads of the prioritisation workshops: the cards, the sheet of votes, the result."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, QuerySet

from agreements.models import Agreement
from core.audience import Audience
from core.charts import Bar, HorizontalBars
from core.formats import NBSP, date_long, plural
from territory import queries, ranking
from territory.models import Challenge, Evidence, Finding, Workshop
from territory.ranking import Count as DotCount
from territory.ranking import Ranked
from territory.secrecy import Total, withheld_totals


def workshops(agreement: Agreement) -> QuerySet[Workshop]:
    """The latest first, with how many challenges were submitted to each."""
    return (
        Workshop.objects.filter(agreement=agreement)
        .select_related("agreement")
        .annotate(submitted=Count("votes"))
        .order_by("-held_on", "-pk")
    )


def submitted_challenges(agreement: Agreement) -> QuerySet[Challenge]:
    """What a workshop is asked about, by theme and not by priority: the order must not vote."""
    return (
        Challenge.objects.filter(agreement=agreement, is_archived=False)
        .select_related("theme", "agreement")
        .order_by("theme__position", "pk")
    )


@dataclass(frozen=True)
class BallotLine:
    """A challenge on the sheet of votes; ``votes`` None: not submitted, or not typed yet."""

    number: int
    challenge: Challenge
    title: str
    votes: int | None


def ballot(workshop: Workshop) -> list[BallotLine]:
    """The challenges of today, and those of the day that were archived since."""
    known = {row.challenge_id: row for row in workshop.votes.all()}
    current = list(submitted_challenges(workshop.agreement))
    gone = set(known) - {row.pk for row in current}
    if gone:
        current += Challenge.objects.filter(agreement=workshop.agreement_id, pk__in=gone)
    return [
        BallotLine(
            number,
            challenge,
            known[challenge.pk].title_as_voted if challenge.pk in known else challenge.title,
            known[challenge.pk].votes if challenge.pk in known else None,
        )
        for number, challenge in enumerate(current, start=1)
    ]


@dataclass(frozen=True)
class ResultLine:
    """One line of the ranking, with the title as it was voted and the challenge as it is now."""

    ranked: Ranked
    title: str
    challenge: Challenge

    @property
    def rank_text(self) -> str:
        return (
            f"{self.ranked.rank}{NBSP}ex{NBSP}æquo"
            if self.ranked.is_tied
            else str(self.ranked.rank)
        )

    @property
    def was_renamed(self) -> bool:
        return self.title != self.challenge.title


@dataclass(frozen=True)
class Result:
    workshop: Workshop
    lines: list[ResultLine]
    count: DotCount

    @property
    def sentence(self) -> str:
        """« En tête : « … », « … » (18 gommettes). » : what the table shows, said once."""
        if not self.lines:
            return "Aucune gommette n'est saisie."
        first = [line for line in self.lines if line.ranked.rank == 1]
        names = ", ".join(f"« {line.title} »" for line in first)
        each = " chacun" if len(first) > 1 else ""
        dots = plural(first[0].ranked.votes, "gommette")
        return f"En tête, sur {plural(len(self.lines), 'enjeu soumis', 'enjeux soumis')} : {names} ({dots}{each})."

    @property
    def chart(self) -> HorizontalBars:
        return HorizontalBars(
            title=f"Gommettes par enjeu, atelier du {date_long(self.workshop.held_on)}",
            bars=[
                Bar(line.title, line.ranked.votes, ours=line.ranked.rank == 1)
                for line in self.lines
            ],
            sentence=self.sentence,
            source=f"Atelier du {date_long(self.workshop.held_on)}",
            label_title="Enjeu",
            value_title="Gommettes",
        )


def result(workshop: Workshop) -> Result:
    """The ranking of a workshop, computed from its dots each time: nothing to keep in step."""
    rows = {row.challenge_id: row for row in workshop.votes.select_related("challenge__theme")}
    ranked = ranking.ranking({key: row.votes for key, row in rows.items()})
    return Result(
        workshop,
        [
            ResultLine(line, rows[line.key].title_as_voted, rows[line.key].challenge)
            for line in ranked
        ],
        ranking.count(
            (row.votes for row in rows.values()), workshop.participant_count, workshop.dots_each
        ),
    )


@dataclass(frozen=True)
class Card:
    """A challenge on paper: what was found, and one figure that anybody may read."""

    number: int
    challenge: Challenge
    findings: list[Finding]
    figure: queries.EvidenceLine | None


def cards(agreement: Agreement) -> list[Card]:
    """One card per challenge. They lie on a table before inhabitants and partners: only figures of
    a public audience are printed, as they were read."""
    evidence = Evidence.objects.select_related(
        "indicator", "local_observation", "territory", "version__dataset"
    ).order_by(F("read_on").desc(), "-pk")
    rows = submitted_challenges(agreement).prefetch_related(
        Prefetch(
            "findings",
            Finding.objects.filter(is_archived=False)
            .order_by("pk")
            .prefetch_related(Prefetch("evidence", evidence)),
        )
    )
    withheld = withheld_totals(agreement, Audience.PUBLIC)
    return [
        Card(number, challenge, list(challenge.findings.all()), _figure(challenge, withheld))
        for number, challenge in enumerate(rows, start=1)
    ]


def _figure(challenge: Challenge, withheld: set[Total]) -> queries.EvidenceLine | None:
    for finding in challenge.findings.all():
        for row in queries.readable_evidence(finding.evidence.all(), Audience.PUBLIC, withheld):
            return queries.EvidenceLine(row, None)
    return None
