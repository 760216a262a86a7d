"""Why an operation on a batch of coupons was refused."""

from __future__ import annotations

from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _


class CouponBatchError(DomainError):
    """The command itself makes no sense; ``fields`` names the field."""

    code = "invalid_coupon_batch"


class NoCouponPromotionError(NotFoundError):
    code = "unknown_promotion"

    def __init__(self, promotion_id: int) -> None:
        sentence = _("Choose the promotion that the coupons start.")
        super().__init__(sentence, fields={"promotion_id": str(sentence)}, promotion=promotion_id)


class BatchExistsError(ConflictError):
    code = "batch_exists"

    def __init__(self, batch: str) -> None:
        sentence = _("There is a batch “%(batch)s” already.", batch=batch)
        super().__init__(sentence, fields={"batch": str(sentence)}, batch=batch)


class BatchNotFoundError(NotFoundError):
    code = "unknown_batch"

    def __init__(self, batch: str) -> None:
        super().__init__(_("There is no batch “%(batch)s”.", batch=batch), batch=batch)
