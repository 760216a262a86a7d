"""A sale of goods as the document that SUNAT gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from app.db import session
from app.domain.money import CENT, ZERO, line_total
from app.domain.refunds import CREDIT
from app.domain.tax import TAXED
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from app.services.sunat.choose_document import FACTURA
from app.services.sunat.read_issuing import Issuing, words
from app.session import INCLUDE_DELETED
from app.sunat import (
    Affectation,
    Cash,
    Charge,
    ChargeCode,
    Credit,
    Installment,
    Invoice,
    Line,
    Receipt,
)
from app.sunat.catalogs import Legend
from models.catalog import Product, ProductVariant
from models.sales import Order, OrderItem

DELIVERY: Final = "SERVICIO DE ENTREGA"
SERVICE: Final = "ZZ"
PIECE: Final = "NIU"
LONGEST_DESCRIPTION: Final = 500
LONGEST_CODE: Final = 30
AFFECTATIONS: Final = {one.value: one for one in Affectation}
# What a line is that costs nothing: a bonus, taxed, exonerated or unaffected (catalogue 07).
GIVEN: Final[Mapping[str, Affectation]] = {
    Affectation.TAXED: Affectation.TAXED_BONUS,
    Affectation.EXONERATED: Affectation.EXONERATED_FREE,
    Affectation.UNAFFECTED: Affectation.UNAFFECTED_BONUS,
}


def document_of_order(
    order: Order, kind: str, issuing: Issuing, units: Mapping[int, str], *, now: dt.datetime
) -> Invoice:
    """The factura (01) or boleta (03) of the order, still without number.

    Payable is the order's total before cash rounding, and the IGV is its tax, to the céntimo. A
    line that costs nothing is given free, at its price as reference value. What was bought on
    credit is a cuota of a factura. ``units`` (catalogue 03) are by variant; dates are those of the
    business. Reads nothing but the order's own rows.
    """
    moment = local_time(now)
    lines = tuple(_line(item, units.get(item.variant_id, PIECE)) for item in order.items)
    given_rice = any(line.free and line.affectation is Affectation.IVAP for line in lines)
    sold_rice = any(not line.free and line.affectation is Affectation.IVAP for line in lines)
    legend = ((Legend.IVAP.value, Legend.IVAP.text),) if given_rice and not sold_rice else ()
    credit = _credit(order, issuing, moment.date()) if kind == FACTURA else None
    return (Invoice if kind == FACTURA else Receipt)(
        issuer=issuing.issuer,
        customer=issuing.customer,
        series="",
        number=0,
        issued_on=moment.date(),
        issued_at=moment.time().replace(microsecond=0, tzinfo=None),
        lines=(*lines, *_delivery(order)),
        currency=order.currency,
        igv_rate=igv_of(order.items),
        legends=legend,
        due_on=credit.installments[0].due_on if credit else None,
        payment=credit or Cash(),
    )


def read_units(order_id: int) -> dict[int, str]:
    """The unit that each variant of the order is sold in (catalogue 03); one statement."""
    statement = (
        sa.select(ProductVariant.id, Product.unit_code)
        .join(Product, Product.id == ProductVariant.product_id)
        .join(OrderItem, OrderItem.variant_id == ProductVariant.id)
        .where(OrderItem.order_id == order_id)
    )
    rows = session().execute(statement, execution_options=INCLUDE_DELETED)
    return {variant: unit for variant, unit in rows}  # noqa: C416 - a Result


def igv_of(items: list[OrderItem]) -> Decimal:
    """The rate in percent that the order was sold at; today's where nothing of it is taxed."""
    rates = (item.tax_rate for item in items if item.tax_code == TAXED)
    return Decimal(next(rates, read_setting("tax.igv_rate")))


def _line(item: OrderItem, unit: str) -> Line:
    gross = line_total(item.quantity, item.unit_price)
    is_free = gross == item.discount_amount
    sold = AFFECTATIONS[item.tax_code]
    discount = (Charge(ChargeCode.LINE_DISCOUNT, item.discount_amount),)
    return Line(
        description=words(item.description)[:LONGEST_DESCRIPTION],
        quantity=Decimal(item.quantity),
        # SUNAT wants to know what a gift is worth, if only a céntimo.
        unit_price=item.unit_price if gross else CENT,
        affectation=GIVEN.get(sold, sold) if is_free else sold,
        free=is_free,
        unit=unit,
        code=item.sku if len(item.sku) <= LONGEST_CODE else "",
        charges=discount if item.discount_amount and not is_free else (),
    )


def _delivery(order: Order) -> tuple[Line, ...]:
    if not order.shipping_cost:
        return ()
    return (
        Line(
            description=DELIVERY,
            quantity=Decimal(1),
            unit_price=order.shipping_cost,
            unit=SERVICE,
        ),
    )


def _credit(order: Order, issuing: Issuing, today: dt.date) -> Credit | None:
    """One cuota, on the customer's terms, for what was bought on credit; after today always."""
    owed = sum(
        (
            one.amount
            for one in order.payments
            if one.method == CREDIT and one.status == "completed"
        ),
        ZERO,
    )
    if owed <= 0:
        return None
    due = today + dt.timedelta(days=max(issuing.credit_days, 1))
    return Credit((Installment(owed, due),))
