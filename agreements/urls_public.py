"""Addresses outside any agreement."""

from django.urls import path

from agreements.views import home, public

urlpatterns = [
    path("ctg/", home.AgreementListPage.as_view(), name="agreements_list"),
    path("nouvelle-convention/", public.AgreementCreateView.as_view(), name="agreements_create"),
    path("invitation/<str:token>/", public.InvitationView.as_view(), name="invitation"),
]
