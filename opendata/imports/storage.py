"""Observations of one version: a table apart, filled by COPY, then attached as a partition.

Nothing here decides anything: it is the SQL of ``engine``. All of it belongs to the caller's
transaction, so a process that is killed leaves the figures as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.db import connection

from opendata.models import DatasetVersion, Territory

PARENT = "opendata_observation"
COLUMNS = (
    "territory_id", "indicator_id", "period", "value", "reason", "estimated", "lower_bound", "note",
)  # fmt: skip
"""Order of COPY's lines; the version is the table's default."""
LOCK = 7_310_333
"""Key of the advisory lock: one import at a time on an instance."""


def table_of(version: DatasetVersion) -> str:
    return f"{PARENT}_v{version.pk}"


def _run(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def wait_for_turn() -> None:
    _run("SELECT pg_advisory_xact_lock(%s)", LOCK)


BATCH = 4 << 20
"""Characters in a COPY. Between two of them the reader may query the database: psycopg2 cannot do
both at once."""


def fill(version: DatasetVersion, lines: Iterator[str]) -> None:
    """Create the table of a version and fill it with COPY's text format, by one line or several."""
    table = table_of(version)
    _run(f"CREATE TABLE {table} (LIKE {PARENT} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    _run(f"ALTER TABLE {table} ALTER COLUMN version_id SET DEFAULT {version.pk:d}")
    copy = f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor:
        for batch in _batches(lines):
            cursor.copy_expert(copy, StringIO(batch))
    _run(f"ANALYZE {table}")  # the checks that follow are planned on what the table holds


def _batches(lines: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= BATCH:
            yield "".join(held)
            held, size = [], 0
    if held:
        yield "".join(held)


SORT_MEMORY = "256MB"
"""Given to the server to sort an index of a million figures without writing it aside."""


def duplicates(version: DatasetVersion) -> list[tuple[int, int, int]]:
    """(territory, indicator, period) given more than once: the first few."""
    return [
        (row[0], row[1], row[2])
        for row in _run(
            f"SELECT territory_id, indicator_id, period FROM {table_of(version)}"
            " GROUP BY 1, 2, 3 HAVING count(*) > 1 LIMIT 5"
        )
    ]


def attach(version: DatasetVersion) -> None:
    """Index the table and make it a part of the observations."""
    table = table_of(version)
    _run(f"SET LOCAL maintenance_work_mem = '{SORT_MEMORY}'")
    _run(f"ALTER TABLE {table} ADD PRIMARY KEY (version_id, indicator_id, territory_id, period)")
    _run(f"CREATE INDEX ON {table} (territory_id, indicator_id, period DESC)")
    _run(f"ALTER TABLE {table} ADD CHECK (version_id IS NOT NULL AND version_id = {version.pk:d})")
    _run(f"ALTER TABLE {PARENT} ATTACH PARTITION {table} FOR VALUES IN ({version.pk:d})")


def drop(version: DatasetVersion) -> int:
    """Take the figures of a version away; returns how many there were."""
    table = table_of(version)
    count = _run(f"SELECT count(*) FROM {PARENT} WHERE version_id = %s", version.pk)[0][0]
    if _run("SELECT to_regclass(%s)", table)[0][0]:
        _run(f"ALTER TABLE {PARENT} DETACH PARTITION {table}")
        _run(f"DROP TABLE {table}")
    else:
        _run(f"DELETE FROM {PARENT} WHERE version_id = %s", version.pk)
    return count


@dataclass(frozen=True)
class Difference:
    created: int
    changed: int
    unchanged: int
    removed: int

    @property
    def is_nothing(self) -> bool:
        return not (self.created or self.changed or self.removed)


def difference(version: DatasetVersion, previous: DatasetVersion | None) -> Difference:
    """What a filled table brings, against the version that it would replace."""
    table = table_of(version)
    if previous is None:
        return Difference(_run(f"SELECT count(*) FROM {table}")[0][0], 0, 0, 0)
    compared = "({0}.value, {0}.reason, {0}.estimated, {0}.lower_bound, {0}.note)"
    new, old = compared.format("new"), compared.format("old")
    row = _run(
        f"""
        SELECT count(*) FILTER (WHERE old.version_id IS NULL),
               count(*) FILTER (WHERE new.version_id IS NOT NULL AND old.version_id IS NOT NULL
                                AND {new} IS DISTINCT FROM {old}),
               count(*) FILTER (WHERE {new} IS NOT DISTINCT FROM {old}
                                AND new.version_id IS NOT NULL),
               count(*) FILTER (WHERE new.version_id IS NULL)
        FROM {table} AS new
        FULL JOIN (SELECT * FROM {PARENT} WHERE version_id = %s) AS old
            USING (indicator_id, territory_id, period)
        """,
        previous.pk,
    )[0]
    return Difference(*row)


@dataclass(frozen=True)
class Change:
    """A figure that a file gives otherwise: what stood, and what would stand."""

    indicator: str
    territory: str
    period: int
    old: str
    new: str


SHOWN_CHANGES = 50


def changes(version: DatasetVersion, previous: DatasetVersion) -> list[Change]:
    """The first figures whose value or reason differs, widest territories first."""
    told = (
        "CASE WHEN {0}.value IS NULL THEN {0}.reason"
        " WHEN {0}.lower_bound THEN '≥ ' || trim_scale({0}.value)::text"
        " ELSE trim_scale({0}.value)::text END"
    )
    rows = _run(
        f"""
        SELECT i.label, t.name, new.period, {told.format("old")}, {told.format("new")}
        FROM {table_of(version)} AS new
        JOIN {PARENT} AS old USING (indicator_id, territory_id, period)
        JOIN opendata_indicator i ON i.id = new.indicator_id
        JOIN opendata_territory t ON t.id = new.territory_id
        WHERE old.version_id = %s
          AND (new.value, new.reason, new.lower_bound)
              IS DISTINCT FROM (old.value, old.reason, old.lower_bound)
        ORDER BY t.population DESC NULLS FIRST, t.id, i.label, new.period
        LIMIT {SHOWN_CHANGES}
        """,
        previous.pk,
    )
    return [Change(*row) for row in rows]


def counts_by_reason(version: DatasetVersion) -> dict[str, int]:
    """« "" » → figures with a value; each reason → figures without."""
    return dict(_run(f"SELECT reason, count(*) FROM {table_of(version)} GROUP BY reason"))


# --- Sums over communes ----------------------------------------------------------------------
HOLDERS = {
    "epci_id": "intercommunalité", "departement_id": "département", "region_id": "région",
}  # fmt: skip

SUM = """
INSERT INTO {table} (version_id, indicator_id, territory_id, period, value, reason, estimated,
                     lower_bound, note)
SELECT %(version)s, indicator_id, holder, period, value, '', estimated, false,
       'Somme de ' || communes || ' communes' || {suffix}
FROM (
    SELECT o.indicator_id, members.holder, o.period, sum(o.value) AS value,
           bool_or(o.estimated) AS estimated, count(*) AS communes
    FROM {table} o
    JOIN opendata_territory c ON c.id = o.territory_id AND c.level = 'commune'
    JOIN opendata_indicator i ON i.id = o.indicator_id AND i.is_summable
    JOIN ({members}) AS members ON members.holder = {holder}
    GROUP BY o.indicator_id, members.holder, o.period, members.total
    HAVING count(o.value) = members.total AND NOT bool_or(o.lower_bound)
) AS summed
WHERE NOT EXISTS (SELECT 1 FROM {table} given WHERE given.indicator_id = summed.indicator_id
                  AND given.territory_id = summed.holder AND given.period = summed.period)
"""


def sum_communes(version: DatasetVersion) -> int:
    """Add what holds the communes, where every one of them has its count; returns how many.

    France is summed even when départements are wholly absent (Mayotte is not in Insee's file of
    populations): the note names them.
    """
    table = table_of(version)
    added = 0
    with connection.cursor() as cursor:
        for holder in HOLDERS:
            cursor.execute(
                SUM.format(
                    table=table,
                    holder=f"c.{holder}",
                    suffix="'.'",
                    members=f"SELECT m.{holder} AS holder, count(*) AS total"
                    f" FROM opendata_territory m WHERE m.level = 'commune' GROUP BY m.{holder}",
                ),
                {"version": version.pk},
            )
            added += cursor.rowcount
        absent = _absent_departements(table)
        if len(absent) <= MAX_ABSENT:
            told = f", hors {', '.join(name for _, name in absent)}." if absent else "."
            cursor.execute(
                SUM.format(
                    table=table,
                    holder="(SELECT id FROM opendata_territory WHERE level = 'france')",
                    suffix="%(told)s",
                    members="SELECT f.id AS holder, (SELECT count(*) FROM opendata_territory m WHERE"
                    " m.level = 'commune' AND m.departement_id IS NOT NULL AND NOT"
                    " m.departement_id = ANY(%(absent)s)) AS total"
                    " FROM opendata_territory f WHERE f.level = 'france'",
                ),
                {"version": version.pk, "told": told, "absent": [pk for pk, _ in absent]},
            )
            added += cursor.rowcount
    return added


MAX_ABSENT = 6
"""Départements that a national file may lack: overseas."""


def _absent_departements(table: str) -> list[tuple[int, str]]:
    return [
        (row[0], row[1])
        for row in _run(
            f"""
            WITH held AS (
                SELECT DISTINCT departement_id FROM opendata_territory WHERE level = 'commune'
            ), given AS (
                SELECT DISTINCT c.departement_id FROM (SELECT DISTINCT territory_id FROM {table}) o
                JOIN opendata_territory c ON c.id = o.territory_id AND c.level = 'commune'
            )
            SELECT d.id, d.name FROM opendata_territory d
            JOIN held ON held.departement_id = d.id
            LEFT JOIN given ON given.departement_id = d.id
            WHERE d.level = 'departement' AND given.departement_id IS NULL
            ORDER BY d.code
            """
        )
    ]


@dataclass(frozen=True)
class Gap:
    """A département whose communes do not add up to what is published for it."""

    departement: str
    indicator: str
    period: int
    summed: Any
    published: Any


def gaps_with_departements(version: DatasetVersion, rounded_to: int) -> tuple[int, list[Gap]]:
    """(how many sums were compared, those off by more than 1 % and what rounding explains).

    Communes of this file, at full coverage, against the département that this file or a current
    version of another one gives.
    """
    table = table_of(version)
    rows = _run(
        f"""
        WITH summed AS (
            SELECT o.indicator_id, c.departement_id, o.period, sum(o.value) AS total, count(*) AS n
            FROM {table} o
            JOIN opendata_territory c ON c.id = o.territory_id AND c.level = '{Territory.Level.COMMUNE}'
            JOIN opendata_indicator i ON i.id = o.indicator_id AND i.is_summable
            JOIN (SELECT departement_id, count(*) AS total FROM opendata_territory
                  WHERE level = '{Territory.Level.COMMUNE}' GROUP BY 1) AS members
                 ON members.departement_id = c.departement_id
            GROUP BY o.indicator_id, c.departement_id, o.period, members.total
            HAVING count(o.value) = members.total AND NOT bool_or(o.lower_bound)
        ), published AS (
            SELECT indicator_id, territory_id, period, value FROM {table}
            WHERE value IS NOT NULL AND NOT lower_bound
            UNION ALL
            SELECT o.indicator_id, o.territory_id, o.period, o.value
            FROM {PARENT} o JOIN opendata_datasetversion v ON v.id = o.version_id AND v.is_current
            WHERE o.territory_id IN (SELECT departement_id FROM summed)
              AND o.value IS NOT NULL AND NOT o.lower_bound AND NOT o.estimated
        )
        SELECT d.name, i.label, s.period, s.total, p.value,
               abs(s.total - p.value) > greatest(0.01 * abs(p.value), s.n * %s / 2.0)
        FROM summed s
        JOIN published p ON p.indicator_id = s.indicator_id AND p.territory_id = s.departement_id
             AND p.period = s.period
        JOIN opendata_territory d ON d.id = s.departement_id
        JOIN opendata_indicator i ON i.id = s.indicator_id
        ORDER BY abs(s.total - p.value) DESC
        """,
        rounded_to if rounded_to > 1 else 0,
    )
    return len(rows), [Gap(*row[:5]) for row in rows if row[5]]
