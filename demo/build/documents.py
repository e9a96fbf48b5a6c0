"""Documents already made, so that every role finds something to read."""

from __future__ import annotations

from accounts.services import find_user
from agreements.access import get_access
from agreements.models import DocumentState
from agreements.services import freeze, transition
from core.documents.declaration import registry
from demo.build.context import Example
from reports.documents.base import Document, Request

ACCOUNT_OF = {
    DocumentState.READ_BY_CAF: "caf@exemple.fr",
    DocumentState.APPROVED: "direction@exemple.fr",
}
# (document, what became of it)
MADE = [
    ("ctg-en-deux-pages", [DocumentState.APPROVED]),
    ("bilan-annuel", []),
    ("diagnostic", []),
    ("dossier-copil", [DocumentState.READ_BY_CAF]),
]


def build_documents(example: Example) -> None:
    meeting = example.extra["coming_copil"]
    for identifier, states in MADE:
        declaration = registry.get(identifier)
        assert isinstance(declaration, Document)
        request = Request(
            agreement=example.agreement, on=example.today, year=example.year,
            meeting_id=meeting.pk if declaration.needs_meeting else None,
        )  # fmt: skip
        content = declaration.content(request)
        snapshot = freeze(
            example.agreement, actor=example.actor, kind=identifier, title=content.title, content=content,
            audience=content.audience, year=example.year, subject_id=request.meeting_id,
            details=declaration.details(request),
            edition="provisional" if identifier == "bilan-annuel" else "",
        )  # fmt: skip
        for state in states:
            actor = find_user(ACCOUNT_OF[state])
            access = get_access(actor, example.agreement.slug)
            transition(snapshot, actor=actor, access=access, state=state, on=example.today)
