"""Asking for news: who is asked, what leaves, who is reminded, what dies when."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from actionplan import campaign_queries as queries
from actionplan import services as plan
from actionplan.models import (
    Action,
    ActionStatus,
    Campaign,
    CampaignLead,
    CampaignLink,
    NewsAnswer,
)
from actionplan.services import campaigns, doors, news, reviews
from agreements.models import JournalEntry, Role
from core import mail
from core.errors import DomainError
from core.formats import date_long
from core.models import OutgoingMail
from partners.services import archive_contact, erase_contact, update_contact
from tests.actionplan.campaign_factories import (
    campaign,
    entry,
    in_days,
    lead_of,
    person,
    token_of,
)
from tests.actionplan.factories import action as make_action

pytestmark = pytest.mark.django_db
S, Channel = ActionStatus, CampaignLead.Channel


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock of the services: « 2026-12-07T22:59:59 », in UTC."""

    def set_to(moment: str) -> None:
        fixed = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: fixed)

    return set_to


# --- Who is asked ---------------------------------------------------------------------------
def test_person_with_several_actions_is_proposed_once(agreement) -> None:
    claire, other = person(agreement), person(agreement, "Roux")
    make_action(agreement, lead_contact=claire)
    make_action(agreement, lead_contact=claire, status=S.PLANNED)
    make_action(agreement, lead_contact=other, status=S.DONE)
    (proposed,) = queries.proposals(agreement).people
    assert (proposed.contact, len(proposed.actions)) == (claire, 2)


def test_actions_nobody_answers_for_are_said(agreement) -> None:
    gone = person(agreement, "Partie")
    alone = make_action(agreement)
    archived = make_action(agreement, lead_contact=gone)
    archive_contact(gone, actor=None)
    found = queries.proposals(agreement)
    assert found.people == []
    assert {row.pk for row in found.without_person} == {alone.pk, archived.pk}


def test_person_without_address_may_only_have_a_paper_sheet(agreement) -> None:
    claire = person(agreement, email="")
    make_action(agreement, lead_contact=claire)
    (proposed,) = queries.proposals(agreement).people
    assert [value for value, _ in proposed.channels] == ["paper"]
    with pytest.raises(DomainError, match="adresse électronique"):
        campaign(agreement, {claire: Channel.MAIL})
    row = campaign(agreement, {claire: Channel.PAPER})
    assert (django_mail.outbox, CampaignLink.objects.count()) == ([], 0)
    assert lead_of(row).asked_at is not None


@pytest.mark.parametrize("days", [-1, 366])
def test_closing_date_is_ahead_and_within_a_year(agreement, days) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    with pytest.raises(DomainError) as refusal:
        campaign(agreement, {claire: Channel.MAIL}, closes_on=in_days(days))
    assert refusal.value.field == "closes_on"


# --- What leaves ----------------------------------------------------------------------------
def test_one_message_a_person_with_all_their_actions_and_no_link_kept(agreement, settings) -> None:
    settings.SITE_URL = "https://ctg.exemple.fr"
    claire = person(agreement)
    for title in ("Ludothèque", "Café des parents"):
        make_action(agreement, title=title, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL})
    (message,) = django_mail.outbox
    assert message.to == ['"Claire Martin" <martin@exemple.org>']
    assert "Ludothèque" in message.body
    assert "Café des parents" in message.body
    assert "https://ctg.exemple.fr/nouvelles/" in message.body
    assert date_long(row.closes_on) in message.body

    kept = OutgoingMail.objects.get()
    assert kept.state == OutgoingMail.State.SENT
    assert "/nouvelles/" not in kept.body
    assert mail.REMOVED in kept.body
    link = CampaignLink.objects.get(lead__campaign=row).link
    assert link.token_hash not in message.body
    token = message.body.split("/nouvelles/")[1].split("/")[0]
    assert len(token) >= 40
    assert token not in str(list(JournalEntry.objects.values()))


def test_campaign_leaves_once_even_if_asked_twice(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL})
    with pytest.raises(DomainError, match="déjà partie"):
        campaigns.open_campaign(row, actor=None)
    assert len(django_mail.outbox) == 1


def test_title_on_two_lines_does_not_forge_a_header(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    campaign(agreement, {claire: Channel.MAIL}, title="Avant\nBcc: tous@exemple.org")
    (message,) = django_mail.outbox
    assert "\n" not in message.subject
    assert message.bcc == []


def test_message_to_send_oneself_is_a_draft_with_its_link_until_it_has_left(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    campaign(agreement, {claire: Channel.OWN_MAIL})
    draft = OutgoingMail.objects.get()
    assert (draft.state, django_mail.outbox) == (OutgoingMail.State.DRAFT, [])
    assert "/nouvelles/" in draft.body
    assert "/nouvelles/" not in mail.mark_sent(draft).body


def test_refused_message_waits_for_a_decision(agreement, monkeypatch) -> None:
    def refuse(self: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"inconnu")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL})
    (follow,) = queries.progress(row).rows
    assert "adresse" in follow.to_decide
    assert queries.reminders(row).will == []


def test_after_a_refused_address_one_writes_again_to_the_right_one(agreement, monkeypatch) -> None:
    def refuse(self: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"inconnu")})

    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        row = campaign(agreement, {claire: Channel.MAIL})
    update_contact(claire, actor=None, email="juste@exemple.org")
    assert campaigns.write_again(lead_of(row), actor=None).state == OutgoingMail.State.SENT
    (message,) = django_mail.outbox
    assert "juste@exemple.org" in message.to[0]
    assert lead_of(row).reminders_sent == 0
    with pytest.raises(DomainError, match="pas été refusé"):
        campaigns.write_again(lead_of(row), actor=None)


def test_person_whose_address_went_since_is_asked_on_paper(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL}, sent=False)
    update_contact(claire, actor=None, email="")
    campaigns.open_campaign(row, actor=None)
    assert lead_of(row).channel == Channel.PAPER
    assert django_mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_worker_killed_while_mailing_sends_each_message_once_or_says_it_does_not_know(
    agreement, settings, monkeypatch
) -> None:
    """The process dies in the middle of handing the second message over; another one goes on."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    people = [person(agreement, name) for name in ("Un", "Deux", "Trois")]
    for contact in people:
        make_action(agreement, lead_contact=contact)
    row = campaign(agreement, dict.fromkeys(people, Channel.MAIL))
    sent: list[str] = []
    truly_send = EmailMessage.send

    def die(self: EmailMessage) -> None:
        if len(sent) == 1 and "mort" not in sent:
            sent.append("mort")
            raise SystemExit
        sent.append(self.to[0])
        truly_send(self)

    monkeypatch.setattr(EmailMessage, "send", die)
    waiting = list(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True))
    with pytest.raises(SystemExit):
        any(mail.send_one.call(pk) for pk in waiting)
    OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING).update(
        sent_at=timezone.now() - timedelta(hours=1)
    )
    call_command("worker", batch=True, startup_delay=False, interval=0, verbosity=0)

    states = OutgoingMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sent", "unknown", "sent"]
    assert len(django_mail.outbox) == len({message.to[0] for message in django_mail.outbox}) == 2
    follow = {str(r.lead): r for r in queries.progress(row).rows}
    assert "reçu" in follow["Claire Deux"].to_decide
    assert follow["Claire Un"].to_decide == ""
    assert [str(lead) for lead, _ in queries.reminders(row).wont] == ["Claire Deux"]


# --- Doors ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("closes_on", "last", "first_after"),
    [
        # Paris: summer time ended on 25 October 2026, begins on 28 March 2027.
        (date(2026, 12, 7), "2026-12-07T22:59:59", "2026-12-07T23:00:01"),
        (date(2027, 3, 28), "2027-03-28T21:59:59", "2027-03-28T22:00:01"),
        (date(2027, 3, 27), "2027-03-27T22:59:59", "2027-03-27T23:00:01"),
        (date(2027, 10, 31), "2027-10-31T22:59:59", "2027-10-31T23:00:01"),
    ],
)
def test_link_dies_at_midnight_in_paris_summer_time_or_not(
    agreement, clock, closes_on, last, first_after
) -> None:
    clock("2026-11-23T09:00:00")
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL}, closes_on=closes_on)
    token = token_of(lead_of(row))
    for moment, is_open in ((last, True), (first_after, False)):
        clock(moment)
        door = news.find_door(token)
        assert door is not None
        assert (news.door_problem(door) == "") is is_open


def test_sending_closes_every_door_and_the_messages_that_wait(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.OWN_MAIL})
    lead = lead_of(row)
    tokens = [token_of(lead), token_of(lead)]
    (answer,) = queries.answers_of_lead(lead)
    news.send_answers(lead, [entry(answer, progress=60)])
    for token in tokens:
        assert "merci" in news.door_problem(news.find_door(token))
    draft = OutgoingMail.objects.get()
    assert draft.state == OutgoingMail.State.FAILED
    assert "/nouvelles/" not in draft.body
    with pytest.raises(DomainError, match="déjà"):
        news.send_answers(lead, [entry(answer, progress=70)])


def test_revoked_link_opens_nothing_and_another_may_be_made(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    lead = lead_of(campaign(agreement, {claire: Channel.MAIL}))
    token = token_of(lead)
    doors.revoke_links(lead, actor=None)
    assert "retiré" in news.door_problem(news.find_door(token))
    assert news.door_problem(news.find_door(token_of(lead))) == ""


def test_extending_lets_the_links_already_given_live_on_and_reopens(agreement, clock) -> None:
    clock("2026-11-23T09:00:00")
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL})
    token = token_of(lead_of(row))
    campaigns.close_campaign(row, actor=None)
    assert "terminée" in news.door_problem(news.find_door(token))
    clock("2026-12-20T10:00:00")
    campaigns.extend_campaign(row, actor=None, closes_on=date(2027, 1, 8))
    assert news.door_problem(news.find_door(token)) == ""
    clock("2027-01-08T23:00:01")
    assert news.door_problem(news.find_door(token)) != ""


# --- Reminders ------------------------------------------------------------------------------
def test_reminder_goes_to_those_who_have_not_answered_and_stops_at_the_number_chosen(
    agreement,
) -> None:
    claire, luc, rest = person(agreement), person(agreement, "Luc"), person(agreement, "Repos")
    for contact in (claire, luc, rest):
        make_action(agreement, lead_contact=contact)
    row = campaign(agreement, dict.fromkeys((claire, luc, rest), Channel.MAIL))
    answered, silent, muted = (lead_of(row, c) for c in (claire, luc, rest))
    (answer,) = queries.answers_of_lead(answered)
    news.send_answers(answered, [entry(answer)])
    campaigns.mute(muted, actor=None, is_muted=True)
    django_mail.outbox.clear()

    shown = {answered.pk: 0, silent.pk: 0, muted.pk: 0}
    assert campaigns.remind(row, actor=None, shown=shown) == [silent]
    assert campaigns.remind(row, actor=None, shown=shown) == []  # the same page, sent twice
    assert campaigns.remind(row, actor=None, shown={silent.pk: 1}) == []  # the limit
    assert [message.to for message in django_mail.outbox] == [['"Claire Luc" <luc@exemple.org>']]
    told = {lead.pk: why for lead, why in queries.reminders(row).wont}
    assert "maximum" in told[silent.pk]
    assert "ne plus relancer" in told[muted.pk]


def test_campaign_without_reminder_reminds_nobody(agreement) -> None:
    claire = person(agreement)
    make_action(agreement, lead_contact=claire)
    row = campaign(agreement, {claire: Channel.MAIL}, max_reminders=0)
    assert campaigns.remind(row, actor=None, shown={lead_of(row).pk: 0}) == []


def test_delays_are_told_by_person_and_by_their_median(agreement) -> None:
    people = [person(agreement, name) for name in ("Un", "Deux", "Trois")]
    for contact in people:
        make_action(agreement, lead_contact=contact)
    row = campaign(agreement, dict.fromkeys(people, Channel.MAIL))
    asked = lead_of(row, people[0]).asked_at
    for contact, hours in zip(people[:2], (2, 100), strict=True):
        CampaignLead.objects.filter(contact=contact).update(sent_at=asked + timedelta(hours=hours))
    found = queries.progress(row)
    assert (found.answered, found.missing) == (2, 1)
    assert found.median_words == "2\u00a0jours"
    assert {r.delay_words for r in found.rows} == {"2\u00a0h", "4\u00a0jours", ""}


# --- Weighing -------------------------------------------------------------------------------
@pytest.fixture
def asked(agreement) -> tuple[Campaign, Action, CampaignLead]:
    claire = person(agreement)
    action = make_action(agreement, lead_contact=claire, progress=40, progress_note="Début.")
    measure = plan.create_measure(
        agreement, actor=None, action=action, label="Familles", unit="familles"
    )
    plan.set_measure_point(measure, actor=None, year=2026, value=Decimal(10))
    row = campaign(agreement, {claire: Channel.MAIL})
    return row, action, lead_of(row)


def send(lead: CampaignLead, **values: Any) -> NewsAnswer:
    (answer,) = queries.answers_of_lead(lead)
    measure = answer.action.measures.first()
    if "value" in values:
        values["figures"] = {measure.pk: values.pop("value")}
    news.send_answers(lead, [entry(answer, **values)])
    return queries.answers_of_lead(lead)[0]


def test_nothing_enters_the_plan_before_it_is_accepted(asked) -> None:
    _, action, lead = asked
    answer = send(lead, status=S.DONE, progress=100, value=Decimal("12.5"))
    action.refresh_from_db()
    assert action.status == S.IN_PROGRESS
    reviews.accept(answer, actor=None)
    action.refresh_from_db()
    assert (action.status, action.progress) == (S.DONE, 100)
    point = action.measures.get().points.get()
    assert point.value == Decimal("12.5")
    reason = "nouvelles de Claire Martin, campagne « Avant le COPIL »"
    assert point.history.latest().history_change_reason == reason
    assert action.history.latest().history_change_reason == reason


def test_field_the_lead_left_alone_keeps_what_the_plan_became(asked) -> None:
    _, action, lead = asked
    answer = send(lead, progress=60)
    plan.update_action(
        Action.objects.get(pk=action.pk), actor=None, progress_note="Écrit ailleurs."
    )
    (line, moved) = sorted(
        queries.review(queries.answers_of_lead(lead)[0]).lines, key=lambda r: r.key
    )
    assert (line.is_proposed, line.has_moved) == (True, False)
    assert (moved.is_proposed, moved.current) == (False, "Écrit ailleurs.")
    reviews.accept(answer, actor=None)
    action.refresh_from_db()
    assert (action.progress, action.progress_note) == (60, "Écrit ailleurs.")


def test_field_changed_on_both_sides_is_shown_with_its_three_values(asked) -> None:
    _, action, lead = asked
    send(lead, progress_note="Dit par Claire.")
    plan.update_action(
        Action.objects.get(pk=action.pk), actor=None, progress_note="Écrit ailleurs."
    )
    (line,) = queries.review(queries.answers_of_lead(lead)[0]).lines
    assert line.is_both
    assert (line.asked, line.current, line.proposed) == (
        "Début.",
        "Écrit ailleurs.",
        "Dit par Claire.",
    )


def test_what_moved_before_the_lead_looked_is_no_conflict(asked) -> None:
    _, action, lead = asked
    plan.update_action(Action.objects.get(pk=action.pk), actor=None, progress=50)
    send(lead, progress=60)
    (line,) = queries.review(queries.answers_of_lead(lead)[0]).lines
    assert (line.current, line.proposed, line.has_moved) == ("50\u00a0%", "60\u00a0%", False)


def test_empty_figure_takes_nothing_away(asked) -> None:
    _, action, lead = asked
    answer = send(lead, value=None)
    reviews.accept(answer, actor=None)
    assert action.measures.get().points.get().value == 10


def test_transition_no_longer_allowed_is_refused_beside_its_answer_and_keeps_no_other(
    agreement,
) -> None:
    claire = person(agreement)
    first, second = (make_action(agreement, lead_contact=claire) for _ in range(2))
    row = campaign(agreement, {claire: Channel.MAIL})
    lead = lead_of(row)
    answers = queries.answers_of_lead(lead)
    news.send_answers(lead, [entry(answer, status=S.DONE, progress=100) for answer in answers])
    plan.change_status(Action.objects.get(pk=first.pk), actor=None, status=S.PLANNED)
    accepted, refused = reviews.accept_many(queries.answers_of_lead(lead), actor=None)
    assert [answer.action_id for answer in accepted] == [second.pk]
    (sentence,) = refused.values()
    assert "ne passe pas directement" in sentence
    states = {a.action_id: a.state for a in queries.answers_of_lead(lead)}
    assert states == {first.pk: "to_review", second.pk: "accepted"}


def test_refused_figure_undoes_the_rest_of_its_answer(asked, monkeypatch) -> None:
    _, action, lead = asked
    answer = send(lead, progress=60, value=Decimal(12))

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise DomainError("Non.")

    monkeypatch.setattr(reviews, "set_measure_point", refuse)
    assert reviews.accept_many([answer], actor=None)[1] == {answer.pk: "Non."}
    action.refresh_from_db()
    assert action.progress == 40


def test_action_that_moved_under_the_reader_is_not_overwritten(asked) -> None:
    _, action, lead = asked
    answer = send(lead, progress=60)
    seen = Action.objects.get(pk=action.pk).version
    plan.update_action(Action.objects.get(pk=action.pk), actor=None, progress=55)
    with pytest.raises(DomainError, match="relisez"):
        reviews.accept(answer, actor=None, action_version=seen)
    assert Action.objects.get(pk=action.pk).progress == 55


def test_answer_decided_twice_is_refused_the_second_time(asked) -> None:
    _, _, lead = asked
    answer = send(lead, progress=60)
    reviews.accept(answer, actor=None)
    with pytest.raises(DomainError, match="déjà acceptée"):
        reviews.accept(answer, actor=None)


def test_amended_answer_enters_as_corrected_and_keeps_the_words_of_the_lead(asked) -> None:
    _, action, lead = asked
    answer = send(lead, progress=60, progress_note="Bof.")
    reviews.amend(answer, entry(answer, progress=55, progress_note="Bien."), actor=None)
    action.refresh_from_db()
    assert (action.progress, action.progress_note) == (55, "Bien.")
    notes = [row.progress_note for row in answer.history.all()]
    assert "Bof." in notes


def test_amending_towards_what_was_asked_is_a_choice_even_when_the_plan_moved(asked) -> None:
    _, action, lead = asked
    answer = send(lead, progress=60)
    plan.update_action(Action.objects.get(pk=action.pk), actor=None, progress=50)
    reviews.amend(answer, entry(answer, progress=40), actor=None)
    assert Action.objects.get(pk=action.pk).progress == 40


def test_returned_answer_opens_a_new_door_with_its_reason(asked) -> None:
    row, _, lead = asked
    old = token_of(lead)
    answer = send(lead, progress_note="Un mot.")
    django_mail.outbox.clear()
    assert reviews.return_answers([answer], actor=None, reason="Combien de familles ?") == []
    (message,) = django_mail.outbox
    assert "Combien de familles\u00a0?" in message.body
    new = message.body.split("/nouvelles/")[1].split("/")[0]
    assert news.door_problem(news.find_door(new)) == ""
    assert news.door_problem(news.find_door(old)) != ""
    (again,) = queries.answers_of_lead(lead)
    assert (again.state, again.progress_note) == ("returned", "Un mot.")
    fresh = lead_of(row)
    news.send_answers(fresh, [entry(again, progress_note="Douze familles.")])
    reviews.accept(queries.answers_of_lead(lead)[0], actor=None)
    assert Action.objects.get(pk=again.action_id).progress_note == "Douze familles."


def test_answer_is_not_returned_to_a_closed_page(asked) -> None:
    row, _, lead = asked
    answer = send(lead, progress=60)
    campaigns.close_campaign(row, actor=None)
    with pytest.raises(DomainError, match="pas en cours"):
        reviews.return_answers([answer], actor=None, reason="Précisez.")
    assert queries.answers_of_lead(lead)[0].state == "to_review"


def test_two_tabs_lose_nothing(asked) -> None:
    _, _, lead = asked
    (answer,) = queries.answers_of_lead(lead)
    opened = answer.version
    news.save_answers(lead, [entry(answer, progress_note="Premier onglet.")])
    (kept,) = queries.answers_of_lead(lead)
    with pytest.raises(news.StaleAnswers) as stale:
        news.save_answers(lead, [entry(kept, progress_note="Second onglet.", version=opened)])
    assert stale.value.answers[0].progress_note == "Premier onglet."
    news.save_answers(lead, [entry(kept, progress_note="Premier onglet.", version=opened)])


@pytest.mark.parametrize("act", [news.save_answers, news.send_answers])
def test_door_taken_away_meanwhile_keeps_nothing(asked, act) -> None:
    """The page was open, the link was revoked before the words arrived."""
    _, _, lead = asked
    door = news.find_door(token_of(lead))
    (answer,) = queries.answers_of_lead(lead)
    doors.revoke_links(lead, actor=None)
    with pytest.raises(DomainError, match="Ce lien a été retiré"):
        act(lead, [entry(answer, progress_note="Trop tard.")], through=door)
    assert queries.answers_of_lead(lead)[0].progress_note == ""


def test_person_archived_since_the_draft_is_not_written_to(agreement) -> None:
    claire, gone = person(agreement), person(agreement, "Durand")
    for contact in (claire, gone):
        make_action(agreement, lead_contact=contact)
    row = campaign(agreement, {claire: Channel.MAIL, gone: Channel.MAIL}, sent=False)
    archive_contact(gone, actor=None)
    campaigns.open_campaign(row, actor=None)
    assert [lead.contact for lead in row.leads.all()] == [claire]


def test_archived_action_is_neither_sent_nor_accepted(agreement) -> None:
    claire = person(agreement)
    gone, kept = (make_action(agreement, lead_contact=claire) for _ in range(2))
    lead = lead_of(campaign(agreement, {claire: Channel.MAIL}))
    answers = {a.action_id: a for a in queries.answers_of_lead(lead)}
    plan.archive_action(Action.objects.get(pk=gone.pk), actor=None)
    sent = news.send_answers(lead, [entry(answers[kept.pk], progress=60)])
    assert [answer.action_id for answer in sent] == [kept.pk]
    plan.archive_action(Action.objects.get(pk=kept.pk), actor=None)
    _, refused = reviews.accept_many(sent, actor=None)
    assert "archivée" in refused[sent[0].pk]


# --- A person erased ------------------------------------------------------------------------
def test_erased_person_leaves_their_answers_and_no_trace_of_their_name(asked) -> None:
    row, action, lead = asked
    token = token_of(lead)
    answer = send(lead, progress=60)
    reviews.accept(answer, actor=None)
    erase_contact(lead.contact, actor=None)
    (follow,) = queries.progress(row).rows
    assert str(follow.lead) == "Personne effacée"
    assert follow.answers[0].progress == 60
    assert news.door_problem(news.find_door(token)) != ""
    everything = [
        *JournalEntry.objects.values_list("sentence", "reason", "target_label", "changes"),
        *action.history.values_list("history_change_reason"),
        *OutgoingMail.objects.values_list("recipient", "recipient_name", "body"),
        *CampaignLink.objects.values_list("link__label"),
    ]
    assert "Martin" not in str(everything)
    assert "martin" not in str(everything)


def test_no_link_is_made_for_a_person_erased(asked) -> None:
    row, _, lead = asked
    erase_contact(lead.contact, actor=None)
    with pytest.raises(DomainError, match="effacée"):
        doors.hand_over_link(lead_of(row), actor=None)


@pytest.mark.django_db(transaction=True)
def test_draft_is_deleted_through_its_page(agreement, client_as) -> None:
    """In the transactions of a server, not within that of a test."""
    contact = person(agreement)
    make_action(agreement, lead_contact=contact)
    draft = campaign(agreement, {contact: Channel.MAIL}, sent=False)
    address = reverse("actionplan:campaign_delete", args=[agreement.slug, draft.pk])
    assert client_as(Role.COORDINATOR).post(address).status_code == 302
    assert not Campaign.objects.exists()
