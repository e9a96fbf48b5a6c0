from django.urls import path

from agreements.views import (
    home,
    identity,
    import_options,
    imports,
    jobs,
    journal,
    lists,
    members,
    messages,
)

app_name = "agreements"
urlpatterns = [
    path("", home.AgreementHomeView.as_view(), name="home"),
    path("convention/", identity.IdentityView.as_view(), name="identity"),
    path("convention/modifier/", identity.IdentityUpdateView.as_view(), name="identity_edit"),
    path("convention/logo/<slug:which>/", identity.LogoView.as_view(), name="logo"),
    path(
        "convention/signataires/ajouter/",
        identity.SignatoryCreateView.as_view(),
        name="signatory_add",
    ),
    path(
        "convention/signataires/<int:pk>/modifier/",
        identity.SignatoryUpdateView.as_view(),
        name="signatory_edit",
    ),
    path(
        "convention/signataires/<int:pk>/retirer/",
        identity.SignatoryDeleteView.as_view(),
        name="signatory_delete",
    ),
    path(
        "convention/avenants/ajouter/", identity.AmendmentCreateView.as_view(), name="amendment_add"
    ),
    path(
        "convention/avenants/<int:pk>/modifier/",
        identity.AmendmentUpdateView.as_view(),
        name="amendment_edit",
    ),
    path(
        "convention/avenants/<int:pk>/supprimer/",
        identity.AmendmentDeleteView.as_view(),
        name="amendment_delete",
    ),
    path("convention/annexes/ajouter/", identity.AnnexCreateView.as_view(), name="annex_add"),
    path("convention/annexes/<int:pk>/", identity.AnnexDownloadView.as_view(), name="annex"),
    path(
        "convention/annexes/<int:pk>/supprimer/",
        identity.AnnexDeleteView.as_view(),
        name="annex_delete",
    ),
    path("convention/themes/", lists.ThemesView.as_view(), name="themes"),
    path("convention/themes/ajouter/", lists.ThemeCreateView.as_view(), name="theme_add"),
    path(
        "convention/themes/<int:pk>/modifier/", lists.ThemeUpdateView.as_view(), name="theme_edit"
    ),
    path("convention/themes/<int:pk>/deplacer/", lists.ThemeMoveView.as_view(), name="theme_move"),
    path("convention/competences/", lists.CompetencesView.as_view(), name="competences"),
    path(
        "convention/competences/ajouter/",
        lists.CompetenceCreateView.as_view(),
        name="competence_add",
    ),
    path(
        "convention/competences/<int:pk>/modifier/",
        lists.CompetenceUpdateView.as_view(),
        name="competence_edit",
    ),
    path(
        "convention/competences/<int:pk>/supprimer/",
        lists.CompetenceDeleteView.as_view(),
        name="competence_delete",
    ),
    path("convention/membres/", members.MembersView.as_view(), name="members"),
    path("convention/membres/inviter/", members.InviteView.as_view(), name="member_invite"),
    path(
        "convention/membres/<int:pk>/modifier/",
        members.MemberUpdateView.as_view(),
        name="member_edit",
    ),
    path(
        "convention/membres/<int:pk>/fermer/",
        members.MemberCloseView.as_view(),
        name="member_close",
    ),
    path(
        "convention/membres/<int:pk>/rouvrir/",
        members.MemberReopenView.as_view(),
        name="member_reopen",
    ),
    path(
        "convention/invitations/<int:pk>/retirer/",
        members.InvitationRevokeView.as_view(),
        name="invitation_revoke",
    ),
    path("convention/journal/", journal.JournalView.as_view(), name="journal"),
    path(
        "convention/journal/export.<slug:format>",
        journal.JournalExportView.as_view(),
        name="journal_export",
    ),
    path("convention/messages/", messages.MailsView.as_view(), name="mails"),
    path("convention/messages/<int:pk>/", messages.MailView.as_view(), name="mail"),
    path(
        "convention/messages/<int:pk>/message.eml", messages.MailEmlView.as_view(), name="mail_eml"
    ),
    path(
        "convention/messages/<int:pk>/marquer-envoye/",
        messages.MailMarkSentView.as_view(),
        name="mail_mark_sent",
    ),
    path(
        "convention/messages/<int:pk>/envoyer/", messages.MailSendView.as_view(), name="mail_send"
    ),
    # Workbooks that come in
    path("imports/", imports.ImportsView.as_view(), name="imports"),
    path("imports/<int:pk>/", imports.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/colonnes/", imports.ImportColumnsView.as_view(), name="import_columns"),
    path("imports/<int:pk>/annuler/", imports.ImportUndoView.as_view(), name="import_undo"),
    path(
        "imports/<int:pk>/reponses/",
        import_options.ImportOptionsView.as_view(),
        name="import_options",
    ),
    path(
        "imports/<int:pk>/abandonner/",
        imports.ImportSetAsideView.as_view(),
        name="import_set_aside",
    ),
    path(
        "imports/<int:pk>/a-corriger.xlsx",
        imports.ImportAnnotatedView.as_view(),
        name="import_annotated",
    ),
    path("taches/<int:pk>/", jobs.JobView.as_view(), name="job"),
]
