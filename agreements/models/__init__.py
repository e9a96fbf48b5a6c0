"""The CTG itself, who takes part in it, and what every room hangs on it."""

from agreements.models.agreement import (
    Agreement,
    AgreementCommune,
    AgreementOwned,
    Amendment,
    Annex,
    Competence,
    PlanDepth,
    Signatory,
    Theme,
)
from agreements.models.attachment import Attachment
from agreements.models.imports import ColumnMemory, ImportRun
from agreements.models.journal import JournalEntry
from agreements.models.links import AccessLink, Invitation
from agreements.models.membership import Membership, Role
from agreements.models.snapshot import DocumentState, Snapshot, SnapshotFile, SnapshotTransition

__all__ = [
    "AccessLink",
    "Agreement",
    "AgreementCommune",
    "AgreementOwned",
    "Amendment",
    "Annex",
    "Attachment",
    "ColumnMemory",
    "Competence",
    "DocumentState",
    "ImportRun",
    "Invitation",
    "JournalEntry",
    "Membership",
    "PlanDepth",
    "Role",
    "Signatory",
    "Snapshot",
    "SnapshotFile",
    "SnapshotTransition",
    "Theme",
]
