"""Pages without an account: giving news of one's actions by a personal link."""

from django.urls import path

from actionplan.views.news import NewsView

urlpatterns = [path("nouvelles/<str:token>/", NewsView.as_view(), name="news")]
