from django.urls import path

from actionplan.models import Objective
from actionplan.views import action, grids, levels, plan, scheme, variants, versions

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
    # --- Plan signé, avenants, variantes de budget, schéma petite enfance
    path("versions/", versions.VersionsView.as_view(), name="versions"),
    path("versions/changements.<slug:fmt>", versions.ChangesFile.as_view(), name="versions_file"),
    path("versions/figer/", versions.FreezeView.as_view(), name="version_freeze"),
    path("versions/avenant/", versions.AmendmentCreate.as_view(), name="amendment_create"),
    path("versions/<int:pk>/", versions.VersionView.as_view(), name="version"),
    path(
        "versions/<int:pk>/modifier/", versions.AmendmentUpdate.as_view(), name="amendment_update"
    ),
    path("versions/<int:pk>/figer/", versions.AmendmentFreeze.as_view(), name="amendment_freeze"),
    path(
        "versions/<int:pk>/abandonner/",
        versions.AmendmentAbandon.as_view(),
        name="amendment_abandon",
    ),
    path(
        "versions/<int:pk>/projet-d-avenant.<slug:fmt>",
        versions.AmendmentFile.as_view(),
        name="amendment_file",
    ),
    path("variantes/", variants.VariantsView.as_view(), name="variants"),
    path("variantes/ajouter/", variants.VariantCreate.as_view(), name="variant_create"),
    path("variantes/comparer.<slug:fmt>", variants.VariantsFile.as_view(), name="variants_file"),
    path("variantes/<int:pk>/modifier/", variants.VariantUpdate.as_view(), name="variant_update"),
    path("variantes/<int:pk>/montants/", variants.VariantGrid.as_view(), name="variant_grid"),
    path("variantes/<int:pk>/retenir/", variants.VariantChoose.as_view(), name="variant_choose"),
    path("variantes/<int:pk>/supprimer/", variants.VariantDelete.as_view(), name="variant_delete"),
    path("schema-petite-enfance/", scheme.SchemeView.as_view(), name="scheme"),
    path(
        "schema-petite-enfance/annexe.<slug:fmt>", scheme.SchemeFile.as_view(), name="scheme_file"
    ),
    path(
        "schema-petite-enfance/attendus/<slug:code>/",
        scheme.ItemUpdate.as_view(),
        name="scheme_item",
    ),
    path("schema-petite-enfance/actes/<slug:act>/", scheme.ActUpdate.as_view(), name="scheme_act"),
]
