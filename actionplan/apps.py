from django.apps import AppConfig


class ActionplanConfig(AppConfig):
    name = "actionplan"
    verbose_name = "Plan d'actions"

    def ready(self) -> None:
        from core.mail import has_personal_links

        has_personal_links("/nouvelles/")
        from actionplan.services.levels import check_depth
        from agreements.services.agreement import CHECKS

        CHECKS.append(check_depth)
