"""Why goods weren't taken back, or money wasn't given back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _


class InvalidReturnError(DomainError):
    """The command itself makes no sense: nothing comes back, no reason, lines of other orders."""

    code = "invalid_return"


class ReturnNotFoundError(NotFoundError):
    code = "unknown_return"

    def __init__(self, return_id: int) -> None:
        super().__init__(_("There is no such return."), return_id=return_id)


class NotReturnableError(ConflictError):
    """The order is in a state in which its goods aren't with the customer."""

    code = "not_returnable"

    def __init__(self, status: str) -> None:
        super().__init__(_("Nothing of this order can come back."), status=status)


class TooManyBackError(ConflictError):
    """More pieces than are still with the customer; ``left`` says by line how many are."""

    code = "too_many_back"

    def __init__(self, left: Mapping[int, int]) -> None:
        self.left = dict(left)
        super().__init__(
            _("More would come back than was sold."),
            fields={
                f"items.{number}.quantity": str(_("%(count)s at most", count=count))
                for number, count in left.items()
            },
        )


class RefundError(DomainError):
    """Means of giving back that can't be used so; ``fields`` names the one."""

    code = "refund"


class NotRefundedError(RefundError):
    """What is given back isn't what is due; ``missing`` is negative when it is too much."""

    code = "not_refunded"

    def __init__(self, *, due: Decimal, missing: Decimal) -> None:
        if missing > 0:
            sentence = _(
                "%(amount)s of %(due)s is still to be given back.",
                amount=f"S/ {missing}",
                due=f"S/ {due}",
            )
        else:
            sentence = _(
                "Only %(due)s is to be given back, %(amount)s less.",
                amount=f"S/ {-missing}",
                due=f"S/ {due}",
            )
        super().__init__(sentence, due=str(due), missing=str(missing))


class RefundNotAllowedError(ForbiddenError):
    """More than the person may give back; a supervisor may with the PIN."""

    code = "refund_not_allowed"

    def __init__(self, amount: Decimal, limit: Decimal) -> None:
        super().__init__(
            _(
                "You may give back up to %(limit)s; %(asked)s needs a supervisor.",
                limit=f"S/ {limit:.2f}",
                asked=f"S/ {amount:.2f}",
            ),
            asked=str(amount),
            limit=str(limit),
        )
