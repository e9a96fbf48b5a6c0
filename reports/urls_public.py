from django.urls import path

from reports.views.documents import SharedDocumentView

urlpatterns = [
    path("lien/<str:token>/", SharedDocumentView.as_view(), name="shared_document"),
    path("lien/<str:token>/fichier.<slug:fmt>", SharedDocumentView.as_view(), name="shared_file"),
]
