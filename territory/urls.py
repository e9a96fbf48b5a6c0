from django.urls import path

from territory.views import compare, compared, diagnosis, figures, grid, indicators, offer

app_name = "territory"
urlpatterns = [
    path("", diagnosis.DiagnosisHome.as_view(), name="home"),
    path("comparer/", compare.CompareView.as_view(), name="compare"),
    path("reprise/", diagnosis.TakeUpView.as_view(), name="take_up"),
    path("reprise/<int:pk>/", diagnosis.DiagnosisFile.as_view(), name="diagnosis_file"),
    path("constats/ajouter/", diagnosis.FindingCreate.as_view(), name="finding_create"),
    path("constats/<int:pk>/", diagnosis.FindingView.as_view(), name="finding"),
    path("constats/<int:pk>/modifier/", diagnosis.FindingUpdate.as_view(), name="finding_update"),
    path("constats/<int:pk>/archiver/", diagnosis.FindingArchive.as_view(), name="finding_archive"),
    path("constats/<int:pk>/chiffre/", diagnosis.EvidenceCreate.as_view(), name="evidence_create"),
    path("preuves/<int:pk>/retirer/", diagnosis.EvidenceDelete.as_view(), name="evidence_delete"),
    path("enjeux/ajouter/", diagnosis.ChallengeCreate.as_view(), name="challenge_create"),
    path("enjeux/<int:pk>/", diagnosis.ChallengeView.as_view(), name="challenge"),
    path("enjeux/<int:pk>/modifier/", diagnosis.ChallengeUpdate.as_view(), name="challenge_update"),
    path(
        "enjeux/<int:pk>/archiver/", diagnosis.ChallengeArchive.as_view(), name="challenge_archive"
    ),
    path("offre/", offer.OfferView.as_view(), name="offer"),
    path("offre/ajouter/", offer.FacilityCreate.as_view(), name="facility_create"),
    path("offre/<int:pk>/", offer.FacilityView.as_view(), name="facility"),
    path("offre/<int:pk>/modifier/", offer.FacilityUpdate.as_view(), name="facility_update"),
    path("offre/<int:pk>/capacites/", offer.CapacitiesView.as_view(), name="capacities"),
    path("offre/<int:pk>/supprimer/", offer.FacilityDelete.as_view(), name="facility_delete"),
    path("chiffres/", figures.FiguresView.as_view(), name="figures"),
    path("chiffres/grille/", grid.GridView.as_view(), name="figures_grid"),
    path("chiffres/coller/", grid.PasteView.as_view(), name="figures_paste"),
    path("chiffres/comparaison/", compared.ComparedView.as_view(), name="compared"),
    path("chiffres/indicateurs/", indicators.CatalogueView.as_view(), name="indicators"),
    path("chiffres/indicateurs/<slug:key>/", indicators.IndicatorView.as_view(), name="indicator"),
    path(
        "chiffres/indicateurs/<slug:key>/commenter/",
        indicators.NoteUpdate.as_view(),
        name="indicator_note",
    ),
    path(
        "chiffres/indicateurs/<slug:key>/<slug:fmt>/",
        indicators.IndicatorDownload.as_view(),
        name="indicator_download",
    ),
    path("chiffres/ajouter/", figures.FigureCreate.as_view(), name="figure_create"),
    path("chiffres/<int:pk>/modifier/", figures.FigureUpdate.as_view(), name="figure_update"),
    path("chiffres/<int:pk>/supprimer/", figures.FigureDelete.as_view(), name="figure_delete"),
    path("chiffres/<int:pk>/fichier/", figures.FigureFile.as_view(), name="figure_file"),
]
