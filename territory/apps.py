from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "territory"
    verbose_name = "Diagnostic"

    def ready(self) -> None:
        from agreements.services.agreement import PRELOADS
        from territory import offer_sheets  # noqa: F401  (declares what it imports)
        from territory.facility_types import preload_facility_types

        PRELOADS.append(preload_facility_types)
