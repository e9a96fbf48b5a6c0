from django.http import HttpResponse
from django.urls import path

app_name = "committees"
urlpatterns = [path("", lambda request, slug: HttpResponse("à écrire"), name="home")]
