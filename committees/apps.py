from django.apps import AppConfig


class CommitteesConfig(AppConfig):
    name = "committees"
    verbose_name = "Instances"

    def ready(self) -> None:
        from committees.services.record_doors import PATH
        from core.mail import has_personal_links

        has_personal_links(PATH)
