from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from demo.content import agreement as content
from demo.management.commands.load_demo import iso_date
from demo.services import load_demo, write_documents

HOST = "127.0.0.1"
FOLDER = settings.VAR_DIR / "demo"
STOP_DELAY = 20  # seconds given to a process to end its work


class Command(BaseCommand):
    help = "Prépare la démonstration, écrit ses documents dans var/demo/, puis la sert."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="s'arrêter après les documents")
        parser.add_argument("--date", type=iso_date, help="jour de référence, AAAA-MM-JJ")

    def handle(self, *, port: int, no_serve: bool, date: date | None, **options: Any) -> None:
        if not no_serve:
            refuse_taken_port(port)
        self.say("Base de données")
        call_command("migrate", verbosity=0)
        self.say("Fichiers du site")
        call_command("collectstatic", interactive=False, verbosity=0)
        today = date or timezone.localdate()
        try:
            load_demo(today, self.say)
        except DomainError as error:
            raise CommandError(str(error)) from error
        for path in write_documents(FOLDER, today):
            self.say(f"Document {path.relative_to(settings.BASE_DIR)}")
        self.print_accounts(port)
        if not no_serve:
            serve(port)

    def say(self, step: str) -> None:
        self.stdout.write(f"• {step}")
        self.stdout.flush()

    def print_accounts(self, port: int) -> None:
        lines = [(str(fact.role.label), fact.email) for fact in content.ACCOUNTS]
        lines.append(("administration", content.ADMINISTRATOR[0]))
        lines.append((f"autre convention ({content.OTHER_NAME})", content.OTHER_COORDINATOR[0]))
        width = max(len(role) for role, _ in lines)
        self.stdout.write(
            f"\nFil rouge : http://{HOST}:{port}\nMot de passe : {content.PASSWORD}\n"
        )
        for role, email in lines:
            self.stdout.write(f"  {role:<{width}}  {email}")
        self.stdout.write("")
        self.stdout.flush()


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CommandError(
                f"Le port {port} est déjà utilisé : choisissez-en un autre, « make demo PORT={port + 1} »."
            ) from None
        except OverflowError:
            raise CommandError(f"{port} n'est pas un numéro de port.") from None


def serve(port: int) -> None:
    """The web server and the worker, until Ctrl-C; when one ends, so does the other."""
    binaries = Path(sys.executable).parent
    environment = {**os.environ, "SITE_URL": f"http://{HOST}:{port}"}
    commands = [
        [str(binaries / "gunicorn"), "ctg.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--log-level", "warning"],
        [sys.executable, "manage.py", "worker", "--verbosity", "0"],
    ]  # fmt: skip
    running = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) for command in commands
    ]

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ask_to_stop)
    print("Ctrl-C pour arrêter.", flush=True)
    try:
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(STOP_DELAY)
        except subprocess.TimeoutExpired:
            process.kill()
