"""Files that bring no figure: movements of communes, outlines; and those that we refuse by name."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from core.errors import DomainError
from opendata.imports.publication import (
    Publication,
    Recognised,
    Reference,
    Refusal,
    Request,
)
from opendata.imports.rows import cell
from opendata.imports.tables import Table
from opendata.models import Contour, Movement, Territory

Level = Territory.Level
COMMUNE = "COM"


def recognise(request: Request) -> Recognised | None:
    if request.has("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP"):
        return _movements(request)
    if request.has("COD_VAR", "LIB_VAR"):
        raise DomainError(
            "C'est le dictionnaire d'une base de l'Insee, non ses données : donnez-le avec le"
            " fichier de données, dans l'archive telle que l'Insee la publie."
        )
    if request.has("siren_membre") or (
        request.has("siren", "insee") and "raison_sociale" in request.names
    ):
        raise DomainError(
            "La composition des intercommunalités vient du découpage officiel d'Etalab, que"
            " l'application charge elle-même : ce fichier n'est pas à importer."
        )
    return None


def _movements(request: Request) -> Recognised:
    places = {name: request.names.index(name) for name in request.names}
    dates: list[str] = []

    def load() -> tuple[int, int, int, list[Refusal]]:
        communes = dict(Territory.objects.filter(level=Level.COMMUNE).values_list("code", "pk"))
        became: dict[str, tuple[str, date]] = {}
        refusals = []
        for line, row in request.table.rows(request.header):
            if (
                cell(row, places["TYPECOM_AV"]) != COMMUNE
                or cell(row, places["TYPECOM_AP"]) != COMMUNE
            ):
                continue
            before, after = cell(row, places["COM_AV"]), cell(row, places["COM_AP"])
            if before == after:
                continue
            try:
                day = date.fromisoformat(cell(row, places["DATE_EFF"]))
            except ValueError:
                refusals.append(Refusal(line, "la date d'effet est illisible", "DATE_EFF"))
                continue
            # A commune re-established later is itself again: the latest movement wins.
            if before not in became or day > became[before][1]:
                became[before] = (after, day)
        rows = []
        for former in became:
            if former in communes:
                continue
            target, day = _follow(former, became)
            if target in communes:
                rows.append(
                    Movement(former_code=former, commune_id=communes[target], effective_on=day)
                )
        known = {
            (row.former_code, row.commune_id): row.effective_on for row in Movement.objects.all()
        }
        keys = {(row.former_code, row.commune_id): row for row in rows}
        created = [row for key, row in keys.items() if key not in known]
        changed = [
            row for key, row in keys.items() if key in known and known[key] != row.effective_on
        ]
        Movement.objects.bulk_create(
            created + changed,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["former_code", "commune"],
            update_fields=["effective_on"],
        )
        return len(created), len(changed), len(keys) - len(created) - len(changed), refusals

    for _, row in request.table.rows(request.header):
        dates.append(cell(row, places["DATE_EFF"]))
    return Recognised(
        Publication(
            key="insee-mouvements-communes",
            title="Mouvements de communes",
            producer="Insee",
            vintage=max(dates, default="")[:4],
            level=Level.COMMUNE,
        ),
        request.table,
        request.header,
        Reference(load),
        remarks=["Anciens codes de communes et la commune dont ils font aujourd'hui partie."],
    )


def _follow(code: str, became: dict[str, tuple[str, date]]) -> tuple[str, date]:
    """The last of a chain of mergers, with the date of the first; a loop ends where it began."""
    target, day = became[code]
    seen = {code}
    while target in became and target not in seen and became[target][1] >= day:
        seen.add(target)
        target = became[target][0]
    return target, day


# --- Outlines ---------------------------------------------------------------------------------
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def recognise_contours(path: Path, name: str) -> Recognised | None:
    """A GeoJSON file of communes (properties ``code`` and ``nom``), in WGS 84."""
    if Path(name).suffix.lower() not in (".geojson", ".json"):
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DomainError(f"« {name} » n'est pas un fichier GeoJSON lisible.") from error
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise DomainError(
            f"« {name} » n'est ni un tableau ni un fichier de contours (GeoJSON) : il n'y a rien à"
            " importer."
        )
    features = content.get("features") or []
    found = YEAR.search(Path(name).stem)
    source = f"IGN et Insee, contours simplifiés{f', {found[1]}' if found else ''}"

    def load() -> tuple[int, int, int, list[Refusal]]:
        communes = dict(Territory.objects.filter(level=Level.COMMUNE).values_list("code", "pk"))
        known = dict(Contour.objects.values_list("territory_id", "geometry"))
        rows, refusals = {}, []
        for number, feature in enumerate(features, start=1):
            code = str((feature.get("properties") or {}).get("code", ""))
            geometry = feature.get("geometry") or {}
            if code not in communes:
                refusals.append(Refusal(number, f"commune inconnue « {code} »", "code"))
            elif not _is_outline(geometry):
                refusals.append(Refusal(number, "le contour n'est pas un polygone en degrés"))
            else:
                rows[communes[code]] = geometry
        created = sum(pk not in known for pk in rows)
        changed = {pk for pk, geometry in rows.items() if pk in known and known[pk] != geometry}
        Contour.objects.bulk_create(
            [
                Contour(territory_id=pk, geometry=geometry, source=source)
                for pk, geometry in rows.items()
                if pk not in known or pk in changed
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["territory"],
            update_fields=["geometry", "source"],
        )
        return created, len(changed), len(rows) - created - len(changed), refusals

    return Recognised(
        Publication(
            key="contours-communes",
            title="Contours des communes",
            producer="IGN et Insee",
            vintage=found[1] if found else "",
            perimeter=Path(name).stem[:300],
            level=Level.COMMUNE,
        ),
        Table(name, path, [["code"]]),
        0,
        Reference(load),
    )


def _is_outline(geometry: dict[str, object]) -> bool:
    """Polygon or MultiPolygon whose coordinates are degrees, not metres."""
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return False
    point = geometry.get("coordinates")
    while isinstance(point, list) and point and isinstance(point[0], list):
        point = point[0]
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(value, int | float) for value in point[:2])
        and abs(point[0]) <= 180
        and abs(point[1]) <= 90
    )
