from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "ctg"
    verbose_name = "Projet"

    def ready(self) -> None:
        from ctg import checks  # noqa: F401  (registers the checks)
