from django.http import HttpResponse
from django.urls import path

app_name = "territory"
urlpatterns = [path("", lambda request, slug: HttpResponse("à écrire"), name="home")]
