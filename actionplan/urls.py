from django.http import HttpResponse
from django.urls import path

app_name = "actionplan"
urlpatterns = [path("", lambda request, slug: HttpResponse("à écrire"), name="plan")]
