"""Why an operation on stock was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line for which there is too little: pieces wanted and pieces available."""

    variant_id: int
    sku: str
    name: str
    wanted: int
    available: int


class InsufficientStockError(ConflictError):
    """Some lines can't be taken from stock; ``lines`` has all of them."""

    code = "insufficient_stock"

    def __init__(self, lines: Sequence[Shortage]) -> None:
        self.lines = tuple(lines)
        listed = "; ".join(f"{line.name} ({line.sku}): {line.available}" for line in lines)
        super().__init__(
            _("There is not enough stock. Available: %(lines)s.", lines=listed),
            lines=[asdict(line) for line in lines],
        )


class UnknownVariantsError(NotFoundError):
    code = "unknown_variants"

    def __init__(self, variant_ids: Sequence[int]) -> None:
        super().__init__(_("Some products are not in the catalogue."), variants=list(variant_ids))


class UnknownLocationError(NotFoundError):
    code = "unknown_location"

    def __init__(self, location_id: int) -> None:
        super().__init__(_("There is no such location in use."), location=location_id)


class InvalidStockChangeError(DomainError):
    """The command itself makes no sense: no lines, no pieces, no reason."""

    code = "invalid_stock_change"


class GoodsOnTheirWayError(ConflictError):
    """What a location of the type transit holds belongs to transfers."""

    code = "goods_on_their_way"

    def __init__(self, location: str) -> None:
        super().__init__(
            _("Goods on their way (%(location)s) change by their transfer only.", location=location)
        )


@dataclass(frozen=True, slots=True)
class StaleLine:
    """A line whose stock changed since it was shown: pieces that were seen, and pieces now."""

    variant_id: int
    sku: str
    name: str
    seen: int
    on_hand: int
    version: int


class StaleStockError(ConflictError):
    """Somebody changed the stock that the correction is based on; ``lines`` has both values."""

    code = "stale_stock"

    def __init__(self, lines: Sequence[StaleLine]) -> None:
        self.lines = tuple(lines)
        listed = "; ".join(
            str(
                _(
                    "%(name)s (%(sku)s): you saw %(seen)s, now there are %(on_hand)s",
                    name=line.name,
                    sku=line.sku,
                    seen=line.seen,
                    on_hand=line.on_hand,
                )
            )
            for line in lines
        )
        super().__init__(
            _("The stock has changed since this page was opened. %(lines)s.", lines=listed),
            lines=[asdict(line) for line in lines],
        )


class ReservationExpiredError(ConflictError):
    """Some of the reserved pieces are nobody's any more; nothing was sold."""

    code = "reservation_expired"

    def __init__(self, variants: Sequence[int]) -> None:
        super().__init__(
            _("The reservation has expired: check the stock and reserve again."),
            variants=list(variants),
        )


class NoReservationError(NotFoundError):
    code = "no_reservation"

    def __init__(self) -> None:
        super().__init__(_("Nothing is reserved for this cart or order."))


class TooManyReturnedError(ConflictError):
    """More pieces would come back than the order took; ``lines`` has all such variants."""

    code = "too_many_returned"

    def __init__(self, lines: Sequence[Shortage]) -> None:
        self.lines = tuple(lines)
        listed = "; ".join(f"{line.name} ({line.sku}): {line.available}" for line in lines)
        super().__init__(
            _("More would come back than was sold. Still to come back: %(lines)s.", lines=listed),
            lines=[asdict(line) for line in lines],
        )


class TransferNotFoundError(NotFoundError):
    code = "unknown_transfer"

    def __init__(self, transfer_id: int) -> None:
        super().__init__(_("There is no such transfer."), transfer=transfer_id)


class TransferReceivedError(ConflictError):
    code = "transfer_received"

    def __init__(self, number: str) -> None:
        super().__init__(_("Transfer %(number)s has been received.", number=number))


class InvalidTransferError(DomainError):
    """The command itself makes no sense: to where it is from, no lines, unknown lines."""

    code = "invalid_transfer"


class CountNotFoundError(NotFoundError):
    code = "unknown_count"

    def __init__(self, count_id: int) -> None:
        super().__init__(_("There is no such count."), count=count_id)


class CountClosedError(ConflictError):
    code = "count_closed"

    def __init__(self, number: str) -> None:
        super().__init__(_("Count %(number)s is closed.", number=number))


class CountOpenError(ConflictError):
    """A location has one open count at most, or two would correct the same difference twice."""

    code = "count_open"

    def __init__(self, number: str, count_id: int) -> None:
        super().__init__(
            _("Count %(number)s is still open at this location.", number=number), count=count_id
        )


class NotInThisCountError(DomainError):
    code = "not_in_this_count"

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s is not part of this count.", name=name))


class InvalidCountError(DomainError):
    """The command itself makes no sense: nothing to count, no product found, no pieces."""

    code = "invalid_count"
