"""Everything that the printed form of an electronic document shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.db import session
from app.domain.document_kinds import CREDIT_NOTES, SALES
from app.domain.document_states import REJECTED, VOIDED, WITHOUT_EFFECT
from app.services.platform.read_setting import read_setting
from app.services.sunat.paper_errors import NoPaperError
from app.services.sunat.snapshot import load
from app.storage import StorageError, storage
from app.sunat import digest
from app.sunat.documents import Sale
from models.sunat import ElectronicDocument, IssuingCompany

if TYPE_CHECKING:
    from reports.documents.form import Look, PrintedForm, TillNote

STAMPS = {VOIDED: "ANULADO", REJECTED: "RECHAZADO"}
CONTACTS = ("company.phone", "company.email", "company.website")


def read_form(row: ElectronicDocument, till: TillNote | None = None, copy: int = 0) -> PrintedForm:
    """The printed form of the document as it stands now: stamped when it was voided or rejected.

    The hash is that of the content, so it is there before a worker has signed. Raises
    :class:`NoPaperError` for summaries and voidings, and where the content wasn't kept.
    """
    from reports.documents.form import PrintedForm

    document = load(row.document_type, row.content) if row.content else None
    if not isinstance(document, Sale):
        raise NoPaperError
    return PrintedForm(
        document=document,
        digest=row.hash_cpe or digest(document),
        stamp=STAMPS.get(row.sunat_status, ""),
        look=_look(row.company_id),
        till=till,
        copy=copy,
    )


def document_of_sale(order_id: int) -> ElectronicDocument | None:
    """The factura or boleta that is the receipt of the order; one that counts before others."""
    row = ElectronicDocument
    return _latest(row.order_id == order_id, row.document_type.in_(SALES))


def note_of_return(return_id: int) -> ElectronicDocument | None:
    """The nota de crédito of the return."""
    row = ElectronicDocument
    return _latest(row.return_id == return_id, row.document_type.in_(CREDIT_NOTES))


def _latest(*conditions: sa.ColumnElement[bool]) -> ElectronicDocument | None:
    row = ElectronicDocument
    statement = sa.select(row).where(*conditions, row.content.is_not(None)).limit(1)
    return session().scalar(statement.order_by(row.sunat_status.in_(WITHOUT_EFFECT), row.id.desc()))


def _look(company_id: int) -> Look:
    from reports.documents.form import Look

    key = session().scalar(
        sa.select(IssuingCompany.logo_url).where(IssuingCompany.id == company_id)
    )
    told = [read_setting(name, "") for name in CONTACTS]
    return Look(
        colour=read_setting("company.color"),
        logo=_picture(key) if key else b"",
        contact=tuple(text for text in (" · ".join(filter(None, told[:2])), told[2]) if text),
        footer=read_setting("sales.receipt_footer", ""),
    )


def _picture(key: str) -> bytes:
    """Nothing where it is gone: a document is printed without a logo rather than not at all."""
    try:
        return storage().get(key)
    except StorageError:
        return b""
