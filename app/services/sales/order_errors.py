"""Why an operation on an order that isn't sold over the counter was refused."""

from __future__ import annotations

from decimal import Decimal

from app.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _


class InvalidOrderError(DomainError):
    """The command itself makes no sense; ``fields`` names the field."""

    code = "invalid_order"


class OrderNotOpenError(ConflictError):
    """The order's state doesn't allow it any more."""

    code = "order_not_open"

    def __init__(self, number: str) -> None:
        super().__init__(_("Nothing can be paid for order %(number)s now.", number=number))


class OrderNotPaidError(ConflictError):
    code = "order_not_paid"

    def __init__(self, missing: Decimal) -> None:
        super().__init__(
            _("%(amount)s of this order is not paid yet.", amount=f"S/ {missing}"),
            missing=str(missing),
        )


class NeedsReturnError(ConflictError):
    """What was sold goes back by :func:`~app.services.sales.return_order.return_order`."""

    code = "needs_return"

    def __init__(self) -> None:
        super().__init__(_("Goods come back by a return, which gives back what was paid for them."))


class NeedsRefundError(ConflictError):
    """What was paid goes back by :func:`~app.services.sales.cancel_order.cancel_order`."""

    code = "needs_refund"

    def __init__(self) -> None:
        super().__init__(_("This order was paid: cancel it with a refund."))


class ApprovalNotFoundError(NotFoundError):
    code = "unknown_approval"

    def __init__(self, approval_id: int) -> None:
        super().__init__(_("There is no such request."), approval=approval_id)


class ReasonNeededError(DomainError):
    code = "reason_needed"

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence, fields={"reason": str(sentence)})


class OwnRequestError(ForbiddenError):
    code = "own_request"

    def __init__(self) -> None:
        super().__init__(_("You asked for this yourself: somebody else must answer it."))


class AlreadyAnsweredError(ConflictError):
    """Somebody was faster; says who."""

    code = "already_answered"

    def __init__(self, answer: str, person: str) -> None:
        super().__init__(
            _("%(person)s has approved this already.", person=person)
            if answer == "approved"
            else _("%(person)s has rejected this already.", person=person),
            answer=answer,
        )


class VoidRequestError(ConflictError):
    code = "void_request"

    def __init__(self) -> None:
        super().__init__(_("The order has moved meanwhile: this request has become void."))
