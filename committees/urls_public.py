"""Pages without an account: answering an invitation by a personal link."""

from django.urls import path

from committees.views.answers import AnswerCalendarFile, AnswerView

urlpatterns = [
    path("reponse/<str:token>/", AnswerView.as_view(), name="answer_invitation"),
    path("reponse/<str:token>/reunion.ics", AnswerCalendarFile.as_view(), name="answer_calendar"),
]
