"""What must not go to production, and what must not meet a newer database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.utils import DatabaseError


@checks.register(checks.Tags.security, deploy=True)
def refuse_embedded_database(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "ctg.db":
        return []
    return [
        checks.Error(
            "Le PostgreSQL embarqué ne sert qu'à la démonstration, au développement et aux tests.",
            hint="Indiquez un serveur par DATABASE_URL.",
            id="ctg.E001",
        )
    ]


@checks.register(checks.Tags.database)
def refuse_newer_database(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """A database that knows migrations of ours that this code lacks was written by newer code."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        unknown = unknown_migrations(alias)
        if unknown:
            found.append(
                checks.Error(
                    "La base de données est plus récente que ce code :"
                    f" il ne connaît pas {', '.join(unknown)}.",
                    hint="Mettez le code à jour, ou indiquez une autre base par DATABASE_URL.",
                    id="ctg.E002",
                )
            )
    return found


def unknown_migrations(alias: str) -> list[str]:
    """The migrations of our own rooms that the database has and the code has not."""
    try:
        loader = MigrationLoader(connections[alias])
    except DatabaseError:
        return []
    rooms = {
        name.split(".")[0] for name in settings.INSTALLED_APPS if not name.startswith("django")
    }
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in rooms and (app, name) not in loader.disk_migrations
    )
