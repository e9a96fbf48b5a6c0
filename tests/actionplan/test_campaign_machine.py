"""Whatever the order of the gestures: nobody is reminded more than was chosen, nor after having
answered; one door at most stays open to who has answered: none."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core import mail as django_mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionplan import campaign_queries as queries
from actionplan.models import CampaignLead, CampaignLink
from actionplan.services import campaigns, doors, news, reviews
from core.errors import DomainError
from tests.actionplan.campaign_factories import campaign, entry, in_days, lead_of, person
from tests.actionplan.factories import action as make_action

pytestmark = pytest.mark.django_db
NAMES = ("Un", "Deux")
GESTURES = (
    "remind",
    "mute",
    "unmute",
    "answer",
    "return",
    "close",
    "reopen",
    "revoke",
    "hand_over",
)
Gesture = st.tuples(st.sampled_from(GESTURES), st.sampled_from(NAMES), st.integers(0, 3))


def play(row, people, gesture: str, name: str, count: int) -> None:

    lead = lead_of(row, people[name])
    if gesture == "remind":
        everyone = {other.pk: count for other in CampaignLead.objects.filter(campaign=row)}
        campaigns.remind(row, actor=None, shown=everyone)
    elif gesture in ("mute", "unmute"):
        campaigns.mute(lead, actor=None, is_muted=gesture == "mute")
    elif gesture == "answer":
        answers = [a for a in queries.answers_of_lead(lead) if a.state in queries.AWAITED]
        news.send_answers(lead, [entry(answer) for answer in answers])
    elif gesture == "return":
        reviews.return_answers(queries.answers_of_lead(lead), actor=None, reason="Encore ?")
    elif gesture == "close":
        campaigns.close_campaign(row, actor=None)
    elif gesture == "reopen":
        campaigns.extend_campaign(row, actor=None, closes_on=in_days(20))
    elif gesture == "revoke":
        doors.revoke_links(lead, actor=None)
    else:
        doors.hand_over_link(lead, actor=None)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(limit=st.integers(0, 3), gestures=st.lists(Gesture, max_size=14))
def test_never_more_reminders_than_chosen_whatever_happens(agreement, limit, gestures) -> None:
    django_mail.outbox.clear()
    with transaction.atomic():
        people = {name: person(agreement, name) for name in NAMES}
        for contact in people.values():
            make_action(agreement, lead_contact=contact)
        row = campaign(
            agreement,
            dict.fromkeys(people.values(), CampaignLead.Channel.MAIL),
            max_reminders=limit,
        )
        for gesture, name, count in gestures:
            muted = set(
                CampaignLead.objects.filter(is_muted=True).values_list("contact__email", flat=True)
            )
            done = set(
                CampaignLead.objects.filter(sent_at__isnull=False).values_list(
                    "contact__email", flat=True
                )
            )
            before = len(django_mail.outbox)
            try:
                with transaction.atomic():
                    play(row, people, gesture, name, count)
            except DomainError:
                del django_mail.outbox[before:]
            if gesture == "remind":
                reached = {
                    message.to[0].split("<")[1][:-1] for message in django_mail.outbox[before:]
                }
                assert not reached & (muted | done)
        reminders = Counter(
            message.to[0]
            for message in django_mail.outbox
            if "pas encore vos nouvelles" in message.body
        )
        assert max(reminders.values(), default=0) <= limit
        for lead in CampaignLead.objects.filter(sent_at__isnull=False):
            assert not CampaignLink.objects.filter(lead=lead, link__revoked_at=None).exists()
        transaction.set_rollback(True)
