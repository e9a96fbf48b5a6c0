from django.urls import path

from reports.views.brief_shared import SharedBriefFile, SharedBriefView
from reports.views.documents import SharedDocumentView

urlpatterns = [
    path("trois-minutes/<str:token>/", SharedBriefView.as_view(), name="shared_brief"),
    path("trois-minutes/<str:token>/page.pdf", SharedBriefFile.as_view(), name="shared_brief_file"),
    path("lien/<str:token>/", SharedDocumentView.as_view(), name="shared_document"),
    path("lien/<str:token>/fichier.<slug:fmt>", SharedDocumentView.as_view(), name="shared_file"),
]
