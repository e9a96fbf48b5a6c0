"""Findings of several diagnoses brought together: by theme, and those that say nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import connection

from agreements.models import Agreement, Theme
from territory.models import Finding

SIMILARITY = 0.4
"""From which share of common trigrams (``pg_trgm``, without case nor accents) two findings are
pointed out. Two wordings of one idea score between 0.4 and 0.7; two ideas of one theme stay under
0.3. It only points: nothing is merged without a person."""

MOST_PAIRS = 20

PAIRS = """
SELECT a.id, b.id, similarity(fr_key(a.text), fr_key(b.text)) AS score
FROM territory_finding a
JOIN territory_finding b ON b.agreement_id = a.agreement_id AND b.id > a.id
WHERE a.agreement_id = %s AND a.id = ANY(%s) AND b.id = ANY(%s)
  AND similarity(fr_key(a.text), fr_key(b.text)) >= %s
ORDER BY score DESC, a.id, b.id
LIMIT %s
"""


@dataclass(frozen=True)
class Pair:
    """Two findings that may be one, and the share of their trigrams in common (0 to 1)."""

    first: Finding
    second: Finding
    score: float

    @property
    def percent(self) -> int:
        return round(self.score * 100)


def near_duplicates(agreement: Agreement, findings: Iterable[Finding]) -> list[Pair]:
    """The nearest pairs among ``findings`` (already read), nearest first. One query."""
    known = {row.pk: row for row in findings}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [agreement.pk, list(known), list(known), SIMILARITY, MOST_PAIRS])
        rows = cursor.fetchall()
    return [Pair(known[first], known[second], score) for first, second, score in rows]


@dataclass(frozen=True)
class ThemeGroup:
    """The findings of one theme, and from how many diagnoses they come."""

    theme: Theme
    findings: list[Finding]

    @property
    def diagnosis_count(self) -> int:
        return len({row.diagnosis_id for row in self.findings if row.diagnosis_id})

    @property
    def without_challenge(self) -> int:
        return sum(not row.challenges.all() for row in self.findings)


def by_theme(findings: Sequence[Finding]) -> list[ThemeGroup]:
    """In each theme, those that no challenge holds come first: they are what remains to be done."""
    ordered = sorted(
        findings,
        key=lambda row: (row.theme.position, row.theme_id, bool(row.challenges.all()), row.pk),
    )
    return [
        ThemeGroup(rows[0].theme, rows)
        for _, group in groupby(ordered, key=lambda row: row.theme_id)
        if (rows := list(group))
    ]
