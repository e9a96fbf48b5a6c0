from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.DocumentsView.as_view(), name="documents"),
    path("produire/<slug:identifier>/", views.ProduceView.as_view(), name="produce"),
    path("<int:pk>/", views.SnapshotView.as_view(), name="snapshot"),
    path("<int:pk>/fichier.<slug:fmt>", views.DownloadView.as_view(), name="download"),
    path("<int:pk>/etat/", views.TransitionView.as_view(), name="transition"),
    path("<int:pk>/partager/", views.ShareView.as_view(), name="share"),
    path("liens/<int:pk>/retirer/", views.RevokeLinkView.as_view(), name="link_revoke"),
]
