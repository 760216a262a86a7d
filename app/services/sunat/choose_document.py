"""Which document a sale gets, decided before any money moves."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from app.i18n import lazy_gettext as _
from app.services.platform.read_setting import read_setting
from app.services.sunat.document_errors import (
    CustomerNeededError,
    DocumentTypeError,
    MixedTaxesError,
    RucNeededError,
)
from app.services.sunat.errors import NoIssuerError, NoSeriesError
from app.services.sunat.read_issuing import Issuing
from app.sunat import Affectation, DocumentType
from models.sunat import SERIES_TYPES

FACTURA: Final[str] = DocumentType.INVOICE.value
BOLETA: Final[str] = DocumentType.RECEIPT.value
INTERNAL_NOTE: Final = "NV"
USUAL: Final = ""
NAMES: Final = SERIES_TYPES["choices"]
KINDS: Final = (BOLETA, FACTURA, INTERNAL_NOTE)


def choose_document(
    wanted: str, issuing: Issuing | None, total: Decimal, tax_codes: Collection[str]
) -> str:
    """The kind of document (catalogue 01, or NV) of a sale of ``total`` soles, before rounding.

    :data:`USUAL` is a boleta; where nobody can issue one, for there is no issuer or no series for
    boletas at the location, it is a nota de venta as on an installation that isn't set up. Asked
    for by name, a nota de venta needs the setting ``sales.allow_internal_note``, unless it is what
    is usual there.

    Raises :class:`DocumentTypeError`, :class:`NoIssuerError`, :class:`NoSeriesError`,
    :class:`RucNeededError` for a factura, :class:`CustomerNeededError` for a boleta above
    ``tax.identified_customer_from`` and :class:`MixedTaxesError`.
    """
    if wanted not in (USUAL, *KINDS):
        raise DocumentTypeError(_("There is no such kind of document."))
    kind = wanted or usual_document(issuing)
    if kind == INTERNAL_NOTE:
        if usual_document(issuing) != INTERNAL_NOTE and not allows_internal_note():
            raise DocumentTypeError(_("Notas de venta aren't allowed here."))
        return kind
    if issuing is None:
        raise NoIssuerError
    if kind not in issuing.kinds:
        raise NoSeriesError(_(NAMES[kind]))
    if kind == FACTURA and not issuing.has_ruc:
        raise RucNeededError
    limit = read_setting("tax.identified_customer_from")
    if kind == BOLETA and total > limit and not issuing.is_identified:
        raise CustomerNeededError(limit)
    if Affectation.IVAP in tax_codes and len(set(tax_codes)) > 1:
        raise MixedTaxesError
    return kind


def usual_document(issuing: Issuing | None) -> str:
    """What a sale gets that nothing is asked for."""
    return BOLETA if issuing is not None and BOLETA in issuing.kinds else INTERNAL_NOTE


def allows_internal_note() -> bool:
    return bool(read_setting("sales.allow_internal_note"))


def offered_documents(issuing: Issuing | None) -> tuple[str, ...]:
    """The kinds that may be asked for at a till, the usual one first."""
    usual = usual_document(issuing)
    kinds = issuing.kinds if issuing is not None else frozenset()
    factura = (FACTURA,) if FACTURA in kinds else ()
    note = (INTERNAL_NOTE,) if usual != INTERNAL_NOTE and allows_internal_note() else ()
    return (usual, *factura, *note)
