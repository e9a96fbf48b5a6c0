"""What the pages say of a version and of a report, in French."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core import formats as fr
from opendata.imports import history
from opendata.imports.report import FEW_REFUSALS, STATE_LABELS, group_refusals
from opendata.models import DatasetVersion, Reason, Territory

NONE = "—"
LEVELS = dict(Territory.Level.choices)


@dataclass(frozen=True)
class VersionRow:
    url: str
    title: str
    producer: str
    vintage: str
    level: str
    geography: str
    perimeter: str
    figures: str
    loaded: str
    standing: history.Standing


def version_rows(versions: Sequence[DatasetVersion]) -> list[VersionRow]:
    figures = history.figures_of(versions)
    return [
        VersionRow(
            url=reverse("opendata:version", args=[row.pk]),
            title=row.dataset.title,
            producer=row.dataset.producer,
            vintage=row.vintage or NONE,
            level=LEVELS.get(row.level, "plusieurs"),
            geography=row.geography_vintage or NONE,
            perimeter=row.perimeter or NONE,
            figures=fr.number(figures[row.pk]) if row.pk in figures else NONE,
            loaded=f"le {fr.date_long(row.loaded_at)}"
            + (f" par {row.loaded_by}" if row.loaded_by else ""),
            standing=history.standing(row),
        )
        for row in versions
    ]


def identity(report: dict[str, Any]) -> list[tuple[str, str]]:
    """What the file was recognised as, leaving out what it does not say."""
    told = [
        ("Jeu de données", report["title"]),
        ("Producteur", report["producer"]),
        ("Licence", report["licence"]),
        ("Millésime des chiffres", report["vintage"]),
        ("Maille", LEVELS.get(report["level"], "plusieurs")),
        ("Géographie des communes", report["geography"]),
        ("Périmètre", report["perimeter"]),
    ]
    return [(label, text) for label, text in told if text]


COUNTS = [
    ("Nouveaux", "created"), ("Changés", "changed"), ("Inchangés", "unchanged"),
    ("Retirés", "removed"), ("Refusés", "refused"),
]  # fmt: skip
WHAT = {False: "Chiffres", True: "Éléments"}
NATURES = [
    (str(Reason.SECRET.label).capitalize(), "secret"),
    (str(Reason.MISSING.label).capitalize(), "missing"),
    (str(Reason.NOT_APPLICABLE.label).capitalize(), "not_applicable"),
]


def counts(report: dict[str, Any]) -> list[tuple[str, str]]:
    told = [
        ("Lignes lues", fr.number(report["rows"])),
        (WHAT[bool(report.get("is_reference"))], fr.number(report["read"])),
    ]
    told += [(label, fr.number(report[name])) for label, name in COUNTS]
    told += [(label, fr.number(report[name])) for label, name in NATURES if report[name]]
    if report["summed"]:
        told.append(("Sommes faites sur toutes les communes", fr.number(report["summed"])))
    if report["merged"]:
        told.append(("Communes rassemblées après fusion", fr.number(report["merged"])))
    return told


def refusals(report: dict[str, Any]) -> tuple[list[list[str]], str]:
    """Rows « lignes, colonne, motif, fois », and what they leave out."""
    groups = group_refusals(report["refusals"])
    rows = [
        [
            ", ".join(fr.number(line) for line in group.lines)
            + (" …" if group.count > len(group.lines) else ""),
            group.column or NONE,
            group.reason,
            fr.number(group.count),
        ]
        for group in groups[:FEW_REFUSALS]
    ]
    shown = sum(group.count for group in groups[:FEW_REFUSALS])
    rest = report["refused"] - shown
    return rows, f"Et {fr.plural(rest, 'autre')}." if rest > 0 else ""


def changes(report: dict[str, Any]) -> list[list[str]]:
    return [
        [
            row["territory"], row["indicator"], str(row["period"]), _figure(row["old"]),
            _figure(row["new"]),
        ]
        for row in report.get("changes", [])
    ]  # fmt: skip


def _figure(text: str) -> str:
    if text in Reason.values:
        return str(Reason(text).label)
    return text.replace("-", "\u2212").replace(".", ",")


REFUSAL_HEADERS = ["Lignes", "Colonne", "Motif", ("Fois", "num")]
CHANGE_HEADERS = [
    "Territoire",
    "Indicateur",
    "Année",
    ("En place", "num"),
    ("Dans le fichier", "num"),
]


def of_report(report: dict[str, Any]) -> dict[str, Any]:
    """The context of ``opendata/_report.html``."""
    rows, rest = refusals(report)
    return {
        "state_label": STATE_LABELS[report["state"]],
        "identity": identity(report),
        "counts": counts(report),
        "refusals": rows,
        "refusal_headers": REFUSAL_HEADERS,
        "refusals_rest": rest,
        "change_headers": CHANGE_HEADERS,
        "changes": changes(report),
        "remarks": report["remarks"],
        "ignored": report["ignored"],
        "new_indicators": report["new_indicators"],
    }
