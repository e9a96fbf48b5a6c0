"""Django's PostgreSQL backend on the embedded server, started at the first connection."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from ctg.embedded_postgres import Cluster, EmbeddedPostgresError, ensure_running


def cluster_of(settings_dict: dict[str, Any]) -> Cluster:
    name = settings_dict.get("CLUSTER", "main")
    return Cluster(name, settings.VAR_DIR, volatile=name == "test")


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        cluster = cluster_of(self.settings_dict)
        try:
            ensure_running(cluster)
        except EmbeddedPostgresError as error:
            raise self.Database.OperationalError(str(error)) from error
        self.settings_dict.update(cluster.connection())
        return super().get_connection_params()
