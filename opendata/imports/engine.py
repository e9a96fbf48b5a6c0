"""Import a published file: recognise it, check it, write it whole or not at all; and undo.

One import is one transaction. Checks that only the whole file allows (a total that is not the sum
of its parts, counts that are all multiples of three, communes that do not add up to their
département) are made on the table before it becomes part of the observations.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import formats as fr
from core.errors import DomainError
from opendata.imports import storage
from opendata.imports.formats import recognise
from opendata.imports.formats.reference import recognise_contours
from opendata.imports.lines import Catalogue, Tally, duplicate_lines, lines_of
from opendata.imports.places import Places
from opendata.imports.publication import (
    Long,
    Options,
    Publication,
    Recognised,
    Reference,
    Refusal,
    Wide,
)
from opendata.imports.questions import BESIDE, Question
from opendata.imports.report import SHOWN_REFUSALS, Report, State
from opendata.imports.tables import Table, open_tables, sha256
from opendata.models import Dataset, DatasetVersion, Indicator

Progress = Callable[[int], None]

TAIL = 1 << 20


class _Cancelled(Exception):
    """Leaves the transaction without writing: a trial, or nothing new."""


def import_file(
    path: Path,
    *,
    name: str = "",
    actor: str = "",
    dataset: str = "",
    dry_run: bool = False,
    options: Options | None = None,
    beside: Sequence[Path] = (),
    progress: Progress = lambda rows: None,
) -> Report:
    """Load a published file; ``dry_run`` tells what would happen and writes nothing.

    ``dataset``: key that the file must be recognised as. ``beside``: files that this one needs
    (the schools' directory). Raises ``DomainError`` with what to do when the file is refused.
    """
    options = options or Options()
    shown = name or path.name
    with opened(path, shown, options, beside) as found:
        publication = found.publication
        if dataset and dataset != publication.key:
            raise DomainError(
                f"« {shown} » est reconnu comme « {publication.title} » ({publication.key}), non"
                f" comme « {dataset} »."
            )
        report = _first_words(found, shown, sha256(path))
        try:
            with transaction.atomic():
                storage.wait_for_turn()
                _load(found, report, actor, options, progress)
                if dry_run or report.state != State.APPLIED:
                    raise _Cancelled
        except _Cancelled:
            report.version = None if report.state != State.ALREADY else report.version
            if report.state == State.APPLIED:
                report.state = State.CHECKED
        return report


@contextmanager
def opened(
    path: Path, shown: str, options: Options, beside: Sequence[Path] = ()
) -> Iterator[Recognised]:
    """The publication that a file is. Raises ``DomainError`` when it is none that we know."""
    if contours := recognise_contours(path, shown):
        yield contours
        return
    with ExitStack() as stack:
        tables = stack.enter_context(open_tables(path, shown))
        try:
            found = recognise(tables, options)
        except Question as question:
            if question.option != BESIDE or not beside:
                raise
            others: list[Table] = []
            for other in beside:
                with suppress(DomainError):  # it is told when its own turn comes
                    others += stack.enter_context(open_tables(other))
            found = recognise(tables, options, others)
        if found is None:
            raise UnknownTable(tables[0])
        _check_end(found)
        yield found


class UnknownTable(DomainError):
    """A table of no known format: a person can describe its columns."""

    def __init__(self, table: Table) -> None:
        super().__init__(
            f"« {table.name} » n'est d'aucun format connu. S'il porte des chiffres par territoire,"
            " décrivez ses colonnes sur la page des imports : la description servira aux"
            " millésimes suivants."
        )


def _check_end(found: Recognised) -> None:
    """A download that stopped leaves a last line with fewer cells than the header."""
    table = found.table
    if not table.separator or isinstance(found.reading, Reference):
        return
    with table.path.open("rb") as handle:
        size = handle.seek(0, 2)
        handle.seek(max(0, size - TAIL))
        lines = handle.read().decode(table.encoding.removesuffix("-sig"), errors="replace")
    last = next((line for line in reversed(lines.splitlines()) if line.strip()), "")
    cells = next(csv.reader([last], delimiter=table.separator), [])
    if len(cells) < len(found.names) and any(cells):
        raise DomainError(
            f"La dernière ligne de « {table.name} » est coupée ({len(cells)} colonnes au lieu de"
            f" {len(found.names)}) : le téléchargement s'est interrompu. Téléchargez le fichier de"
            " nouveau. Rien n'est chargé."
        )


def _first_words(found: Recognised, shown: str, digest: str) -> Report:
    publication = found.publication
    return Report(
        file=shown,
        dataset=publication.key,
        title=publication.title,
        producer=publication.producer,
        licence=publication.licence,
        vintage=publication.vintage,
        perimeter=publication.perimeter,
        level=publication.level,
        file_hash=digest,
        ignored=[name for name in found.ignored if name],
        remarks=list(found.remarks),
    )


def _load(
    found: Recognised, report: Report, actor: str, options: Options, progress: Progress
) -> None:
    publication = found.publication
    already = (
        DatasetVersion.objects.filter(
            dataset__key=publication.key,
            file_hash=report.file_hash,
            vintage=publication.vintage,
            perimeter=publication.perimeter,
            undone_at=None,
        )
        .order_by("-pk")
        .first()
    )
    if already is not None:
        report.state, report.version = State.ALREADY, already.pk
        return
    dataset = _dataset(publication)
    version = DatasetVersion(
        dataset=dataset,
        vintage=publication.vintage,
        perimeter=publication.perimeter,
        level=publication.level,
        file_hash=report.file_hash,
        file_name=report.file[:250],
        consulted_on=timezone.localdate(),
        loaded_by=actor[:200],
    )
    if isinstance(found.reading, Reference):
        _load_reference(found.reading, version, report)
        return
    previous = (
        DatasetVersion.objects.filter(
            dataset=dataset,
            vintage=publication.vintage,
            perimeter=publication.perimeter,
            level=publication.level,
            is_current=True,
        )
        .order_by("-pk")
        .first()
    )
    version.replaces = previous
    version.save()
    if previous is not None:
        DatasetVersion.objects.filter(pk=previous.pk).update(is_current=False)
    _load_figures(found, version, previous, report, options, progress)


def _load_figures(
    found: Recognised,
    version: DatasetVersion,
    previous: DatasetVersion | None,
    report: Report,
    options: Options,
    progress: Progress,
) -> None:
    publication = found.publication
    catalogue = _catalogue(found, report)
    places, tally = Places.load(), Tally()
    storage.fill(version, lines_of(found, catalogue, places, options, tally, progress))
    _check_not_empty(tally, found)
    _check_divisor(tally, publication)
    may_repeat = isinstance(found.reading, Long)  # a wide table was checked by its codes
    if may_repeat and (repeated := storage.duplicates(version)):
        raise duplicate_lines(found, catalogue, places, repeated[0])
    _check_departements(version, publication, report)
    if publication.sums_up:
        report.summed = storage.sum_communes(version)
    difference = storage.difference(version, previous)
    _last_words(report, tally, storage.counts_by_reason(version), difference)
    if previous is not None:
        report.replaces = previous.pk
        if difference.changed:
            report.changes = [asdict(row) for row in storage.changes(version, previous)]
    if previous is not None and difference.is_nothing:
        report.state = State.UNCHANGED
        return
    storage.attach(version)
    report.state, report.version = State.APPLIED, version.pk
    version.geography_vintage = report.geography
    version.report = report.as_json()
    version.save()


def _dataset(publication: Publication) -> Dataset:
    dataset, _ = Dataset.objects.update_or_create(
        key=publication.key,
        defaults={
            "title": publication.title,
            "producer": publication.producer,
            "licence": publication.licence,
            "precedence": publication.precedence,
        },
    )
    return dataset


def _catalogue(found: Recognised, report: Report) -> Catalogue:
    """Indicators of the catalogue, and those that the file's own dictionary adds."""
    if isinstance(found.reading, Wide) and found.reading.new_indicators:
        known = set(Indicator.objects.values_list("key", flat=True))
        new = [row for row in found.reading.new_indicators if row.key not in known]
        Indicator.objects.bulk_create(
            [
                Indicator(
                    key=row.key,
                    label=row.label,
                    source=found.publication.producer,
                    is_summable=row.label.startswith("Nombre d"),
                )
                for row in new
            ]
        )
        report.new_indicators = [row.key for row in new]
    rows = list(Indicator.objects.values_list("key", "pk", "is_summable"))
    catalogue = Catalogue(
        {key: pk for key, pk, _ in rows}, {key: summable for key, _, summable in rows}
    )
    if isinstance(found.reading, Wide):
        wanted = {column.indicator for column in found.reading.columns}
        missing = sorted(wanted - catalogue.pk.keys())
        if missing:
            raise DomainError(
                f"Le catalogue n'a pas l'indicateur « {missing[0]} » : lancez « load_catalogue »."
            )
    return catalogue


def _check_not_empty(tally: Tally, found: Recognised) -> None:
    if tally.rows == 0 or (tally.refused and tally.codes and tally.unknown == tally.codes):
        raise DomainError(
            f"« {found.table.name} » ne donne aucun chiffre d'un territoire connu. Rien n'est"
            " chargé."
        )


def _check_divisor(tally: Tally, publication: Publication) -> None:
    """Counts of thousands of communes have no divisor in common, unless they were counted several
    times or rounded."""
    enough = tally.counts >= 60
    if not enough or tally.divisor <= 1 or publication.rounded_to % tally.divisor == 0:
        return
    raise DomainError(
        f"Tous les effectifs de ce fichier sont des multiples de {tally.divisor} : chaque unité y a"
        f" été comptée {tally.divisor} fois (des totaux et des sous-totaux additionnés, par"
        " exemple). Rien n'est chargé."
    )


MANY_GAPS = 0.5
LARGE_GAP = 0.10


def _check_departements(version: DatasetVersion, publication: Publication, report: Report) -> None:
    """Communes must add up to their département, where both are known."""
    compared, gaps = storage.gaps_with_departements(version, publication.rounded_to)
    if not gaps:
        return
    first = gaps[0]
    told = (
        f"{first.departement}, « {first.indicator} » {first.period} : ses communes font"
        f" {first.summed:f}, le chiffre publié est {first.published:f}"
    )
    large = [
        gap
        for gap in gaps
        if abs(gap.summed - gap.published) > LARGE_GAP * abs(float(gap.published))
    ]
    if len(large) > MANY_GAPS * compared:
        raise DomainError(
            f"Les communes de ce fichier ne font pas leur département ({told}) : des unités y sont"
            " comptées plusieurs fois, ou oubliées. Rien n'est chargé."
        )
    report.remarks.append(
        f"Sur {compared} totaux de département comparés, {len(gaps)} diffèrent de plus de 1 %"
        f" ({told})."
    )


def _last_words(
    report: Report, tally: Tally, by_reason: dict[str, int], difference: storage.Difference
) -> None:
    report.rows = tally.rows
    report.read = sum(by_reason.values())
    report.secret = by_reason.get("secret", 0)
    report.missing = by_reason.get("missing", 0)
    report.not_applicable = by_reason.get("not_applicable", 0)
    report.created, report.changed = difference.created, difference.changed
    report.unchanged, report.removed = difference.unchanged, difference.removed
    report.merged = tally.merged
    report.geography = str(tally.geography) if tally.geography else ""
    report.refused = tally.refused
    report.refusals = _told(tally.refusals)


def _told(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    return [
        {"line": row.line, "column": row.column, "reason": row.reason}
        for row in refusals[:SHOWN_REFUSALS]
    ]


def _load_reference(reference: Reference, version: DatasetVersion, report: Report) -> None:
    report.is_reference = True
    report.created, report.changed, report.unchanged, refusals = reference.load()
    report.rows = report.read = report.created + report.changed + report.unchanged + len(refusals)
    report.refused, report.refusals = len(refusals), _told(refusals)
    if not (report.created or report.changed):
        if not report.unchanged:
            raise DomainError(
                "Aucune ligne de ce fichier ne parle d'un territoire connu : "
                + (refusals[0].reason if refusals else "il est vide")
                + ". Rien n'est chargé."
            )
        report.state = State.UNCHANGED
        return
    version.is_current = False  # it holds no figure
    version.save()
    report.state, report.version = State.APPLIED, version.pk
    version.report = report.as_json()
    version.save(update_fields=["report"])


# --- Undo -------------------------------------------------------------------------------------
@transaction.atomic
def undo(version: DatasetVersion, *, actor: str = "") -> int:
    """Take a version away and put back the one that it replaced; returns how many figures went.

    Raises ``DomainError`` for one already undone, one that a later import replaced (that one is to
    be undone first), and for files that brought no figure.
    """
    storage.wait_for_turn()
    version = DatasetVersion.objects.select_for_update().get(pk=version.pk)
    if version.undone_at is not None:
        raise DomainError(
            f"Cette version a déjà été annulée le {fr.date_long(timezone.localdate(version.undone_at))}."
        )
    later = version.replaced_by.filter(undone_at=None).first()
    if later is not None:
        raise DomainError(
            f"Une version plus récente la remplace ({later.file_name or later}) : annulez d'abord"
            " celle-là."
        )
    if not version.is_current:
        raise DomainError(
            "Ce fichier n'a pas apporté de chiffres (contours, mouvements de communes) : chargez"
            " l'édition voulue, elle le remplacera."
        )
    gone = storage.drop(version)
    version.is_current = False
    version.undone_at = timezone.now()
    version.undone_by = actor[:200]
    version.save(update_fields=["is_current", "undone_at", "undone_by"])
    if version.replaces_id:
        DatasetVersion.objects.filter(pk=version.replaces_id, undone_at=None).update(
            is_current=True
        )
    return gone
