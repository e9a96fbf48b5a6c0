from django.urls import path

from agreements.views import home

app_name = "agreements"
urlpatterns = [
    path("", home.AgreementHomeView.as_view(), name="home"),
]
