from django.urls import path

from actionplan.models import Objective
from actionplan.views import action, grids, levels, plan, workbook

app_name = "actionplan"
urlpatterns = [
    path("", plan.PlanView.as_view(), name="plan"),
    path("table/", plan.TableView.as_view(), name="table"),
    path("fiches/ajouter/", action.ActionCreate.as_view(), name="create"),
    path("fiches/<int:pk>/", action.ActionView.as_view(), name="action"),
    path("fiches/<int:pk>/modifier/", action.ActionUpdate.as_view(), name="update"),
    path("fiches/<int:pk>/statut/", action.StatusUpdate.as_view(), name="status"),
    path("fiches/<int:pk>/note/", action.NoteCreate.as_view(), name="note_create"),
    path("fiches/<int:pk>/archiver/", action.ActionArchive.as_view(), name="archive"),
    path("fiches/<int:pk>/geste/", action.ActionAct.as_view(), name="act"),
    path("fiches/<int:pk>/fiche.pdf", action.ActionPdf.as_view(), name="action_pdf"),
    path("fiches/<int:pk>/etapes/", grids.StepsView.as_view(), name="steps"),
    path("fiches/<int:pk>/budget/", grids.BudgetView.as_view(), name="budget"),
    path("fiches/<int:pk>/financements/", grids.FundingView.as_view(), name="funding"),
    path("fiches/<int:pk>/partenaires/", grids.PartnersView.as_view(), name="partners"),
    path("fiches/<int:pk>/mesure/", grids.MeasureCreate.as_view(), name="measure_create"),
    path("mesures/<int:pk>/modifier/", grids.MeasureUpdate.as_view(), name="measure_update"),
    path("mesures/<int:pk>/supprimer/", grids.MeasureDelete.as_view(), name="measure_delete"),
    path("orientations/ajouter/", levels.OrientationCreate.as_view(), name="orientation_create"),
    path(
        "orientations/<int:pk>/modifier/",
        levels.OrientationUpdate.as_view(),
        name="orientation_update",
    ),
    path(
        "orientations/<int:pk>/supprimer/",
        levels.OrientationDelete.as_view(),
        name="orientation_delete",
    ),
    path("orientations/<int:pk>/deplacer/", levels.LevelMove.as_view(), name="orientation_move"),
    path("objectifs/ajouter/", levels.ObjectiveCreate.as_view(), name="objective_create"),
    path("objectifs/<int:pk>/modifier/", levels.ObjectiveUpdate.as_view(), name="objective_update"),
    path(
        "objectifs/<int:pk>/supprimer/", levels.ObjectiveDelete.as_view(), name="objective_delete"
    ),
    path(
        "objectifs/<int:pk>/deplacer/",
        levels.LevelMove.as_view(model=Objective),
        name="objective_move",
    ),
    # Excel
    path("excel/", workbook.WorkbookView.as_view(), name="workbook"),
    path("excel/plan.xlsx", workbook.WorkbookExport.as_view(), name="workbook_export"),
    path("excel/importer/", workbook.WorkbookImport.as_view(), name="workbook_import"),
    path(
        "excel/importer-mes-actions/",
        workbook.OwnWorkbookImport.as_view(),
        name="workbook_import_own",
    ),
]
