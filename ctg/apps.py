from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "ctg"
    verbose_name = "Projet"
