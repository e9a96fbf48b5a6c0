from django.urls import path

from actionplan.views import (
    action,
    campaigns,
    grids,
    levels,
    measures,
    notes,
    overviews,
    parts,
    plan,
    plan_table,
    quick_entry,
    reviews,
    scheme,
    timeline,
    variants,
    versions,
    workbook,
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
    path("fiches/<int:pk>/note/", notes.NoteCreate.as_view(), name="note_create"),
    path("fiches/<int:pk>/archiver/", action.ActionArchive.as_view(), name="archive"),
    path("fiches/<int:pk>/geste/", action.ActionAct.as_view(), name="act"),
    path("fiches/<int:pk>/fiche.pdf", action.ActionPdf.as_view(), name="action_pdf"),
    path("fiches/<int:pk>/fiche.docx", action.ActionPdf.as_view(fmt="docx"), name="action_docx"),
    path("fiches/<int:pk>/etapes/", grids.StepsView.as_view(), name="steps"),
    path("fiches/<int:pk>/budget/", grids.BudgetView.as_view(), name="budget"),
    path("fiches/<int:pk>/financements/", grids.FundingView.as_view(), name="funding"),
    path("fiches/<int:pk>/partenaires/", grids.PartnersView.as_view(), name="partners"),
    path("fiches/<int:pk>/mesure/", measures.MeasureCreate.as_view(), name="measure_create"),
    path("mesures/<int:pk>/modifier/", measures.MeasureUpdate.as_view(), name="measure_update"),
    path("mesures/<int:pk>/supprimer/", measures.MeasureDelete.as_view(), name="measure_delete"),
    # --- the sheet of an action
    path("mesures/<int:pk>/", measures.MeasureView.as_view(), name="measure"),
    path("mesures/<int:pk>/reprendre/", measures.MeasureTakeUp.as_view(), name="measure_take_up"),
    path("notes/<int:pk>/modifier/", notes.NoteUpdate.as_view(), name="note_update"),
    path("notes/<int:pk>/retirer/", notes.NoteDelete.as_view(), name="note_delete"),
    path("fiches/<int:pk>/meteo/", notes.WeatherCreate.as_view(), name="weather"),
    path("meteo/<int:pk>/retirer/", notes.WeatherDelete.as_view(), name="weather_delete"),
    path("etapes/<int:pk>/geste/", parts.StepAct.as_view(), name="step_act"),
    path("fiches/<int:pk>/pieces/", parts.AttachmentCreate.as_view(), name="attachment_create"),
    path("pieces/<int:pk>/", parts.AttachmentDownload.as_view(), name="attachment"),
    path("pieces/<int:pk>/modifier/", parts.AttachmentUpdate.as_view(), name="attachment_update"),
    path("pieces/<int:pk>/retirer/", parts.AttachmentDelete.as_view(), name="attachment_delete"),
    path("fiches/<int:pk>/financements/estimer/", parts.EstimateView.as_view(), name="estimate"),
    path("fiches/<int:pk>/retablir/", parts.ActionRestore.as_view(), name="restore"),
    path("archives/", parts.ArchivedView.as_view(), name="archived"),
    # --- the levels
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
    # --- Asking for news
    path("nouvelles/", campaigns.CampaignsView.as_view(), name="campaigns"),
    path("nouvelles/demander/", campaigns.CampaignCreate.as_view(), name="campaign_create"),
    path("nouvelles/<int:pk>/", campaigns.CampaignView.as_view(), name="campaign"),
    path(
        "nouvelles/<int:pk>/modifier/", campaigns.CampaignUpdate.as_view(), name="campaign_update"
    ),
    path(
        "nouvelles/<int:pk>/supprimer/", campaigns.CampaignDelete.as_view(), name="campaign_delete"
    ),
    path("nouvelles/<int:pk>/envoyer/", campaigns.CampaignSend.as_view(), name="campaign_send"),
    path("nouvelles/<int:pk>/terminer/", campaigns.CampaignClose.as_view(), name="campaign_close"),
    path(
        "nouvelles/<int:pk>/prolonger/", campaigns.CampaignExtend.as_view(), name="campaign_extend"
    ),
    path("nouvelles/<int:pk>/ajouter/", campaigns.AddLeads.as_view(), name="campaign_add_leads"),
    path("nouvelles/<int:pk>/relancer/", campaigns.RemindView.as_view(), name="campaign_remind"),
    path("nouvelles/<int:pk>/publipostage/", campaigns.MergeView.as_view(), name="campaign_merge"),
    path("nouvelles/<int:pk>/reponses/", reviews.ReviewView.as_view(), name="campaign_review"),
    path("nouvelles/<int:pk>/renvoyer/", reviews.ReturnView.as_view(), name="campaign_return"),
    path("nouvelles/pilotes/<int:pk>/lien/", campaigns.LeadLink.as_view(), name="lead_link"),
    path("nouvelles/pilotes/<int:pk>/geste/", campaigns.LeadAct.as_view(), name="lead_act"),
    path("nouvelles/pilotes/<int:pk>/saisir/", reviews.TypeView.as_view(), name="lead_type"),
    path(
        "nouvelles/pilotes/<int:pk>/classeur/",
        reviews.ImportSheetView.as_view(),
        name="lead_import",
    ),
    path(
        "nouvelles/pilotes/<int:pk>/fiche.<slug:fmt>",
        reviews.LeadSheet.as_view(),
        name="lead_sheet",
    ),
    path("nouvelles/reponses/<int:pk>/", reviews.AmendView.as_view(), name="answer_amend"),
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
