"""Why an operation of the till was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from app.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _


class InvalidAmountError(DomainError):
    """Not an amount of money that a till can handle; ``fields`` names the field."""

    code = "invalid_amount"


class CashSessionNotFoundError(NotFoundError):
    code = "unknown_cash_session"

    def __init__(self, session_id: int) -> None:
        super().__init__(_("There is no such cash session."), cash_session=session_id)


class CashSessionClosedError(ConflictError):
    code = "cash_session_closed"

    def __init__(self, session_id: int) -> None:
        super().__init__(_("This cash session is closed."), cash_session=session_id)


class CashSessionAlreadyOpenError(ConflictError):
    code = "cash_session_open"

    def __init__(self, session_id: int) -> None:
        super().__init__(
            _("You already have an open cash session at this location."), cash_session=session_id
        )


class NotYourCashSessionError(ForbiddenError):
    code = "not_your_cash_session"

    def __init__(self, session_id: int) -> None:
        super().__init__(_("This cash session is somebody else's."), cash_session=session_id)


class CashDifferenceError(ForbiddenError):
    """A difference above the tolerance waits for somebody who may approve it."""

    code = "cash_difference"

    def __init__(self, difference: Decimal, tolerance: Decimal) -> None:
        super().__init__(
            _(
                "A supervisor must approve the difference of %(difference)s, for it is above "
                "%(tolerance)s.",
                difference=f"{'-' if difference < 0 else ''}S/ {abs(difference)}",
                tolerance=f"S/ {tolerance}",
            ),
            difference=str(difference),
            tolerance=str(tolerance),
        )


class NotEnoughCashInTillError(ConflictError):
    code = "not_enough_cash_in_till"

    def __init__(self, available: Decimal) -> None:
        super().__init__(
            _("There is only %(amount)s in the till.", amount=f"S/ {available}"),
            available=str(available),
        )


class NoSalesHereError(DomainError):
    code = "no_sales_here"

    def __init__(self, location: str) -> None:
        super().__init__(_("Nothing is sold at %(location)s.", location=location))


class InvalidSaleError(DomainError):
    """The command itself makes no sense: no lines, no pieces, too many."""

    code = "invalid_sale"


@dataclass(frozen=True, slots=True)
class UnsellableLine:
    """``reason`` is ``unknown``, ``inactive`` or ``not_for_sale`` (a code of free transfers)."""

    variant_id: int
    sku: str
    name: str
    reason: str


class UnsellableLinesError(ConflictError):
    """Some lines can't be sold any more; ``lines`` has all of them."""

    code = "unsellable_lines"

    def __init__(self, lines: Sequence[UnsellableLine]) -> None:
        self.lines = tuple(lines)
        listed = "; ".join(f"{line.name} ({line.sku})" if line.sku else "?" for line in lines)
        super().__init__(
            _("Not for sale: %(lines)s.", lines=listed), lines=[asdict(line) for line in lines]
        )


class PriceChangedError(ConflictError):
    """The total isn't what the cashier saw; ``prices`` are today's by variant."""

    code = "price_changed"

    def __init__(self, *, expected: Decimal, actual: Decimal, prices: dict[int, Decimal]) -> None:
        super().__init__(
            _(
                "A price has changed: the total is %(actual)s, not %(expected)s.",
                actual=f"S/ {actual}",
                expected=f"S/ {expected}",
            ),
            expected=str(expected),
            actual=str(actual),
            prices={str(variant): str(price) for variant, price in prices.items()},
        )


class NotEnoughCashError(DomainError):
    code = "not_enough_cash"

    def __init__(self, *, to_pay: Decimal, received: Decimal) -> None:
        super().__init__(
            _(
                "%(received)s is not enough to pay %(to_pay)s.",
                received=f"S/ {received}",
                to_pay=f"S/ {to_pay}",
            ),
            to_pay=str(to_pay),
            received=str(received),
        )


class OrderNotFoundError(NotFoundError):
    code = "unknown_order"

    def __init__(self, order_id: int) -> None:
        super().__init__(_("There is no such sale."), order=order_id)


class TransitionNotAllowedError(ConflictError):
    """No row of order_status_transitions leads from the one state to the other."""

    code = "transition_not_allowed"

    def __init__(self, before: str, after: str) -> None:
        super().__init__(
            _(
                "An order can't go from %(before)s to %(after)s: there is no such transition.",
                before=before,
                after=after,
            ),
            before=before,
            after=after,
        )


class TransitionForbiddenError(ForbiddenError):
    code = "transition_forbidden"

    def __init__(self, after: str, right: str) -> None:
        super().__init__(
            _("You don't have the right to set an order to %(after)s.", after=after), right=right
        )


class ApprovalRequiredError(ForbiddenError):
    code = "approval_required"

    def __init__(self, after: str) -> None:
        super().__init__(_("Setting an order to %(after)s must be approved.", after=after))


class ReceiptNotReadyError(ConflictError):
    code = "receipt_not_ready"

    def __init__(self) -> None:
        super().__init__(_("The receipt is not ready yet."))


class InvalidAddressError(DomainError):
    code = "invalid_address"

    def __init__(self) -> None:
        sentence = _("This is not an e-mail address.")
        super().__init__(sentence, fields={"email": str(sentence)})


WHY_NOT = {
    "unknown": _("There is no coupon “%(code)s”."),
    "expired": _("The coupon “%(code)s” is not valid now."),
    "used_up": _("The coupon “%(code)s” has been used as often as it may be."),
    "used_by_customer": _("This customer has used the coupon “%(code)s” as often as one may."),
    "customer": _("The coupon “%(code)s” is for known customers: choose one first."),
    "channel": _("The coupon “%(code)s” is not for sales of this kind."),
    "location": _("The coupon “%(code)s” is not for this location."),
    "segment": _("The coupon “%(code)s” is not for this customer."),
    "first_purchase": _("The coupon “%(code)s” is for a first purchase."),
    "weekday": _("The coupon “%(code)s” is not for today."),
    "hours": _("The coupon “%(code)s” is not for this time of day."),
    "goods": _("Nothing in the cart is what the coupon “%(code)s” is for."),
    "min_quantity": _("There are too few pieces in the cart for the coupon “%(code)s”."),
    "min_amount": _("The cart is too small for the coupon “%(code)s”."),
    "exclusive": _("The coupon “%(code)s” can't be combined with the other promotions."),
    "nothing": _("The coupon “%(code)s” takes nothing off this cart."),
}


class CouponError(ConflictError):
    """A coupon that gives nothing here; ``data["reason"]`` is one of :data:`WHY_NOT`."""

    code = "coupon"

    def __init__(self, coupon: str, reason: str) -> None:
        self.reason = reason
        sentence = str(WHY_NOT[reason]) % {"code": coupon[:64]}
        super().__init__(sentence, fields={"coupon": sentence}, reason=reason)


class DiscountNotAllowedError(ForbiddenError):
    """A discount by hand that the person may not give; a supervisor may with the PIN."""

    code = "discount_not_allowed"

    def __init__(self, percent: Decimal, limit: Decimal) -> None:
        super().__init__(
            _(
                "You may give up to %(limit)s %% off; %(asked)s %% needs a supervisor.",
                limit=f"{limit.normalize():f}",
                asked=f"{percent.normalize():f}",
            ),
            asked=str(percent),
            limit=str(limit),
        )


class PaymentError(DomainError):
    """Tenders that don't pay the sale as they should; ``fields`` names the tender."""

    code = "payment"


class NotPaidError(PaymentError):
    code = "not_paid"

    def __init__(self, *, missing: Decimal) -> None:
        super().__init__(
            _("%(amount)s is still missing.", amount=f"S/ {missing}"), missing=str(missing)
        )


class OverpaidError(PaymentError):
    code = "overpaid"

    def __init__(self, *, excess: Decimal) -> None:
        super().__init__(
            _("%(amount)s too much: only cash gives change.", amount=f"S/ {excess}"),
            excess=str(excess),
        )
