"""Why an operation on an electronic document was refused."""

from __future__ import annotations

from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _


class NoIssuerError(ConflictError):
    code = "no_issuer"

    def __init__(self) -> None:
        super().__init__(_("Set up the issuing company first: documents are in its name."))


class NoSeriesError(ConflictError):
    code = "no_series"

    def __init__(self, kind: str) -> None:
        super().__init__(
            _("No series in use gives numbers to %(kind)s here. Add one first.", kind=kind)
        )


class SeriesFullError(ConflictError):
    code = "series_full"

    def __init__(self, series: str) -> None:
        super().__init__(
            _("Series %(series)s has given its last number. Begin another.", series=series)
        )


class DocumentNotFoundError(NotFoundError):
    code = "document_not_found"

    def __init__(self, document_id: int) -> None:
        super().__init__(_("Document %(id)s doesn't exist here.", id=document_id))


class IssuerNotFoundError(NotFoundError):
    code = "issuer_not_found"

    def __init__(self, company_id: int) -> None:
        super().__init__(_("Issuer %(id)s doesn't exist.", id=company_id))


class NotReadyError(ConflictError):
    """Something that every document needs is missing; nothing was sent."""


class NoCertificateError(NotReadyError):
    code = "no_certificate"

    def __init__(self) -> None:
        super().__init__(
            _("The issuer has no certificate to sign with. Add it to the issuing company.")
        )


class CertificateExpiredError(NotReadyError):
    code = "certificate_expired"

    def __init__(self) -> None:
        super().__init__(
            _("The issuer's certificate isn't valid today. Add a valid one to the issuing company.")
        )


class NoSolUserError(NotReadyError):
    code = "no_sol_user"

    def __init__(self) -> None:
        super().__init__(
            _("The issuer has no SOL user to send with. Add it to the issuing company.")
        )


class NoServiceAddressError(NotReadyError):
    code = "no_service_address"

    def __init__(self) -> None:
        super().__init__(_("The address of the OSE is missing. Enter it in the settings."))


class NothingToSignError(NotReadyError):
    code = "no_content"

    def __init__(self) -> None:
        super().__init__(_("What the document says wasn't kept, so it can't be signed."))


class GaveUpError(NotReadyError):
    code = "gave_up"

    def __init__(self) -> None:
        super().__init__(_("Whoever tried to send it was ended each time. Send it again."))


class StillWorkingError(NotReadyError):
    """``code`` is that of SUNAT's tickets."""

    code = "98"

    def __init__(self) -> None:
        super().__init__(_("SUNAT hasn't decided for many hours. Ask it again later."))


class InvalidCertificateError(DomainError):
    """``fields`` says what is wrong: ``content`` or ``password``."""

    code = "invalid_certificate"


class InvalidSolUserError(DomainError):
    code = "invalid_sol_user"


class RetryNotAllowedError(ConflictError):
    code = "retry_not_allowed"

    def __init__(self) -> None:
        super().__init__(_("Only a document that failed can be sent again."))


class SunatUnavailableError(DomainError):
    """``detail`` is what SUNAT's service said."""

    code = "sunat_unavailable"
    status = 503

    def __init__(self, detail: str) -> None:
        super().__init__(_("SUNAT gave no answer: %(detail)s", detail=detail), detail=detail)


class VoidNotAllowedError(ConflictError):
    """The document can't be voided; ``message`` says what can be done instead."""

    code = "void_not_allowed"


class InvalidReasonError(DomainError):
    code = "invalid_reason"

    def __init__(self, least: int, most: int) -> None:
        told = _("Say why in %(least)s to %(most)s characters.", least=least, most=most)
        super().__init__(told, fields={"reason": str(told)})
