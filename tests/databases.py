"""The databases of the tests: built once, then copied.

Migrating takes twenty seconds and loading the demonstration ten: each is done once for a state of
the code, in a template that PostgreSQL copies in half a second. A template is named by a digest of
what it was built from, so that a change of the code builds another; the former one is dropped.
Several processes may ask at once: the first builds, the others wait.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

EXAMPLE_DAY = date(2026, 11, 23)
PREFIX = "filrouge_tests"
LOCK = 7_031_026
READ_BY_THE_EXAMPLE = (".py", ".csv", ".json")


def migrated() -> str:
    """The name of a database whose tables are made, and hold what the migrations write."""
    files = [
        path
        for app in apps.get_app_configs()
        for path in sorted((Path(app.path) / "migrations").glob("*.py"))
    ]
    return _template(
        "empty", _digest(files), lambda: call_command("migrate", verbosity=0), template="template0"
    )


def with_example() -> str:
    """The name of a database that holds the demonstration too, as loaded on ``EXAMPLE_DAY``."""
    from demo.services import load_demo

    files = [settings.BASE_DIR / "package-lock.json", settings.BASE_DIR / "requirements.txt"]
    for app in apps.get_app_configs():
        if Path(app.path).parent == settings.BASE_DIR:
            files += sorted(
                path for path in Path(app.path).rglob("*") if path.suffix in READ_BY_THE_EXAMPLE
            )
    return _template(
        "example",
        # What is loaded also bears the day it was loaded on.
        _digest(files) + f"_{date.today():%m%d}",
        lambda: load_demo(EXAMPLE_DAY, lambda step: None),
        template=migrated(),
    )


def copy(template: str, name: str) -> str:
    """A new database like ``template``; one of the same name is dropped first."""
    drop(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return name


def drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Every connection opened meanwhile, in any thread, is to this database."""
    options: dict[str, Any] = connection.settings_dict
    former = options["NAME"]
    connection.close()
    options["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        options["NAME"] = former


def _template(kind: str, digest: str, build: Callable[[], Any], template: str) -> str:
    name = f"{PREFIX}_{kind}_{digest}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}_%"])
        present = {row[0] for row in cursor.fetchall()}
        if name not in present:
            for former in present:
                if former.startswith(f"{PREFIX}_{kind}_"):
                    drop(former)
            unfinished = copy(template, f"{PREFIX}_{kind}_unfinished")
            with connected_to(unfinished):
                build()
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    # As pytest would: the settings know the tests by it.
    import django
    import pytest  # noqa: F401

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctg.settings")
    django.setup()
    with_example()
