"""Pages without an account: the chair of a meeting validates its record by a personal link."""

from django.urls import path

from committees.views.record_door import RecordLinkView

urlpatterns = [path("valider-releve/<str:token>/", RecordLinkView.as_view(), name="record_link")]
