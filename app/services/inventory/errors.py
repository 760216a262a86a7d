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
