"""One place for the addresses: each room has its own under ``/ctg/<slug>/``."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from agreements.views.home import HomeView

ROOMS = [
    path("", include("desk.urls")),
    path("diagnostic/", include("territory.urls")),
    path("plan/", include("actionplan.urls")),
    path("partenaires/", include("partners.urls")),
    path("instances/", include("committees.urls")),
    path("habitants/", include("participation.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("", include("reports.urls")),
    path("", include("agreements.urls")),
]

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("ctg/<slug:slug>/", include(ROOMS)),
    path("", include("agreements.urls_public")),
    path("", include("reports.urls_public")),
    path("", include("actionplan.urls_public")),
    path("", include("desk.urls_public")),
    path("", include("committees.urls_validation")),
    path("", include("committees.urls_public")),
    path("", include("core.urls")),
    path("compte/", include("allauth.urls")),
    path("administration/donnees/", include("opendata.urls")),
    path("administration/", admin.site.urls),
]

if settings.DEBUG:
    admin.site.site_header = "Fil rouge — développement"
