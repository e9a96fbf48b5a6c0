from django.urls import path

from desk import views
from desk.calendar.views import deadlines, feed, pages

app_name = "desk"
urlpatterns = [
    path("semaine/", views.WeekView.as_view(), name="week"),
    path("semaine/reporter/", views.PostponeView.as_view(), name="postpone"),
    path("calendrier/", pages.MonthView.as_view(), name="calendar"),
    path("calendrier/<int:year>/<int:month>/", pages.MonthView.as_view(), name="calendar_month"),
    path("calendrier/liste/", pages.ListView.as_view(), name="calendar_list"),
    path("calendrier/dates.ics", pages.CalendarFile.as_view(), name="calendar_file"),
    path("calendrier/abonnement/", feed.SubscribeView.as_view(), name="subscribe"),
    path("calendrier/echeances/", deadlines.DeadlineList.as_view(), name="deadlines"),
    path("calendrier/echeances/usage/", deadlines.UsualDeadlines.as_view(), name="deadlines_usual"),
    path(
        "calendrier/echeances/nouvelle/", deadlines.DeadlineCreate.as_view(), name="deadline_create"
    ),
    path(
        "calendrier/echeances/<int:pk>/modifier/",
        deadlines.DeadlineUpdate.as_view(),
        name="deadline_update",
    ),
    path(
        "calendrier/echeances/<int:pk>/faite/",
        deadlines.DeadlineTick.as_view(),
        name="deadline_tick",
    ),
    path(
        "calendrier/echeances/<int:pk>/supprimer/",
        deadlines.DeadlineDelete.as_view(),
        name="deadline_delete",
    ),
]
