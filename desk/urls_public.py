"""Read without an account: a calendar, by a personal address."""

from django.urls import path

from desk.calendar.views.feed import FeedView

urlpatterns = [path("calendrier/<str:token>.ics", FeedView.as_view(), name="calendar_feed")]
