from django.urls import path

from participation import views

app_name = "participation"
urlpatterns = [
    path("", views.ParticipationHome.as_view(), name="home"),
    path("ajouter/", views.ConsultationCreate.as_view(), name="create"),
    path("<int:pk>/modifier/", views.ConsultationUpdate.as_view(), name="update"),
    path("<int:pk>/supprimer/", views.ConsultationDelete.as_view(), name="delete"),
]
