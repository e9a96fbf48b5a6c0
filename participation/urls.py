from django.http import HttpResponse
from django.urls import path

app_name = "participation"
urlpatterns = [path("", lambda request, slug: HttpResponse("à écrire"), name="home")]
