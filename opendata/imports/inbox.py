"""Files handed over by an administrator: received, checked, answered, loaded, put away.

The work itself is the engine's, the same as the command's. What is kept of a file is its row and
its report; its bytes go as soon as nothing waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core import formats as fr
from core import jobs
from core.errors import DomainError
from opendata.imports.engine import Progress, UnknownTable, import_file
from opendata.imports.publication import Options
from opendata.imports.questions import Question
from opendata.imports.report import State as Outcome
from opendata.imports.tables import SHEET_SUFFIXES, TEXT_SUFFIXES
from opendata.models import ImportFile

State = ImportFile.State

REALM = "instance"
CHECK, APPLY = "opendata.check", "opendata.apply"
SUFFIXES = TEXT_SUFFIXES | SHEET_SUFFIXES | {".zip", ".geojson", ".json"}
WAITING = (State.RECEIVED, State.TO_DESCRIBE, State.ASKED, State.CHECKED)
"""States in which the bytes are still needed."""
KEPT = timedelta(days=30)
"""How long a file waits for a person."""
NOT_KEPT = "Ce fichier n'est plus gardé : remettez-le."


# --- Arrival ----------------------------------------------------------------------------------
def receive(
    uploads: Sequence[UploadedFile], *, actor: str, beside: ImportFile | None = None
) -> list[ImportFile]:
    """Keep files and ask for their check. Those handed over together may need one another.

    ``beside``: a file already received that these complete. Raises ``DomainError`` for a file that
    is too large, empty, or of a kind that holds no table; nothing is kept then.
    """
    for upload in uploads:
        _check_upload(upload)
    put_old_away()
    batch = beside.options["batch"] if beside else uuid4().hex
    with transaction.atomic():
        files = [_keep(upload, batch, actor) for upload in uploads]
        for row in [*files, *([beside] if beside else [])]:
            ask(row, CHECK, actor=actor)
    return files


def _check_upload(upload: UploadedFile) -> None:
    name, size = upload.name or "", upload.size or 0
    if Path(name).suffix.lower() not in SUFFIXES:
        raise DomainError(
            f"« {name} » n'est pas un tableau : donnez un fichier CSV, xlsx, ods, des contours"
            " GeoJSON, ou l'archive zip telle que le producteur la publie.",
            field="files",
        )
    if size == 0:
        raise DomainError(f"« {name} » est vide.", field="files")
    if size > settings.MAX_IMPORT_BYTES:
        raise DomainError(
            f"« {name} » pèse {megabytes(size)} ; la page reçoit des fichiers de"
            f" {megabytes(settings.MAX_IMPORT_BYTES)} au plus. Compressez-le en zip, ou confiez-le"
            " à la commande « import_data » sur le serveur.",
            field="files",
        )


def megabytes(size: int) -> str:
    return fr.with_unit(max(1, round(size / 1024 / 1024)), "Mo")


def _keep(upload: UploadedFile, batch: str, actor: str) -> ImportFile:
    """A batch has a folder of its own, where a file finds its dictionary under its own name."""
    row = ImportFile(
        name=(upload.name or "")[:250], received_by=actor[:200], options={"batch": batch}
    )
    row.file.save(f"{batch}/{upload.name}", upload, save=True)
    return row


def ask(row: ImportFile, kind: str, *, actor: str) -> None:
    """Ask the worker to check or to load a file."""
    if not row.file:
        raise DomainError(NOT_KEPT)
    verb = "Vérification" if kind == CHECK else "Chargement"
    if kind == CHECK:
        row.state, row.message = State.RECEIVED, ""
        row.save(update_fields=["state", "message"])
    job = jobs.start(
        realm=REALM,
        kind=kind,
        label=f"{verb} de « {row.name} »"[:200],
        parameters={"file": row.pk, "actor": actor},
        owner_label=actor[:200],
    )
    ImportFile.objects.filter(pk=row.pk).update(job=job)
    row.refresh_from_db()


# --- Check and load: what the jobs do ---------------------------------------------------------
def check(row: ImportFile, progress: Progress) -> None:
    """Read the whole file and keep what would happen, or what is to be asked."""
    row.report = {}
    if data := _data_of_dictionary(row):
        _settle(row, State.UNCHANGED, f"Dictionnaire de « {data} », lu avec lui.")
        return
    try:
        report = import_file(
            _path(row), name=row.name, dry_run=True, options=options_of(row),
            beside=_beside(row), progress=progress,
        )  # fmt: skip
    except UnknownTable as unknown:
        _settle(row, State.TO_DESCRIBE, unknown.message)
    except Question as question:
        row.options = {**row.options, "question": question.option}
        _settle(row, State.ASKED, question.message)
    except DomainError as refusal:
        _settle(row, State.REFUSED, refusal.message)
    else:
        row.report = report.as_json()
        row.version_id = report.version
        is_new = report.state == Outcome.CHECKED
        _settle(row, State.CHECKED if is_new else State.UNCHANGED, "")


def load(row: ImportFile, progress: Progress, *, actor: str) -> None:
    """Load a file that was checked. What is refused now changed since the check."""
    if row.state != State.CHECKED:
        return  # a second attempt of the same work
    try:
        report = import_file(
            _path(row), name=row.name, actor=actor, options=options_of(row),
            beside=_beside(row), progress=progress,
        )  # fmt: skip
    except DomainError as refusal:
        _settle(row, State.REFUSED, refusal.message)
        return
    row.report = report.as_json()
    row.version_id = report.version
    is_new = report.state == Outcome.APPLIED
    _settle(row, State.APPLIED if is_new else State.UNCHANGED, "")


def options_of(row: ImportFile) -> Options:
    given = row.options
    return Options(
        given.get("year"), bool(given.get("repair_codes")), bool(given.get("match_names"))
    )


def _path(row: ImportFile) -> Path:
    if not row.file or not Path(row.file.path).is_file():
        raise DomainError(NOT_KEPT)
    return Path(row.file.path)


def _batch(row: ImportFile) -> list[ImportFile]:
    return list(ImportFile.objects.filter(options__batch=row.options["batch"]).exclude(pk=row.pk))


def _beside(row: ImportFile) -> list[Path]:
    return [Path(other.file.path) for other in _batch(row) if other.file]


def _data_of_dictionary(row: ImportFile) -> str:
    """The name of the file that a ``meta_`` one describes, when both were handed over."""
    name = row.name.lower()
    if not name.startswith("meta_"):
        return ""
    wanted = name.removeprefix("meta_")
    return next((other.name for other in _batch(row) if other.name.lower() == wanted), "")


def _settle(row: ImportFile, state: ImportFile.State, message: str) -> None:
    row.state, row.message = state, message
    row.save(update_fields=["state", "message", "report", "version", "options"])
    if state not in WAITING:
        put_away(row)


# --- What a person says -----------------------------------------------------------------------
@transaction.atomic
def answer(
    row: ImportFile,
    *,
    actor: str,
    year: int | None = None,
    repair_codes: bool = False,
    match_names: bool = False,
) -> None:
    """Say what the file does not, and have it checked again. Only what was asked is kept."""
    row = _locked(row)
    if row.state != State.ASKED:
        raise DomainError("Rien n'est demandé pour ce fichier.")
    given = {"year": year, "repair_codes": repair_codes, "match_names": match_names}
    question = row.options.get("question", "")
    if not given.get(question):
        raise DomainError("Sans cette réponse, le fichier ne peut pas être lu.", field=question)
    row.options = {**row.options, question: given[question], "question": ""}
    row.save(update_fields=["options"])
    ask(row, CHECK, actor=actor)


@transaction.atomic
def apply(row: ImportFile, *, actor: str) -> ImportFile:
    row = _locked(row)
    if row.state != State.CHECKED:
        raise DomainError(f"Ce fichier n'est pas à charger : {row.get_state_display()}.")
    ask(row, APPLY, actor=actor)
    return row


@transaction.atomic
def check_again(row: ImportFile, *, actor: str) -> None:
    """After an unexpected stop, or once the catalogue or the description has changed."""
    row = _locked(row)
    if row.state not in WAITING:
        raise DomainError(f"Ce fichier n'attend plus rien : {row.get_state_display()}.")
    ask(row, CHECK, actor=actor)


def _locked(row: ImportFile) -> ImportFile:
    return ImportFile.objects.select_for_update().get(pk=row.pk)


# --- Put away ---------------------------------------------------------------------------------
@transaction.atomic
def discard(row: ImportFile) -> None:
    """Forget a file that was not loaded. What was loaded keeps its row: undo it instead."""
    row = _locked(row)
    if row.state == State.APPLIED:
        raise DomainError("Ce fichier est chargé : annulez plutôt la version qu'il a apportée.")
    others = _batch(row)
    _remove(row)
    row.delete()
    if others and not any(other.state in WAITING for other in others):
        for other in others:
            _remove(other)


def put_away(row: ImportFile) -> None:
    """Remove the bytes of a batch when none of its files waits for a person any more."""
    batch = [row, *_batch(row)]
    if any(member.state in WAITING for member in batch):
        return
    for member in batch:
        _remove(member)


def put_old_away() -> int:
    """Remove the bytes of files that waited too long; returns how many."""
    limit = timezone.now() - KEPT
    old = list(ImportFile.objects.filter(received_at__lt=limit).exclude(file=""))
    for row in old:
        _remove(row)
        if row.state in WAITING:
            row.state = State.REFUSED
            row.message = f"Resté {KEPT.days} jours sans suite. {NOT_KEPT}"
            row.save(update_fields=["state", "message"])
    return len(old)


def _remove(row: ImportFile) -> None:
    """The bytes go with the transaction: one that fails leaves them."""
    if not row.file:
        return
    stored, path = row.file.storage, str(row.file.name)
    row.file = ""
    row.save(update_fields=["file"])

    def delete() -> None:
        stored.delete(path)
        folder = Path(stored.path(path)).parent
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    transaction.on_commit(delete)
