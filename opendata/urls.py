from django.urls import path

from opendata.views import describe, imports, rates

app_name = "opendata"

urlpatterns = [
    path("", imports.HomeView.as_view(), name="home"),
    path("charger/", imports.UploadView.as_view(), name="upload"),
    path("fichiers/<int:pk>/", imports.FileView.as_view(), name="file"),
    path("fichiers/<int:pk>/reponse/", imports.AnswerView.as_view(), name="file_answer"),
    path("fichiers/<int:pk>/joindre/", imports.JoinView.as_view(), name="file_join"),
    path("fichiers/<int:pk>/colonnes/", describe.DescribeView.as_view(), name="file_describe"),
    path("fichiers/<int:pk>/verifier/", imports.CheckAgainView.as_view(), name="file_check"),
    path("fichiers/<int:pk>/appliquer/", imports.ApplyView.as_view(), name="file_apply"),
    path("fichiers/<int:pk>/retirer/", imports.DiscardView.as_view(), name="file_discard"),
    path("versions/<int:pk>/", imports.VersionView.as_view(), name="version"),
    path("versions/<int:pk>/annuler/", imports.UndoView.as_view(), name="version_undo"),
    path("baremes/", rates.RatesView.as_view(), name="rates"),
    path("baremes/ajouter/", rates.RateCreateView.as_view(), name="rate_create"),
    path("baremes/<int:pk>/modifier/", rates.RateEditView.as_view(), name="rate_edit"),
    path("baremes/<int:pk>/supprimer/", rates.RateDeleteView.as_view(), name="rate_delete"),
    path("baremes/<int:year>/reprendre/", rates.RatesCopyView.as_view(), name="rates_copy"),
]
