from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Documents"

    def ready(self) -> None:
        # Importing a document registers it.
        from committees.services.deliveries import draw_documents_with
        from reports.documents import (  # noqa: F401
            bilan_annuel,
            budget,
            decisions,
            deck,
            diagnostic,
            dossier,
            plan,
            plan_papers,
            record,
            session_kit,
            two_pages,
        )
        from reports.services import file_as_sent

        draw_documents_with(file_as_sent)
