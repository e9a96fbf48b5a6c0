from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Documents"

    def ready(self) -> None:
        # Importing a document registers it.
        from reports.documents import (  # noqa: F401
            bilan_annuel,
            budget,
            decisions,
            diagnostic,
            dossier_copil,
            plan,
            plan_papers,
            record,
            two_pages,
        )
