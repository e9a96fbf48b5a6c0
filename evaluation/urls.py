from django.urls import path

from evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("", views.EvaluationHome.as_view(), name="home"),
    path("ouvrir/", views.OpenYear.as_view(), name="open"),
    path("questions/nouvelle/", views.QuestionCreate.as_view(), name="question_create"),
    path("questions/<int:pk>/modifier/", views.QuestionUpdate.as_view(), name="question_update"),
    path("<int:year>/valeurs/", views.ValuesView.as_view(), name="values"),
    path("<int:year>/questions/", views.AnswersView.as_view(), name="questions"),
    path("<int:year>/ecarts/", views.GapsView.as_view(), name="gaps"),
    path("<int:year>/textes/", views.TextsView.as_view(), name="texts"),
    path("<int:year>/clore/", views.CloseYear.as_view(), name="close"),
    path("<int:year>/rouvrir/", views.ReopenYear.as_view(), name="reopen"),
]
