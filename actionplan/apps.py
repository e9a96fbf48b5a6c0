from django.apps import AppConfig


class ActionplanConfig(AppConfig):
    name = "actionplan"
    verbose_name = "Plan d'actions"

    def ready(self) -> None:
        from actionplan.services.levels import check_depth
        from agreements.services.agreement import CHECKS

        CHECKS.append(check_depth)
