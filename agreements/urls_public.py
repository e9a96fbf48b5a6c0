"""Addresses outside any agreement."""

from django.urls import path

from agreements.views import home

urlpatterns = [
    path("ctg/", home.AgreementListPage.as_view(), name="agreements_list"),
]
