"""The files of a period in one ZIP: XML, constancia and PDF of each document."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor, acting, system_actor
from app.db import session
from app.domain.document_kinds import PRINTED
from app.domain.document_states import PENDING
from app.errors import ConflictError, DomainError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.i18n import ngettext
from app.services.background import Progress, Work, WorkFile, WorkFinished, start_work, work
from app.services.sunat.make_pdf import make_pdf
from app.services.sunat.paper_errors import NoPaperError
from app.storage import FileMissingError, storage
from models.sunat import ElectronicDocument, IssuingCompany

KIND: Final = "sunat.zip"
LONGEST: Final = dt.timedelta(days=366)


class InvalidDatesError(DomainError):
    code = "invalid_dates"

    def __init__(self) -> None:
        sentence = _l("Choose days in their order, a year at most.")
        super().__init__(sentence, fields={"last": str(sentence)})


class NoDocumentsError(ConflictError):
    code = "no_documents"

    def __init__(self) -> None:
        super().__init__(_l("No document was issued in these days."))


@dataclass(frozen=True, slots=True)
class ZipDocuments:
    """Documents issued from ``first`` to ``last``; ``kinds`` (catalogue 01) are all without any."""

    first: dt.date
    last: dt.date
    kinds: tuple[str, ...] = ()


def start_zip(command: ZipDocuments, *, actor: Actor, now: dt.datetime, link: str = "") -> Work:
    """Have the ZIP made in the background, of what the actor may read.

    Raises :class:`InvalidDatesError` and :class:`NoDocumentsError`.
    """
    if not dt.timedelta(0) <= command.last - command.first <= LONGEST:
        raise InvalidDatesError
    statement = _documents(command, actor).with_only_columns(ElectronicDocument.id).limit(1)
    if session().scalar(statement.order_by(None)) is None:
        raise NoDocumentsError
    title = _("Documents from %(first)s to %(last)s",
              first=f"{command.first:%d/%m/%Y}", last=f"{command.last:%d/%m/%Y}")  # fmt: skip
    params = {
        "first": command.first.isoformat(),
        "last": command.last.isoformat(),
        "kinds": list(command.kinds),
    }
    return start_work(KIND, params, title=title, actor=actor, now=now, link=link)


def told(result: Mapping[str, Any]) -> str:
    """How many documents are in it."""
    count = int(result.get("documents", 0))
    return ngettext(
        "The ZIP is ready, with %(num)s document.",
        "The ZIP is ready, with %(num)s documents.",
        count,
    )


@work(KIND, tells=told)
def zip_documents(task: Work, progress: Progress) -> WorkFinished:
    """Write the ZIP anew from the start; PDFs that aren't there yet are made."""
    first, last = (dt.date.fromisoformat(task.params[name]) for name in ("first", "last"))
    command = ZipDocuments(first, last, tuple(task.params["kinds"]))
    actor = acting() or system_actor("documents")
    rows = session().execute(_documents(command, actor)).all()
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as made:
        path = Path(made.name)
    try:
        files = _write(path, rows, progress)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    name = f"sunat-{first:%Y%m%d}-{last:%Y%m%d}.zip"
    result = {"documents": len(rows), "files": files}
    return WorkFinished(result, file=WorkFile(path, name, "application/zip"))


def _write(path: Path, rows: Sequence[Any], progress: Progress) -> int:
    """Fill the ZIP; tells how many files are in it."""
    files = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, row in enumerate(rows):
            progress(done, len(rows))
            name = f"{row.ruc}-{row.document_type}-{row.series}-{row.correlative_number}"
            for target, key in (
                (f"{name}.xml", row.xml_url),
                (f"R-{name}.zip", row.cdr_url),
                (f"{name}.pdf", _pdf(row)),
            ):
                files += bool(key) and _add(archive, target, key)
        progress(len(rows), len(rows))
    return files


def _add(archive: zipfile.ZipFile, name: str, key: str) -> bool:
    """Whether the file was there."""
    try:
        archive.writestr(name, storage().get(key))
    except FileMissingError:
        return False
    return True


def _pdf(row: Any) -> str:
    """Its key: the kept one, else that of the one made now; empty where there can be none."""
    if row.pdf_sha256:
        return str(row.pdf_url)
    try:
        return make_pdf(row.id) if row.sunat_status != PENDING else ""
    except NoPaperError:
        return ""


def _documents(command: ZipDocuments, actor: Actor) -> sa.Select[Any]:
    row = ElectronicDocument
    statement = (
        sa.select(
            row.id,
            IssuingCompany.ruc,
            row.document_type,
            row.series,
            row.correlative_number,
            row.sunat_status,
            row.xml_url,
            row.cdr_url,
            row.pdf_url,
            row.pdf_sha256,
        )
        .join(IssuingCompany, IssuingCompany.id == row.company_id)
        .where(
            row.issue_date.between(command.first, command.last),
            row.document_type.in_(set(command.kinds) & set(PRINTED) or PRINTED),
        )
        .order_by(row.issue_date, row.id)
    )
    scope: sa.Select[Any] = scoped(statement, row, Reader.of(actor))
    return scope
