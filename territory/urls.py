from django.urls import path

from territory.views import (
    challenges,
    compare,
    diagnoses,
    figures,
    findings,
    home,
    offer,
    workshops,
)

app_name = "territory"
urlpatterns = [
    path("", home.DiagnosisHome.as_view(), name="home"),
    path("a-relier/", home.CoverageView.as_view(), name="coverage"),
    path("comparer/", compare.CompareView.as_view(), name="compare"),
    path("diagnostics/", diagnoses.DiagnosesView.as_view(), name="diagnoses"),
    path("diagnostics/ajouter/", diagnoses.DiagnosisCreate.as_view(), name="diagnosis_create"),
    path("diagnostics/<int:pk>/", diagnoses.DiagnosisView.as_view(), name="diagnosis"),
    path(
        "diagnostics/<int:pk>/modifier/",
        diagnoses.DiagnosisUpdate.as_view(),
        name="diagnosis_update",
    ),
    path(
        "diagnostics/<int:pk>/archiver/",
        diagnoses.DiagnosisArchive.as_view(),
        name="diagnosis_archive",
    ),
    path(
        "diagnostics/<int:pk>/remettre-en-cours/",
        diagnoses.DiagnosisRestore.as_view(),
        name="diagnosis_restore",
    ),
    path("diagnostics/<int:pk>/fichier/", diagnoses.DiagnosisFile.as_view(), name="diagnosis_file"),
    path("reprise/", diagnoses.TakeUpView.as_view(), name="take_up"),
    path("constats/", findings.AfomView.as_view(), name="afom"),
    path("constats/ajouter/", findings.FindingCreate.as_view(), name="finding_create"),
    path("constats/saisir/", findings.FindingsEntry.as_view(), name="findings_entry"),
    path("constats/<int:pk>/", findings.FindingView.as_view(), name="finding"),
    path("constats/<int:pk>/modifier/", findings.FindingUpdate.as_view(), name="finding_update"),
    path("constats/<int:pk>/archiver/", findings.FindingArchive.as_view(), name="finding_archive"),
    path("constats/<int:pk>/chiffre/", findings.EvidenceCreate.as_view(), name="evidence_create"),
    path(
        "constats/<int:pk>/fusionner/<int:other>/",
        challenges.FindingsMerge.as_view(),
        name="findings_merge",
    ),
    path("preuves/<int:pk>/relire/", findings.EvidenceReread.as_view(), name="evidence_reread"),
    path("preuves/<int:pk>/retirer/", findings.EvidenceDelete.as_view(), name="evidence_delete"),
    path("convergence/", challenges.ConvergenceView.as_view(), name="convergence"),
    path("enjeux/ajouter/", challenges.ChallengeCreate.as_view(), name="challenge_create"),
    path("enjeux/<int:pk>/", challenges.ChallengeView.as_view(), name="challenge"),
    path(
        "enjeux/<int:pk>/modifier/", challenges.ChallengeUpdate.as_view(), name="challenge_update"
    ),
    path(
        "enjeux/<int:pk>/archiver/", challenges.ChallengeArchive.as_view(), name="challenge_archive"
    ),
    path("ateliers/", workshops.WorkshopsView.as_view(), name="workshops"),
    path("ateliers/ajouter/", workshops.WorkshopCreate.as_view(), name="workshop_create"),
    path("ateliers/<int:pk>/", workshops.WorkshopView.as_view(), name="workshop"),
    path("ateliers/<int:pk>/modifier/", workshops.WorkshopUpdate.as_view(), name="workshop_update"),
    path(
        "ateliers/<int:pk>/supprimer/", workshops.WorkshopDelete.as_view(), name="workshop_delete"
    ),
    path("ateliers/<int:pk>/gommettes/", workshops.VotesView.as_view(), name="workshop_votes"),
    path("ateliers/<int:pk>/retenir/", workshops.ApplyView.as_view(), name="workshop_apply"),
    path("ateliers/<int:pk>/rouvrir/", workshops.ReopenView.as_view(), name="workshop_reopen"),
    path("ateliers/<int:pk>/cartes.pdf", workshops.CardsPdf.as_view(), name="workshop_cards"),
    path("ateliers/<int:pk>/feuille.pdf", workshops.SheetPdf.as_view(), name="workshop_sheet"),
    path("offre/", offer.OfferView.as_view(), name="offer"),
    path("offre/ajouter/", offer.FacilityCreate.as_view(), name="facility_create"),
    path("offre/<int:pk>/", offer.FacilityView.as_view(), name="facility"),
    path("offre/<int:pk>/modifier/", offer.FacilityUpdate.as_view(), name="facility_update"),
    path("offre/<int:pk>/capacites/", offer.CapacitiesView.as_view(), name="capacities"),
    path("offre/<int:pk>/supprimer/", offer.FacilityDelete.as_view(), name="facility_delete"),
    path("chiffres/", figures.FiguresView.as_view(), name="figures"),
    path("chiffres/ajouter/", figures.FigureCreate.as_view(), name="figure_create"),
    path("chiffres/<int:pk>/modifier/", figures.FigureUpdate.as_view(), name="figure_update"),
    path("chiffres/<int:pk>/supprimer/", figures.FigureDelete.as_view(), name="figure_delete"),
    path("chiffres/<int:pk>/fichier/", figures.FigureFile.as_view(), name="figure_file"),
]
