"""Why a cart was not parked, quoted or taken up again."""

from __future__ import annotations

from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _


class MissingNameError(DomainError):
    code = "missing_name"

    def __init__(self) -> None:
        sentence = _("Give it a name, so that it is found again.")
        super().__init__(sentence, fields={"name": str(sentence)})


class ParkedSaleGoneError(ConflictError):
    code = "parked_sale_gone"

    def __init__(self, parked_id: int) -> None:
        super().__init__(
            _("This sale is not parked any more: somebody has taken it up, or it has expired."),
            parked_sale=parked_id,
        )


class QuotationNotFoundError(NotFoundError):
    code = "unknown_quotation"

    def __init__(self, number: str) -> None:
        sentence = _("There is no quotation “%(number)s”.", number=number[:64])
        super().__init__(sentence, fields={"number": str(sentence)}, number=number[:64])


class QuotationUsedError(ConflictError):
    code = "quotation_used"

    def __init__(self, number: str, order_id: int) -> None:
        sentence = _("The quotation %(number)s was sold already.", number=number)
        super().__init__(sentence, fields={"number": str(sentence)}, order=order_id)


class CouponInQuotationError(DomainError):
    code = "coupon_in_quotation"

    def __init__(self) -> None:
        super().__init__(_("A coupon is used when paying: take it off before quoting."))
