"""The file itself: whose it is, in which language, and the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

from core.documents.content import Content
from core.documents.pptx.master import LANGUAGE

EPOCH = date(1980, 1, 1)
"""The first day that a zip file can bear, for a content that has no date."""

WRITTEN_ON = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def set_properties(deck: Any, content: Content) -> None:
    meta, properties = content.meta, deck.core_properties
    moment = datetime.combine(meta.produced_on or EPOCH, time(), UTC)
    properties.title = content.title
    properties.subject = content.subtitle
    properties.author = ", ".join(meta.authors) or meta.agreement_name
    properties.last_modified_by = properties.author
    properties.keywords = meta.reference
    properties.language = LANGUAGE
    properties.comments = ""
    properties.created = properties.modified = moment
    properties.revision = 1


def written(deck: Any, content: Content) -> bytes:
    target = io.BytesIO()
    deck.save(target)
    return stamped(target.getvalue(), content.meta.produced_on or EPOCH)


def stamped(data: bytes, on: date) -> bytes:
    """The same archive with every part dated of that day; the workbooks of its charts too."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for item in source.infolist():
            part = source.read(item)
            if item.filename.endswith(".xlsx"):
                part = stamped(part, on)
            elif item.filename == "docProps/core.xml":
                part = WRITTEN_ON.sub(rb"\g<1>%sT00:00:00Z\3" % on.isoformat().encode(), part)
            entry = zipfile.ZipInfo(item.filename, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(entry, part)
    return target.getvalue()
