from django.urls import path

from committees.views import agenda, committees, decisions, files, kinds, meetings, preparation

app_name = "committees"
urlpatterns = [
    path("", committees.CommitteesHome.as_view(), name="home"),
    path("habituelles/", committees.StandardCommittees.as_view(), name="standard"),
    path("ajouter/", committees.CommitteeCreate.as_view(), name="committee_create"),
    path("sortes/", kinds.KindsView.as_view(), name="kinds"),
    path("sortes/habituelles/", kinds.StandardKinds.as_view(), name="kinds_standard"),
    path("sortes/ajouter/", kinds.KindCreate.as_view(), name="kind_create"),
    path("sortes/<int:pk>/modifier/", kinds.KindUpdate.as_view(), name="kind_update"),
    path("sortes/<int:pk>/supprimer/", kinds.KindDelete.as_view(), name="kind_delete"),
    path("delais/", kinds.DelaysView.as_view(), name="delays"),
    path("<int:pk>/", committees.CommitteeView.as_view(), name="committee"),
    path("<int:pk>/modifier/", committees.CommitteeUpdate.as_view(), name="committee_update"),
    path("<int:pk>/supprimer/", committees.CommitteeDelete.as_view(), name="committee_delete"),
    path("<int:pk>/membre/", committees.MemberCreate.as_view(), name="member_create"),
    path("membres/<int:pk>/modifier/", committees.MemberUpdate.as_view(), name="member_update"),
    path("membres/<int:pk>/retirer/", committees.MemberDelete.as_view(), name="member_delete"),
    path("reunions/ajouter/", meetings.MeetingCreate.as_view(), name="meeting_create"),
    path("reunions/<int:pk>/", meetings.MeetingView.as_view(), name="meeting"),
    path("reunions/<int:pk>/modifier/", meetings.MeetingUpdate.as_view(), name="meeting_update"),
    path("reunions/<int:pk>/supprimer/", meetings.MeetingDelete.as_view(), name="meeting_delete"),
    path("reunions/<int:pk>/textes/", meetings.MeetingTexts.as_view(), name="meeting_texts"),
    path("reunions/<int:pk>/etat/", meetings.MeetingState.as_view(), name="meeting_state"),
    path("reunions/<int:pk>/presences/", meetings.AttendanceView.as_view(), name="attendance"),
    path("reunions/<int:pk>/inscrire/", meetings.InviteMembers.as_view(), name="invite"),
    path("reunions/<int:pk>/personne/", meetings.AttendeeCreate.as_view(), name="attendee_create"),
    path("presences/<int:pk>/retirer/", meetings.AttendeeDelete.as_view(), name="attendee_delete"),
    path("reunions/<int:pk>/point/", agenda.AgendaItemCreate.as_view(), name="item_create"),
    path("reunions/<int:pk>/proposer/", agenda.ProposalCreate.as_view(), name="item_propose"),
    # Preparation
    path("reunions/<int:pk>/retroplanning/", preparation.Prepare.as_view(), name="prepare"),
    path("reunions/<int:pk>/etape/", preparation.LineCreate.as_view(), name="line_create"),
    path("etapes/<int:pk>/cocher/", preparation.TickLine.as_view(), name="line_tick"),
    path("etapes/<int:pk>/modifier/", preparation.LineUpdate.as_view(), name="line_update"),
    path("etapes/<int:pk>/retirer/", preparation.LineDelete.as_view(), name="line_delete"),
    path("reunions/<int:pk>/propositions/", preparation.ProposalsView.as_view(), name="proposals"),
    path("reunions/<int:pk>/modele/", preparation.InsertModel.as_view(), name="insert_model"),
    path("reunions/<int:pk>/issues/", preparation.OutcomesView.as_view(), name="outcomes"),
    path("points/<int:pk>/options/", agenda.ArbitrationPage.as_view(), name="arbitration_page"),
    path("points/<int:pk>/modifier/", agenda.AgendaItemUpdate.as_view(), name="item_update"),
    path("points/<int:pk>/retirer/", agenda.AgendaItemDelete.as_view(), name="item_delete"),
    path("points/<int:pk>/deplacer/", agenda.AgendaItemMove.as_view(), name="item_move"),
    path("points/<int:pk>/retenir/", agenda.AgendaItemAccept.as_view(), name="item_accept"),
    path("points/<int:pk>/decliner/", agenda.AgendaItemDecline.as_view(), name="item_decline"),
    path("points/<int:pk>/arbitrage/", agenda.ArbitrationView.as_view(), name="arbitration"),
    path(
        "points/<int:pk>/arbitrage/supprimer/",
        agenda.ArbitrationDelete.as_view(),
        name="arbitration_delete",
    ),
    # Documents of a point
    path("points/<int:pk>/documents/", files.ItemFileCreate.as_view(), name="item_file_create"),
    path("points/documents/<int:pk>/", files.ItemFile.as_view(), name="item_file"),
    path(
        "points/documents/<int:pk>/modifier/",
        files.ItemFileUpdate.as_view(),
        name="item_file_update",
    ),
    path(
        "points/documents/<int:pk>/retirer/",
        files.ItemFileDelete.as_view(),
        name="item_file_delete",
    ),
    path("decisions/", decisions.DecisionsView.as_view(), name="decisions"),
    path("decisions/ajouter/", decisions.DecisionCreate.as_view(), name="decision_create"),
    path("decisions/<int:pk>/", decisions.DecisionFollowUp.as_view(), name="decision_follow_up"),
    path(
        "decisions/<int:pk>/corriger/", decisions.DecisionUpdate.as_view(), name="decision_update"
    ),
]
