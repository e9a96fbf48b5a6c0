"""The file itself: a zip whose last member, the manifest, signs the others by their hash.

Members are written and read as streams; nothing is unpacked on disk. The hash of the whole proves
that a pack is as it was built, to whoever got that hash by another way; it is no signature of a
person.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core.errors import DomainError

FORMAT = "fil-rouge-data-pack"
SCHEMA = 1
"""Raised when an older loader would misread the members."""
MANIFEST = "manifest.json"
MAX_MANIFEST = 64 << 20
MAX_LINE = 64 << 20
"""Bytes in a line of a member: the widest is the outline of a territory."""
CHUNK = 1 << 20
DAMAGED = "Ce paquet est incomplet ou abîmé : téléchargez-le de nouveau. Rien n'est chargé."
ALTERED = (
    "Ce paquet a été modifié depuis qu'il a été fait : demandez-le de nouveau à qui l'a fait."
    " Rien n'est chargé."
)


class Member:
    """A member being written: hashed as it goes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size += len(data)
        return self._out.write(data)

    @property
    def signature(self) -> dict[str, Any]:
        return {"sha256": self._hash.hexdigest(), "size": self.size}


class Writer:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, dict[str, Any]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        with self._archive.open(name, "w", force_zip64=True) as out:
            member = Member(out)
            yield member
        self.members[name] = member.signature

    def rows(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """A member of one JSON object a line; returns how many."""
        count = 0
        with self.member(name) as out:
            for count, row in enumerate(rows, start=1):  # noqa: B007
                out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        return count

    def sign(self, **facts: Any) -> str:
        """Write the manifest; returns the hash of the whole."""
        manifest = {"format": FORMAT, "schema": SCHEMA, **facts, "members": self.members}
        manifest["whole"] = hash_of(manifest)
        self._archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        return manifest["whole"]


def hash_of(manifest: dict[str, Any]) -> str:
    """Of the manifest, which holds the hash of each member."""
    told = {key: value for key, value in manifest.items() if key != "whole"}
    return hashlib.sha256(
        json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """The pack appears under its name once it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            yield Writer(archive)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


# --- Reading ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reader:
    archive: zipfile.ZipFile
    manifest: dict[str, Any]

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines of a member, none longer than any that we write."""
        with self.archive.open(name) as source:
            while line := source.readline(MAX_LINE):
                if not line.endswith(b"\n"):
                    raise DomainError(DAMAGED)
                yield line

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        for line in self.lines(name):
            yield json.loads(line)


@contextmanager
def reading(path: Path, *, expected: str = "") -> Iterator[Reader]:
    """A pack whose every byte was checked. ``expected``: the hash that its maker told.

    Raises ``DomainError``, here or while members are read.
    """
    if not path.is_file():
        raise DomainError(f"« {path.name} » est introuvable.")
    try:
        with zipfile.ZipFile(path) as archive:
            reader = Reader(archive, _manifest(archive))
            _check(reader)
            if expected and expected.lower() != reader.manifest["whole"]:
                raise DomainError(
                    "L'empreinte de ce paquet n'est pas celle que l'on attend : ce n'est pas le"
                    " paquet annoncé. Rien n'est chargé."
                )
            yield reader
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise DomainError(DAMAGED) from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DomainError(ALTERED) from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise DomainError(
            "Ce fichier n'est pas un paquet de données de Fil rouge : il n'a pas de manifeste."
        ) from None
    if info.file_size > MAX_MANIFEST:
        raise DomainError(DAMAGED)
    manifest: dict[str, Any] = json.loads(archive.read(info))
    if manifest.get("format") != FORMAT:
        raise DomainError("Ce fichier n'est pas un paquet de données de Fil rouge.")
    if manifest["schema"] > SCHEMA:
        raise DomainError(
            f"Ce paquet vient d'une version plus récente de Fil rouge (format"
            f" {manifest['schema']}, celle-ci lit jusqu'au {SCHEMA}) : mettez l'application à jour,"
            " puis chargez-le. Rien n'est chargé."
        )
    if hash_of(manifest) != manifest["whole"]:
        raise DomainError(ALTERED)
    return manifest


def _check(reader: Reader) -> None:
    """Every member there, none more, each with its size and its hash."""
    members = reader.manifest["members"]
    names = reader.archive.namelist()
    if sorted(names) != sorted([*members, MANIFEST]):
        raise DomainError(ALTERED)
    for name, signature in members.items():
        digest, left = hashlib.sha256(), signature["size"]
        with reader.archive.open(name) as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                left -= len(chunk)
                if left < 0:
                    raise DomainError(ALTERED)
        if left or digest.hexdigest() != signature["sha256"]:
            raise DomainError(ALTERED)
