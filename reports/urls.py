from django.urls import path

from reports.views import arbitration, decisions, documents, plan, report, themes, thread

app_name = "reports"
urlpatterns = [
    path("documents/", documents.DocumentsView.as_view(), name="documents"),
    path("documents/produire/<slug:identifier>/", documents.ProduceView.as_view(), name="produce"),
    path("documents/<int:pk>/", documents.SnapshotView.as_view(), name="snapshot"),
    path(
        "documents/<int:pk>/fichier.<slug:fmt>", documents.DownloadView.as_view(), name="download"
    ),
    path("documents/<int:pk>/etat/", documents.TransitionView.as_view(), name="transition"),
    path("documents/<int:pk>/partager/", documents.ShareView.as_view(), name="share"),
    path(
        "documents/liens/<int:pk>/retirer/",
        documents.RevokeLinkView.as_view(),
        name="link_revoke",
    ),
    path("plan/imprimer/", plan.PlanPrepareView.as_view(), name="plan_prepare"),
    # The red thread: it reads every room, and stands under the plan.
    path("plan/fil-rouge/", thread.ThreadView.as_view(), name="thread"),
    path(
        "plan/fil-rouge/relier/<slug:lack>/<int:pk>/", thread.JoinView.as_view(), name="thread_join"
    ),
    path("plan/fil-rouge/<slug:kind>/<int:pk>/", thread.ThreadOfView.as_view(), name="thread_of"),
    path(
        "instances/points/<int:pk>/arbitrage.<slug:fmt>",
        arbitration.ArbitrationFile.as_view(),
        name="arbitration_file",
    ),
    path(
        "instances/decisions/registre.<slug:fmt>",
        decisions.DecisionsFile.as_view(),
        name="decisions_file",
    ),
    # Pages of the diagnosis that read other rooms too: they belong here, above them.
    path("diagnostic/themes/", themes.ThemesView.as_view(), name="themes"),
    path("diagnostic/themes/<int:pk>/", themes.ThemeView.as_view(), name="theme"),
    path("diagnostic/themes/<int:pk>/texte/", report.ThemeTextView.as_view(), name="theme_text"),
    path("diagnostic/rapport/", report.PrepareView.as_view(), name="prepare"),
    path("diagnostic/rapport/anciens/", report.OldFiguresView.as_view(), name="old_figures"),
    path(
        "diagnostic/rapport/textes/<slug:section>/",
        report.SectionTextView.as_view(),
        name="section_text",
    ),
]
