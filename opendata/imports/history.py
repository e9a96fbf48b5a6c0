"""Reads for the administrators' pages: versions, files received, what a version is worth today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from opendata.models import DatasetVersion, ImportFile, Observation


@dataclass(frozen=True)
class Standing:
    """Where a version stands: the word, its drawing and its tone."""

    label: str
    icon: str
    tone: str


CURRENT = Standing("courante", "circle-check", "success")
REPLACED = Standing("remplacée", "replace", "neutral")
UNDONE = Standing("annulée", "arrow-back-up", "warning")
REFERENCE = Standing("référence", "map-2", "info")
"""Movements of communes, outlines: the file brought no figure."""

FILE_STANDINGS = {
    ImportFile.State.RECEIVED: ("hourglass", "info"),
    ImportFile.State.TO_DESCRIBE: ("table", "warning"),
    ImportFile.State.ASKED: ("help-circle", "warning"),
    ImportFile.State.CHECKED: ("eye-check", "primary"),
    ImportFile.State.UNCHANGED: ("equal", "neutral"),
    ImportFile.State.APPLIED: ("circle-check", "success"),
    ImportFile.State.REFUSED: ("circle-x", "danger"),
}


def standing_of_file(row: ImportFile) -> Standing:
    icon, tone = FILE_STANDINGS[ImportFile.State(row.state)]
    return Standing(str(row.get_state_display()), icon, tone)


def versions() -> QuerySet[DatasetVersion]:
    later = DatasetVersion.objects.filter(replaces=OuterRef("pk"), undone_at=None)
    return (
        DatasetVersion.objects.select_related("dataset", "replaces__dataset")
        .annotate(is_replaced=Exists(later))
        .order_by("-loaded_at", "-pk")
    )


def search(rows: QuerySet[DatasetVersion], words: str) -> QuerySet[DatasetVersion]:
    """Versions whose dataset, producer, vintage or file has every word."""
    for word in words.split():
        rows = rows.filter(
            Q(dataset__title__icontains=word)
            | Q(dataset__producer__icontains=word)
            | Q(vintage__icontains=word)
            | Q(file_name__icontains=word)
        )
    return rows


def standing(version: DatasetVersion) -> Standing:
    """For a row of ``versions()``."""
    if version.undone_at is not None:
        return UNDONE
    if version.is_current:
        return CURRENT
    return REPLACED if version.is_replaced else REFERENCE  # type: ignore[attr-defined]


def figures_of(rows: Iterable[DatasetVersion]) -> dict[int, int]:
    """Version pk → how many figures it gave. Those loaded without a report are counted."""
    told = {row.pk: row.report["read"] for row in rows if "read" in row.report}
    silent = [row.pk for row in rows if row.pk not in told and row.undone_at is None]
    if silent:
        counted = (
            Observation.objects.filter(version_id__in=silent)
            .values("version_id")
            .annotate(total=Count("period"))
        )
        told |= {row["version_id"]: row["total"] for row in counted}
    return told


def files() -> QuerySet[ImportFile]:
    return ImportFile.objects.select_related("version", "job").order_by("-received_at", "-pk")
