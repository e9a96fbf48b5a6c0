from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("", views.PartnersHome.as_view(), name="home"),
    path("ajouter/", views.OrganisationCreate.as_view(), name="organisation_create"),
    path("<int:pk>/", views.OrganisationView.as_view(), name="organisation"),
    path("<int:pk>/modifier/", views.OrganisationUpdate.as_view(), name="organisation_update"),
    path("<int:pk>/archiver/", views.OrganisationArchive.as_view(), name="organisation_archive"),
    path("<int:pk>/personne/", views.ContactCreate.as_view(), name="contact_create"),
    path("personnes/", views.ContactsView.as_view(), name="contacts"),
    path("personnes/<int:pk>/modifier/", views.ContactUpdate.as_view(), name="contact_update"),
    path("personnes/<int:pk>/archiver/", views.ContactArchive.as_view(), name="contact_archive"),
    path("personnes/<int:pk>/effacer/", views.ContactErase.as_view(), name="contact_erase"),
    path("personnes/<int:pk>/fonction/", views.PositionCreate.as_view(), name="position_create"),
    path("fonctions/<int:pk>/terminer/", views.PositionEnd.as_view(), name="position_end"),
    path("contrats/", views.ContractsView.as_view(), name="contracts"),
    path("contrats/ajouter/", views.ContractCreate.as_view(), name="contract_create"),
    path("contrats/<int:pk>/modifier/", views.ContractUpdate.as_view(), name="contract_update"),
    path("contrats/<int:pk>/montants/", views.AmountsView.as_view(), name="contract_amounts"),
    path("contrats/<int:pk>/supprimer/", views.ContractDelete.as_view(), name="contract_delete"),
]
