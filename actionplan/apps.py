from django.apps import AppConfig


class ActionplanConfig(AppConfig):
    name = "actionplan"
    verbose_name = "Plan d'actions"

    def ready(self) -> None:
        from actionplan.sheets import kind  # noqa: F401  (declares what it imports)
