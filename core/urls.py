from django.urls import path

from core.views.gallery import gallery
from core.views.glossary import glossary
from core.views.health import health
from core.views.theme import set_theme

app_name = "core"

urlpatterns = [
    path("apparence/", set_theme, name="theme"),
    path("glossaire/", glossary, name="glossary"),
    path("sante/", health, name="health"),
    path("composants/", gallery, name="gallery"),
]
