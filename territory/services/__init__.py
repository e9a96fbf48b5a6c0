"""Writes of the room, one module a subject; whoever writes imports them from here."""

from territory.services.challenges import (
    archive_challenge,
    create_challenge,
    group_findings,
    update_challenge,
)
from territory.services.diagnoses import (
    archive_diagnosis,
    create_diagnosis,
    reopen_diagnosis,
    take_up_diagnosis,
    update_diagnosis,
)
from territory.services.figures import (
    save_indicator_note,
    set_comparison,
    set_local_figure,
)
from territory.services.findings import (
    add_evidence,
    archive_finding,
    create_finding,
    create_findings,
    merge_findings,
    read_evidence_again,
    remove_evidence,
    update_finding,
)
from territory.services.offer import (
    create_facility,
    create_local_observation,
    remove_facility,
    remove_local_observation,
    set_capacity,
    update_facility,
    update_local_observation,
)
from territory.services.report import keep_old_figures, write_report_text
from territory.services.workshops import (
    apply_ranking,
    create_workshop,
    remove_workshop,
    reopen_workshop,
    set_votes,
    update_workshop,
)

__all__ = [
    "add_evidence",
    "apply_ranking",
    "archive_challenge",
    "archive_diagnosis",
    "archive_finding",
    "create_challenge",
    "create_diagnosis",
    "create_facility",
    "create_finding",
    "create_findings",
    "create_local_observation",
    "create_workshop",
    "group_findings",
    "keep_old_figures",
    "merge_findings",
    "read_evidence_again",
    "remove_evidence",
    "remove_facility",
    "remove_local_observation",
    "remove_workshop",
    "reopen_diagnosis",
    "reopen_workshop",
    "save_indicator_note",
    "set_capacity",
    "set_comparison",
    "set_local_figure",
    "set_votes",
    "take_up_diagnosis",
    "update_challenge",
    "update_diagnosis",
    "update_facility",
    "update_finding",
    "update_local_observation",
    "update_workshop",
    "write_report_text",
]
