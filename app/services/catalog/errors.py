"""Why an operation on the catalogue was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _
from app.i18n import ngettext

NAMED = 20
"""So many are named in a sentence; the data of the error has those too."""


class InvalidPriceRuleError(DomainError):
    """The rule or the choice makes no sense; ``fields`` names the field."""

    code = "invalid_price_rule"


class UnknownPriceChangeError(NotFoundError):
    code = "unknown_price_change"

    def __init__(self, change_id: int) -> None:
        super().__init__(_("There is no such change of prices."), price_change=change_id)


class NoPricesError(DomainError):
    """Nothing was chosen, or all of it has the price already."""

    code = "no_prices"


class UnknownSkusError(DomainError):
    """The list names goods that aren't in the catalogue; ``skus`` has all of them."""

    code = "unknown_skus"

    def __init__(self, skus: Sequence[str]) -> None:
        listed = ", ".join(skus[:NAMED])
        super().__init__(
            ngettext(
                "%(num)s SKU is not in the catalogue: %(skus)s.",
                "%(num)s SKUs are not in the catalogue: %(skus)s.",
                len(skus),
                skus=listed + (" …" if len(skus) > NAMED else ""),
            ),
            skus=list(skus),
        )


@dataclass(frozen=True, slots=True)
class ChangedPrice:
    """A price that isn't what was previewed; ``now`` is None when the goods are gone."""

    sku: str
    seen: Decimal
    now: Decimal | None


class PricesChangedError(ConflictError):
    """Somebody changed prices since the preview; the first are named, ``count`` counts all."""

    code = "prices_changed"

    def __init__(self, changed: Sequence[ChangedPrice], count: int) -> None:
        self.changed = tuple(changed)
        listed = "; ".join(
            f"{one.sku} ({one.seen:.2f} → {'–' if one.now is None else f'{one.now:.2f}'})"
            for one in changed
        )
        super().__init__(
            ngettext(
                "%(num)s price was changed since the preview, nothing was done: %(prices)s.",
                "%(num)s prices were changed since the preview, nothing was done: %(prices)s.",
                count,
                prices=listed + (" …" if count > len(changed) else ""),
            ),
            count=count,
            prices=[
                {**asdict(one), "seen": str(one.seen), "now": one.now and str(one.now)}
                for one in changed
            ],
        )


class PriceWarningsError(DomainError):
    """Some new prices are zero or below cost, and nobody said that this is meant."""

    code = "price_warnings"

    def __init__(self, below_cost: int, zero: int) -> None:
        text = _("Say that you have seen the warnings.")
        super().__init__(
            _(
                "New prices below cost: %(below_cost)s, of zero: %(zero)s. Confirm that they are "
                "meant.",
                below_cost=below_cost,
                zero=zero,
            ),
            fields={"accept_warnings": str(text)},
            below_cost=below_cost,
            zero=zero,
        )


class JustificationError(DomainError):
    code = "justification_required"

    def __init__(self) -> None:
        text = _("Say why the prices change.")
        super().__init__(text, fields={"justification": str(text)})


class InvalidVariantsError(DomainError):
    """The variants asked for can't be made; ``fields`` names the field."""

    code = "invalid_variants"


class UnknownProductError(NotFoundError):
    code = "unknown_product"

    def __init__(self, product_id: int) -> None:
        super().__init__(_("There is no such product."), product=product_id)


class SkuTakenError(ConflictError):
    """Codes that the pattern gives and another product has; ``skus`` has all of them."""

    code = "sku_taken"

    def __init__(self, skus: Sequence[str]) -> None:
        text = _(
            "These codes are taken already: %(skus)s. Change the pattern.",
            skus=", ".join(skus[:NAMED]),
        )
        super().__init__(text, fields={"pattern": str(text)}, skus=list(skus))


class InvalidLabelsError(DomainError):
    """The labels asked for can't be printed; ``fields`` names the field."""

    code = "invalid_labels"
