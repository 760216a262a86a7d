"""Why an API key was refused."""

from __future__ import annotations

from app.errors import DomainError, NotFoundError
from app.i18n import lazy_gettext as _


class BadApiKeyError(DomainError):
    """Unknown, expired or revoked, or of somebody switched off; which of them isn't told."""

    code = "bad_api_key"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("This API key is not valid."))


class ApiKeyNameError(DomainError):
    code = "api_key_name"

    def __init__(self) -> None:
        sentence = _("Give the key a name of at most 100 characters.")
        super().__init__(sentence, fields={"name": str(sentence)})


class ApiKeyScopeError(DomainError):
    """Rights that the user doesn't have can't be given to a key; ``data["rights"]`` names them."""

    code = "api_key_scope"

    def __init__(self, rights: list[str]) -> None:
        sentence = _("Choose the key's rights among your own.")
        super().__init__(sentence, fields={"scopes": str(sentence)}, rights=rights)


class ApiKeyExpiryError(DomainError):
    code = "api_key_expiry"

    def __init__(self, longest: int) -> None:
        sentence = _("A key may be valid for %(days)s days at most.", days=longest)
        super().__init__(sentence, fields={"days": str(sentence)}, longest=longest)


class ApiKeyNotFoundError(NotFoundError):
    code = "unknown_api_key"

    def __init__(self) -> None:
        super().__init__(_("There is no such API key."))
