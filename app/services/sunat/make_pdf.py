"""The printed form of a document becomes a PDF in the storage."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from app.db import atomic, session
from app.domain.document_states import DECIDED, VOIDED
from app.services.sunat.errors import DocumentNotFoundError
from app.services.sunat.printed_form import read_form
from app.storage import storage
from models.sunat import ElectronicDocument

FINAL = DECIDED | {VOIDED}


def make_pdf(document_id: int) -> str:
    """Key of the document's PDF (A4), made if it isn't there as the document stands now.

    Kept for good once SUNAT has decided, with its SHA-256 in the row; before that, and once the
    document was voided, it is made again and replaced whole. Safe to call twice and at once: the
    same document gives the same bytes under one name. Nothing slow happens in a transaction.
    Raises :class:`~app.services.sunat.errors.DocumentNotFoundError`,
    :class:`~app.services.sunat.paper_errors.NoPaperError` and :class:`~app.storage.StorageError`.
    """
    with atomic():
        row = session().get(ElectronicDocument, document_id)
        if row is None:
            raise DocumentNotFoundError(document_id)
        if row.pdf_url and row.pdf_sha256 and row.sunat_status in FINAL - {VOIDED}:
            return row.pdf_url
        form = read_form(row)
    from reports.documents.pdf import document_pdf  # only who prints needs reportlab

    content = document_pdf(form)
    issued = form.document.issued_on
    key = f"sunat/{form.document.issuer.ruc}/{issued:%Y/%m}/{form.document.name}.pdf"
    storage().put(key, content)
    kept = {"pdf_url": key, "pdf_sha256": hashlib.sha256(content).hexdigest()}
    with atomic() as current:
        current.execute(
            sa.update(ElectronicDocument)
            .where(ElectronicDocument.id == document_id)
            .values(kept if row.sunat_status in FINAL else {"pdf_url": key, "pdf_sha256": None})
            .execution_options(synchronize_session=False)
        )
    return key
