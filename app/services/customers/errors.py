"""Why an operation on customers, their points or their wallets was refused."""

from __future__ import annotations

from decimal import Decimal

from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _


class CustomerNotFoundError(NotFoundError):
    code = "unknown_customer"

    def __init__(self, customer_id: int) -> None:
        super().__init__(_("There is no such customer."), customer=customer_id)


class InvalidDocumentError(DomainError):
    """The number can't be one of that kind of identity document."""

    code = "invalid_document"

    def __init__(self, sentence: object, field: str = "doc_number") -> None:
        super().__init__(sentence, fields={field: str(sentence)})


class InvalidCustomerError(DomainError):
    """Something about the customer is missing or can't be; ``fields`` names what."""

    code = "invalid_customer"


class InvalidPointsError(DomainError):
    """The command itself makes no sense: no points, no reason."""

    code = "invalid_points"


class InsufficientPointsError(ConflictError):
    code = "insufficient_points"

    def __init__(self, available: int, asked: int) -> None:
        sentence = _(
            "The customer has %(available)s points, not %(asked)s.",
            available=available,
            asked=asked,
        )
        super().__init__(
            sentence, fields={"points": str(sentence)}, available=available, asked=asked
        )


class InvalidWalletAmountError(DomainError):
    """Not an amount that a wallet can take or give, or nothing to say what for."""

    code = "invalid_wallet_amount"


class InsufficientWalletError(ConflictError):
    code = "insufficient_wallet"

    def __init__(self, available: Decimal, asked: Decimal) -> None:
        sentence = _(
            "There is %(available)s in the wallet, not %(asked)s.",
            available=f"S/ {available}",
            asked=f"S/ {asked}",
        )
        super().__init__(
            sentence,
            fields={"amount": str(sentence)},
            available=str(available),
            asked=str(asked),
        )


class CreditLimitError(ConflictError):
    """More than the customer may owe."""

    code = "credit_limit"

    def __init__(self, limit: Decimal, owed: Decimal, asked: Decimal) -> None:
        sentence = _(
            "The customer may owe %(limit)s and owes %(owed)s: %(asked)s more is too much.",
            limit=f"S/ {limit}",
            owed=f"S/ {owed}",
            asked=f"S/ {asked}",
        )
        super().__init__(sentence, limit=str(limit), owed=str(owed), asked=str(asked))


class InvalidMergeError(DomainError):
    """The command itself makes no sense: a customer with itself, a field that isn't one."""

    code = "invalid_merge"


class MergeNotFoundError(NotFoundError):
    code = "unknown_merge"

    def __init__(self, merge_id: int) -> None:
        super().__init__(_("There is no such merge."), merge=merge_id)


class MergeNotUndoableError(ConflictError):
    """Something that the merge brought together was changed since; ``obstacles`` says what."""

    code = "merge_not_undoable"

    def __init__(self, obstacles: tuple[str, ...]) -> None:
        sentence = _(
            "The merge can't be undone any more. %(obstacles)s", obstacles=" ".join(obstacles)
        )
        super().__init__(sentence, obstacles=list(obstacles))
