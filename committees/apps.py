from django.apps import AppConfig


class CommitteesConfig(AppConfig):
    name = "committees"
    verbose_name = "Instances"

    def ready(self) -> None:
        from actionplan.versions.reasons import LINKERS
        from committees.panels import register_panels
        from committees.reason_links import decision_links
        from committees.services.record_doors import PATH
        from core.mail import has_personal_links

        register_panels()
        LINKERS.append(decision_links)
        has_personal_links(PATH)
