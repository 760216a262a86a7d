"""Why a document isn't printed or sent."""

from __future__ import annotations

from app.errors import ConflictError, DomainError
from app.i18n import lazy_gettext as _


class NoPaperError(ConflictError):
    code = "no_printed_form"

    def __init__(self) -> None:
        super().__init__(_("This document has no printed form."))


class WithoutEffectError(ConflictError):
    code = "document_without_effect"

    def __init__(self) -> None:
        super().__init__(_("The document was rejected or voided, so it isn't sent to customers."))


class NoEmailError(DomainError):
    code = "no_email"

    def __init__(self) -> None:
        sentence = _("The customer has no e-mail address. Type one.")
        super().__init__(sentence, fields={"email": str(sentence)})
