from django.apps import AppConfig


class ActionplanConfig(AppConfig):
    name = "actionplan"
    verbose_name = "Plan d'actions"

    def ready(self) -> None:
        from actionplan.services.levels import check_depth
        from actionplan.sheets import kind  # noqa: F401  (declares what it imports)
        from agreements.services.agreement import CHECKS
        from core.mail import has_personal_links

        has_personal_links("/nouvelles/")
        CHECKS.append(check_depth)
