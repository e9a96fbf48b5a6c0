from django.urls import path

from committees import views

app_name = "committees"
urlpatterns = [
    path("", views.CommitteesHome.as_view(), name="home"),
    path("habituelles/", views.StandardCommittees.as_view(), name="standard"),
    path("ajouter/", views.CommitteeCreate.as_view(), name="committee_create"),
    path("<int:pk>/", views.CommitteeView.as_view(), name="committee"),
    path("<int:pk>/modifier/", views.CommitteeUpdate.as_view(), name="committee_update"),
    path("<int:pk>/membre/", views.MemberCreate.as_view(), name="member_create"),
    path("membres/<int:pk>/retirer/", views.MemberDelete.as_view(), name="member_delete"),
    path("reunions/ajouter/", views.MeetingCreate.as_view(), name="meeting_create"),
    path("reunions/<int:pk>/", views.MeetingView.as_view(), name="meeting"),
    path("reunions/<int:pk>/modifier/", views.MeetingUpdate.as_view(), name="meeting_update"),
    path("reunions/<int:pk>/textes/", views.PreparationView.as_view(), name="preparation"),
    path("reunions/<int:pk>/etat/", views.MeetingState.as_view(), name="meeting_state"),
    path("reunions/<int:pk>/point/", views.AgendaItemCreate.as_view(), name="item_create"),
    path("reunions/<int:pk>/proposer/", views.ProposalCreate.as_view(), name="item_propose"),
    path("reunions/<int:pk>/presences/", views.AttendanceView.as_view(), name="attendance"),
    path("reunions/<int:pk>/inscrire/", views.InviteMembers.as_view(), name="invite"),
    path("points/<int:pk>/modifier/", views.AgendaItemUpdate.as_view(), name="item_update"),
    path("points/<int:pk>/retirer/", views.AgendaItemDelete.as_view(), name="item_delete"),
    path("points/<int:pk>/geste/", views.AgendaItemAct.as_view(), name="item_act"),
    path("points/<int:pk>/arbitrage/", views.ArbitrationView.as_view(), name="arbitration"),
    path("decisions/", views.DecisionsView.as_view(), name="decisions"),
    path("decisions/ajouter/", views.DecisionCreate.as_view(), name="decision_create"),
    path("decisions/<int:pk>/modifier/", views.DecisionUpdate.as_view(), name="decision_update"),
]
