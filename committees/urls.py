from django.urls import path

from committees.views import agenda, committees, decisions, meetings

app_name = "committees"
urlpatterns = [
    path("", committees.CommitteesHome.as_view(), name="home"),
    path("habituelles/", committees.StandardCommittees.as_view(), name="standard"),
    path("ajouter/", committees.CommitteeCreate.as_view(), name="committee_create"),
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
    path("decisions/", decisions.DecisionsView.as_view(), name="decisions"),
    path("decisions/ajouter/", decisions.DecisionCreate.as_view(), name="decision_create"),
    path("decisions/<int:pk>/", decisions.DecisionFollowUp.as_view(), name="decision_follow_up"),
    path(
        "decisions/<int:pk>/corriger/", decisions.DecisionUpdate.as_view(), name="decision_update"
    ),
]
