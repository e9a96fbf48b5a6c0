from django.urls import path

from territory.views import compare, diagnosis, figures, money, needs, offer, offer_types

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
    path("offre/carte/", offer.OfferMap.as_view(), name="offer_map"),
    path("offre/fiches/", offer.OfferCards.as_view(), name="offer_cards"),
    path("offre/ajouter/", offer.FacilityCreate.as_view(), name="facility_create"),
    path("offre/<int:pk>/", offer.FacilityView.as_view(), name="facility"),
    path("offre/<int:pk>/modifier/", offer.FacilityUpdate.as_view(), name="facility_update"),
    path("offre/<int:pk>/capacites/", offer.CapacitiesView.as_view(), name="capacities"),
    path("offre/<int:pk>/activite/", offer.ActivitiesView.as_view(), name="activities"),
    path("offre/<int:pk>/supprimer/", offer.FacilityDelete.as_view(), name="facility_delete"),
    path("offre/types/", offer_types.FacilityTypesView.as_view(), name="facility_types"),
    path(
        "offre/types/ajouter/",
        offer_types.FacilityTypeCreate.as_view(),
        name="facility_type_create",
    ),
    path(
        "offre/types/<int:pk>/modifier/",
        offer_types.FacilityTypeUpdate.as_view(),
        name="facility_type_update",
    ),
    path(
        "offre/types/<int:pk>/deplacer/",
        offer_types.FacilityTypeMove.as_view(),
        name="facility_type_move",
    ),
    path(
        "offre/types/<int:pk>/supprimer/",
        offer_types.FacilityTypeDelete.as_view(),
        name="facility_type_delete",
    ),
    path("adequation/", needs.AdequacyView.as_view(), name="adequacy"),
    path("adequation/hypotheses/", needs.ProjectionEdit.as_view(), name="projection"),
    path(
        "adequation/hypotheses/<int:pk>/oublier/",
        needs.ProjectionReset.as_view(),
        name="projection_reset",
    ),
    path("adequation/zones/ajouter/", needs.AreaCreate.as_view(), name="area_create"),
    path("adequation/zones/<int:pk>/modifier/", needs.AreaUpdate.as_view(), name="area_update"),
    path("adequation/zones/<int:pk>/supprimer/", needs.AreaDelete.as_view(), name="area_delete"),
    path("argent-de-la-caf/", money.MoneyView.as_view(), name="money"),
    path("argent-de-la-caf/classeur/", money.MoneyWorkbook.as_view(), name="money_workbook"),
    path("chiffres/", figures.FiguresView.as_view(), name="figures"),
    path("chiffres/ajouter/", figures.FigureCreate.as_view(), name="figure_create"),
    path("chiffres/<int:pk>/modifier/", figures.FigureUpdate.as_view(), name="figure_update"),
    path("chiffres/<int:pk>/supprimer/", figures.FigureDelete.as_view(), name="figure_delete"),
    path("chiffres/<int:pk>/fichier/", figures.FigureFile.as_view(), name="figure_file"),
]
