"""The identity document of a customer, checked in words."""

from __future__ import annotations

from app.domain.identity_documents import (
    DNI,
    RUC,
    DocumentError,
    DocumentFault,
    check_document,
)
from app.i18n import lazy_gettext as _
from app.services.customers.errors import InvalidDocumentError


def check_customer_document(doc_type: str, doc_number: str | None) -> str | None:
    """The number as it is kept (:func:`~app.domain.identity_documents.check_document`).

    Raises :class:`InvalidDocumentError`, with one sentence beside the field that is to blame.
    """
    try:
        return check_document(doc_type, doc_number)
    except DocumentError as error:
        if error.fault is DocumentFault.UNKNOWN_TYPE:
            raise InvalidDocumentError(
                _("There is no such kind of document."), "doc_type"
            ) from None
        raise InvalidDocumentError(_sentence(doc_type, error.fault)) from None


def _sentence(doc_type: str, fault: DocumentFault) -> object:
    if fault is DocumentFault.MISSING:
        return _("Enter the number of the document.")
    if fault is DocumentFault.CHECK_DIGIT:
        return _("This is no RUC: its check digit is wrong.")
    if doc_type == DNI:
        return _("A DNI has 8 digits.")
    if doc_type == RUC:
        return _("A RUC has 11 digits.")
    return _("The number has 4 to 15 letters, digits or hyphens.")
