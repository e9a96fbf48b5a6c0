from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ctg.embedded_postgres import Cluster, EmbeddedPostgresError, ensure_running, is_alive, stop


class Command(BaseCommand):
    help = "Démarre, arrête ou décrit le PostgreSQL embarqué."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["start", "stop", "status"])
        parser.add_argument("--cluster", choices=["main", "test"], default="main")

    def handle(self, *, act: str, cluster: str, **options: Any) -> None:
        server = Cluster(cluster, settings.VAR_DIR, volatile=cluster == "test")
        try:
            if act == "start":
                ensure_running(server)
            elif act == "stop":
                done = stop(server)
                self.stdout.write("Serveur arrêté." if done else "Aucun serveur ne tournait.")
                return
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error
        if is_alive(server):
            self.stdout.write(f"Serveur en marche sur le port {server.port} ({server.home}).")
        else:
            self.stdout.write("Serveur arrêté.")
