"""A wrong URL, a taken port, a read-only folder, a newer database: one sentence each."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from ctg import embedded_postgres as pg
from ctg.checks import refuse_embedded_database, refuse_newer_database
from ctg.errors import explain, hide_password
from demo.management.commands.demo import refuse_taken_port


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


# --- The command line -----------------------------------------------------------------------
def test_unreachable_database_is_one_sentence_without_the_password() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = manage("migrate", DATABASE_URL=f"postgresql://moi:secret@127.0.0.1:{port}/base")
    assert done.returncode != 0
    assert "aucun serveur n'écoute" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stdout + done.stderr


@pytest.mark.parametrize("url", ["mysql://moi@127.0.0.1/base", "postgresql://:::", "nimporte-quoi"])
def test_url_that_is_no_database_is_one_sentence(url) -> None:
    done = manage("check", "--database", "default", DATABASE_URL=url)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "DATABASE_URL" in done.stderr


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("connection failed: Connection refused"), "aucun serveur n'écoute"),
        (OperationalError('FATAL: password authentication failed for user "moi"'), "est refusé"),
        (OperationalError('FATAL: database "x" does not exist'), "n'existe pas sur le serveur"),
        (OperationalError("could not translate host name"), "nom d'hôte est inconnu"),
        (PermissionError(13, "Permission denied", "/lieu/var"), "/lieu/var n'est pas accessible"),
        (
            OSError(30, "Read-only file system", "/lieu/var"),
            "/lieu/var est sur un disque en lecture seule",
        ),
        (ImproperlyConfigured("SECRET_KEY manque."), "SECRET_KEY manque."),
    ],
)
def test_what_the_user_can_mend_is_told(monkeypatch, error, words) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://moi:secret@serveur/base")
    told = explain(error)
    assert words in told
    assert "secret@" not in told
    assert "\n" not in told


def test_our_own_faults_are_not_hidden() -> None:
    assert explain(ZeroDivisionError()) is None


def test_password_never_shows() -> None:
    assert hide_password("postgresql://moi:m@t:de@serveur/base").count("***") == 1
    assert hide_password("postgresql://moi@serveur/base") == "postgresql://moi@serveur/base"


def test_taken_port_names_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Le port {port} est déjà utilisé.*PORT={port + 1}"):
            refuse_taken_port(port)
    with pytest.raises(CommandError, match="n'est pas un numéro de port"):
        refuse_taken_port(70_000)


# --- Checks ---------------------------------------------------------------------------------
def test_newer_database_is_refused_by_name(db) -> None:
    assert refuse_newer_database(databases=["default"]) == []
    MigrationRecorder(connection).record_applied("actionplan", "9999_avenir")
    found = refuse_newer_database(databases=["default"])
    assert [error.id for error in found] == ["ctg.E002"]
    assert "actionplan.9999_avenir" in found[0].msg


def test_embedded_server_is_refused_in_production(settings) -> None:
    engine = {"default": {**settings.DATABASES["default"], "ENGINE": "ctg.db"}}
    settings.DATABASES = engine
    assert [error.id for error in refuse_embedded_database()] == ["ctg.E001"]
    settings.DATABASES = {
        "default": {**engine["default"], "ENGINE": "django.db.backends.postgresql"}
    }
    assert refuse_embedded_database() == []


# --- The embedded server --------------------------------------------------------------------
@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[pg.Cluster]:
    made = pg.Cluster("essai", tmp_path, volatile=True)
    yield made
    pg.stop(made)
    shutil.rmtree(made.home, ignore_errors=True)
    if made.home.parent != tmp_path:
        shutil.rmtree(made.home.parent, ignore_errors=True)


def test_server_starts_once_keeps_its_data_and_stops(cluster: pg.Cluster) -> None:
    with ThreadPoolExecutor(3) as together:
        list(together.map(lambda _: pg.ensure_running(cluster), range(3)))
    first = pg._connect(cluster, pg.DATABASE)
    with first, first.cursor() as cursor:
        cursor.execute("CREATE TABLE garde (mot text); INSERT INTO garde VALUES ('été')")
    first.close()
    assert pg.stop(cluster)
    assert not pg.is_alive(cluster)
    assert not pg.stop(cluster)

    pg.ensure_running(cluster)
    again = pg._connect(cluster, pg.DATABASE)
    with again, again.cursor() as cursor:
        cursor.execute("SELECT mot FROM garde")
        assert cursor.fetchone() == ("été",)
    again.close()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(
            host=pg.HOST, port=cluster.port, user=pg.USER, password="faux", dbname=pg.DATABASE
        )


def test_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(pg, "_ordinary_user", lambda: None)
    in_the_way = tmp_path / "var"
    in_the_way.write_text("un fichier, pas un dossier")
    with pytest.raises(pg.EmbeddedPostgresError, match="ne peut pas démarrer"):
        pg.ensure_running(pg.Cluster("essai", in_the_way))


def test_next_port_is_taken_when_the_first_is_in_use() -> None:
    with socket.socket() as taken:
        taken.bind((pg.HOST, 0))
        port = taken.getsockname()[1]
        assert pg._free_port(port) > port


def test_server_never_runs_as_root() -> None:
    user = pg._ordinary_user()
    assert (user is None) == (os.geteuid() != 0)
    assert user is None or user.pw_uid != 0
