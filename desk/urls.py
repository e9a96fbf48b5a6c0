from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.WeekView.as_view(), name="week"),
    path("reporter/", views.PostponeView.as_view(), name="postpone"),
    path("echeances/", views.DeadlineList.as_view(), name="deadlines"),
    path("echeances/usage/", views.UsualDeadlines.as_view(), name="deadlines_usual"),
    path("echeances/nouvelle/", views.DeadlineCreate.as_view(), name="deadline_create"),
    path("echeances/<int:pk>/modifier/", views.DeadlineUpdate.as_view(), name="deadline_update"),
    path("echeances/<int:pk>/supprimer/", views.DeadlineDelete.as_view(), name="deadline_delete"),
]
