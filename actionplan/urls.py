from django.urls import path

from actionplan.views import (
    action,
    grids,
    levels,
    overviews,
    plan,
    plan_table,
    quick_entry,
    timeline,
)

app_name = "actionplan"
urlpatterns = [
    path("", plan.PlanView.as_view(), name="plan"),
    # the views of the plan, its order, quick entry
    path("table/", plan_table.TableView.as_view(), name="table"),
    path("table.xlsx", plan_table.TableFile.as_view(), name="table_file"),
    path("table/modifier/", plan_table.GroupedView.as_view(), name="grouped"),
    path("calendrier/", timeline.TimelineView.as_view(), name="timeline"),
    path("retards-et-blocages/", overviews.AttentionView.as_view(), name="attention"),
    path(
        "fiches/<int:pk>/remettre-en-ordre/",
        overviews.AttentionAct.as_view(),
        name="attention_act",
    ),
    path("par-pilote/", overviews.ByPilotView.as_view(), name="by_pilot"),
    path("par-theme/", overviews.ByThemeView.as_view(), name="by_theme"),
    path("par-financeur/", overviews.ByFunderView.as_view(), name="by_funder"),
    path("saisie/", quick_entry.QuickEntryView.as_view(), name="quick_entry"),
    path("ranger/", plan.ArrangeView.as_view(), name="arrange"),
    path("ranger/geste/", plan.ArrangeAct.as_view(), name="arrange_act"),
    path("fiches/<int:pk>/deplacer/", plan.PlaceView.as_view(), name="place"),
    # the sheet of an action
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
    path("objectifs/ajouter/", levels.ObjectiveCreate.as_view(), name="objective_create"),
    path("objectifs/<int:pk>/modifier/", levels.ObjectiveUpdate.as_view(), name="objective_update"),
    path(
        "objectifs/<int:pk>/supprimer/", levels.ObjectiveDelete.as_view(), name="objective_delete"
    ),
]
