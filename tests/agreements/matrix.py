"""Who may open what: one row for each address of the project, written by hand.

``get`` and ``post`` say who passes: a capability (or several, any of which is enough, separated
by « | »), ``OPEN`` (everybody), ``SIGNED_IN``, ``STAFF``, or None when the method does not exist.
``CAPABILITIES`` repeats by hand what ``agreements/roles.py`` says, so that a slip in the table
of roles fails a test rather than moving what is expected.
"""

from __future__ import annotations

from dataclasses import dataclass, field

OPEN, SIGNED_IN, STAFF = "open", "signed in", "staff"

ALL = "coordinator direction elected caf partner reader"

CAPABILITIES: dict[str, str] = {
    "agreement.view": ALL,
    "agreement.change": "coordinator direction",
    "members.manage": "coordinator direction",
    "journal.view": "coordinator direction",
    "mail.view": "coordinator direction",
    "diagnosis.view": ALL,
    "diagnosis.change": "coordinator",
    "figures.add": "coordinator caf",
    "partners.view": "coordinator direction elected caf",
    "partners.change": "coordinator",
    "money.view": "coordinator direction elected caf",
    "plan.view": ALL,
    "plan.change": "coordinator",
    "plan.change_own": "coordinator partner",
    "committees.view": ALL,
    "committees.change": "coordinator",
    "agenda.propose": "coordinator caf",
    "participation.view": ALL,
    "participation.change": "coordinator",
    "evaluation.view": "coordinator direction elected caf",
    "evaluation.change": "coordinator",
    "desk.view": "coordinator",
    "documents.view": ALL,
    "documents.produce": "coordinator direction",
    "documents.read_mark": "caf",
    "documents.approve": "direction",
    "documents.send": "coordinator direction",
    "internal.view": "coordinator direction",
}


@dataclass(frozen=True)
class Row:
    name: str
    get: str | None = None
    post: str | None = None
    object: str = ""
    allowed_get: int = 200
    """The status of GET for whoever passes: 302 for an address that only leads elsewhere."""
    refused: str = ""
    """Roles that have the capability and are refused by a rule on this object."""
    in_agreement: bool = field(default=True)


MATRIX: list[Row] = [
    # --- outside any agreement
    Row("home", get=SIGNED_IN, allowed_get=302, in_agreement=False),
    Row("agreements_list", get=SIGNED_IN, in_agreement=False),
    Row("agreements_create", get=STAFF, post=STAFF, in_agreement=False),
    Row("invitation", get=OPEN, post=OPEN, object="invitation_token", in_agreement=False),
    Row("core:theme", post=OPEN, in_agreement=False),
    Row("core:glossary", get=OPEN, in_agreement=False),
    Row("core:gallery", get=STAFF, in_agreement=False),
    Row("core:health", get=OPEN, in_agreement=False),
    # --- the agreement
    Row("agreements:home", get="agreement.view", allowed_get=302),
    Row("agreements:identity", get="agreement.view"),
    Row("agreements:identity_edit", get="agreement.change", post="agreement.change"),
    Row("agreements:logo", get="agreement.view", object="logo"),
    Row("agreements:signatory_add", get="agreement.change", post="agreement.change"),
    Row(
        "agreements:signatory_edit",
        get="agreement.change",
        post="agreement.change",
        object="signatory",
    ),
    Row(
        "agreements:signatory_delete",
        get="agreement.change",
        post="agreement.change",
        object="signatory",
    ),
    Row("agreements:amendment_add", get="agreement.change", post="agreement.change"),
    Row(
        "agreements:amendment_edit",
        get="agreement.change",
        post="agreement.change",
        object="amendment",
    ),
    Row(
        "agreements:amendment_delete",
        get="agreement.change",
        post="agreement.change",
        object="amendment",
    ),
    Row("agreements:annex_add", get="agreement.change", post="agreement.change"),
    Row("agreements:annex", get="agreement.view", object="annex"),
    Row("agreements:annex_delete", get="agreement.change", post="agreement.change", object="annex"),
    Row("agreements:themes", get="agreement.view"),
    Row("agreements:theme_add", get="agreement.change", post="agreement.change"),
    Row("agreements:theme_edit", get="agreement.change", post="agreement.change", object="theme"),
    Row("agreements:theme_move", post="agreement.change", object="theme"),
    Row("agreements:competences", get="agreement.view"),
    Row("agreements:competence_add", get="agreement.change", post="agreement.change"),
    Row(
        "agreements:competence_edit",
        get="agreement.change",
        post="agreement.change",
        object="competence",
    ),
    Row(
        "agreements:competence_delete",
        get="agreement.change",
        post="agreement.change",
        object="competence",
    ),
    Row("agreements:members", get="members.manage"),
    Row("agreements:member_invite", get="members.manage", post="members.manage"),
    Row("agreements:member_edit", get="members.manage", post="members.manage", object="member"),
    Row("agreements:member_close", get="members.manage", post="members.manage", object="member"),
    Row("agreements:member_reopen", post="members.manage", object="closed_member"),
    Row("agreements:invitation_revoke", post="members.manage", object="invitation"),
    Row("agreements:journal", get="journal.view"),
    Row("agreements:journal_export", get="journal.view", object="csv"),
    Row("agreements:mails", get="mail.view"),
    Row("agreements:mail", get="mail.view", object="mail"),
    Row("agreements:mail_eml", get="mail.view", object="mail"),
    Row("agreements:mail_mark_sent", post="mail.view", object="mail"),
    Row("agreements:mail_send", post="mail.view", object="mail"),
    Row("agreements:job", get="agreement.view", object="job"),
    # --- the desk
    Row("desk:week", get="desk.view"),
    Row("desk:postpone", post="desk.view"),
    Row("desk:deadlines", get="desk.view"),
    Row("desk:deadline_create", get="desk.view", post="desk.view"),
    Row("desk:deadline_update", get="desk.view", post="desk.view", object="deadline"),
    Row("desk:deadline_delete", get="desk.view", post="desk.view", object="deadline"),
    # --- the committees
    Row("committees:home", get="committees.view"),
    Row("committees:standard", post="committees.change"),
    Row("committees:committee_create", get="committees.change", post="committees.change"),
    Row("committees:committee", get="committees.view", object="committees.committee"),
    Row(
        "committees:committee_update",
        get="committees.change",
        post="committees.change",
        object="committees.committee",
    ),
    Row(
        "committees:committee_delete",
        get="committees.change",
        post="committees.change",
        object="committees.committee",
    ),
    Row(
        "committees:member_create",
        get="committees.change",
        post="committees.change",
        object="committees.committee",
    ),
    Row(
        "committees:member_update",
        get="committees.change",
        post="committees.change",
        object="committees.committeemember",
    ),
    Row(
        "committees:member_delete",
        get="committees.change",
        post="committees.change",
        object="committees.committeemember",
    ),
    Row("committees:meeting_create", get="committees.change", post="committees.change"),
    Row("committees:meeting", get="committees.view", object="committees.meeting"),
    Row(
        "committees:meeting_update",
        get="committees.change",
        post="committees.change",
        object="committees.meeting",
    ),
    Row(
        "committees:meeting_delete",
        get="committees.change",
        post="committees.change",
        object="committees.meeting",
    ),
    Row(
        "committees:meeting_texts",
        get="committees.change",
        post="committees.change",
        object="committees.meeting",
    ),
    Row("committees:meeting_state", post="committees.change", object="committees.meeting"),
    Row(
        "committees:attendance",
        get="committees.change",
        post="committees.change",
        object="committees.meeting",
    ),
    Row("committees:invite", post="committees.change", object="committees.meeting"),
    Row(
        "committees:attendee_create",
        get="committees.change",
        post="committees.change",
        object="committees.meeting",
    ),
    Row(
        "committees:attendee_delete",
        get="committees.change",
        post="committees.change",
        object="committees.attendance",
    ),
    Row(
        "committees:item_create",
        get="committees.change",
        post="committees.change",
        object="committees.meeting",
    ),
    Row(
        "committees:item_propose",
        get="agenda.propose",
        post="agenda.propose",
        object="committees.meeting",
    ),
    Row(
        "committees:item_update",
        get="committees.change",
        post="committees.change",
        object="committees.agendaitem",
    ),
    Row(
        "committees:item_delete",
        get="committees.change",
        post="committees.change",
        object="committees.agendaitem",
    ),
    Row("committees:item_move", post="committees.change", object="committees.agendaitem"),
    Row("committees:item_accept", post="committees.change", object="committees.agendaitem"),
    Row(
        "committees:item_decline",
        get="committees.change",
        post="committees.change",
        object="committees.agendaitem",
    ),
    Row(
        "committees:arbitration",
        get="committees.change",
        post="committees.change",
        object="committees.agendaitem",
    ),
    Row(
        "committees:arbitration_delete",
        get="committees.change",
        post="committees.change",
        object="item_to_arbitrate",
    ),
    Row("committees:decisions", get="committees.view"),
    Row("committees:decision_create", get="committees.change", post="committees.change"),
    Row(
        "committees:decision_follow_up",
        get="committees.change",
        post="committees.change",
        object="committees.decision",
    ),
    Row(
        "committees:decision_update",
        get="committees.change",
        post="committees.change",
        object="committees.decision",
    ),
    # --- the evaluation
    Row("evaluation:home", get="evaluation.view"),
    Row("evaluation:open", get="evaluation.change", post="evaluation.change"),
    Row("evaluation:question_create", get="evaluation.change", post="evaluation.change"),
    Row(
        "evaluation:question_update",
        get="evaluation.change",
        post="evaluation.change",
        object="question",
    ),
    Row("evaluation:values", get="evaluation.change", post="evaluation.change", object="campaign"),
    Row(
        "evaluation:questions", get="evaluation.change", post="evaluation.change", object="campaign"
    ),
    Row("evaluation:gaps", get="evaluation.change", post="evaluation.change", object="campaign"),
    Row("evaluation:texts", get="evaluation.change", post="evaluation.change", object="campaign"),
    Row("evaluation:close", get="evaluation.change", post="evaluation.change", object="campaign"),
    Row("evaluation:reopen", get="evaluation.change", post="evaluation.change", object="campaign"),
]
