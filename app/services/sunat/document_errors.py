"""Why a sale doesn't get the document that was asked for."""

from __future__ import annotations

from decimal import Decimal

from app.errors import ConflictError, DomainError
from app.i18n import lazy_gettext as _


class DocumentTypeError(DomainError):
    """No such kind of document, or none that may be issued here."""

    code = "document_type"

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence, fields={"document_type": str(sentence)})


class RucNeededError(DomainError):
    """A factura is for a customer with a RUC and a name."""

    code = "ruc_needed"

    def __init__(self) -> None:
        sentence = _("A factura needs a customer with a RUC.")
        super().__init__(sentence, fields={"customer_id": str(sentence)})


class CustomerNeededError(DomainError):
    """Above an amount, SUNAT wants to know who bought."""

    code = "customer_needed"

    def __init__(self, limit: Decimal) -> None:
        sentence = _(
            "A boleta above %(limit)s needs a customer with name and document.",
            limit=f"S/ {limit:.2f}",
        )
        super().__init__(sentence, fields={"customer_id": str(sentence)}, limit=str(limit))


class MixedTaxesError(DomainError):
    """SUNAT's 2644: what pays IVAP has a document of its own."""

    code = "mixed_taxes"

    def __init__(self) -> None:
        super().__init__(
            _("Rice with IVAP can't be on one document with anything else: sell it separately.")
        )


class AlreadyIssuedError(ConflictError):
    code = "already_issued"

    def __init__(self, number: str) -> None:
        super().__init__(_("%(number)s was issued for this already.", number=number), number=number)


class InvoiceDiffersError(ConflictError):
    """What the invoice says adds up to another total than the one it has."""

    code = "invoice_differs"

    def __init__(self, total: Decimal, document: Decimal) -> None:
        super().__init__(
            _(
                "The document would come to %(document)s, but the invoice is of %(total)s.",
                document=f"{document:.2f}",
                total=f"{total:.2f}",
            ),
            total=str(total),
            document=str(document),
        )


class InvalidNoteError(DomainError):
    """A note that makes no sense, or takes back more than is left; ``fields`` names the field."""

    code = "invalid_note"


class NotCorrectableError(ConflictError):
    """No note can be made of the document as it is."""

    code = "not_correctable"

    def __init__(self, sentence: object, number: str) -> None:
        super().__init__(sentence, number=number)


class NothingToIssueError(ConflictError):
    """The state of what was sold doesn't ask for a document."""

    code = "nothing_to_issue"

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
