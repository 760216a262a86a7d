"""Everything that a receipt shows about a sale."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.amount_in_words import amount_in_words
from app.domain.money import ZERO
from app.domain.tenders import CASH
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.find_order import find_order
from models.customers import Customer
from models.identity import User
from models.inventory import Location
from models.sales import OrderPayment
from models.sunat import IssuingCompany
from reports.receipts.ticket import Business, Ticket, TicketLine


def read_receipt(order_id: int, *, actor: Actor) -> Ticket:
    """The sale as its receipt shows it, in the business's language and time zone.

    Raises :class:`OrderNotFoundError`, also for an order that is still a draft or out of the
    actor's reach.
    """
    order = find_order(order_id, actor=actor)
    if order.status == "draft":
        raise OrderNotFoundError(order_id)
    language = read_setting("company.language")
    location = session().get_one(Location, order.location_id)
    cashier = session().get(User, order.user_id) if order.user_id else None
    cash = [payment for payment in order.payments if payment.tendered is not None]
    return Ticket(
        business=read_business(),
        location=location.name,
        address=location.address or "",
        number=order.order_number,
        sold_at=local_time(order.created_at),
        cashier=cashier.full_name if cashier else "",
        currency=order.currency,
        lines=tuple(
            TicketLine(
                item.description,
                item.sku,
                item.quantity,
                item.unit_price,
                item.total_price,
                item.discount_amount,
            )
            for item in order.items
        ),
        base=order.subtotal - order.discount_total - order.tax_total,
        tax=order.tax_total,
        total=order.subtotal - order.discount_total + order.shipping_cost,
        cash_rounding=order.cash_rounding,
        to_pay=order.grand_total,
        tendered=sum((payment.tendered or ZERO for payment in cash), ZERO),
        change=sum((payment.change_given for payment in cash), ZERO),
        in_words=amount_in_words(order.grand_total, order.currency, language),
        language=language,
        footer=read_setting("sales.receipt_footer", ""),
        customer=customer_words(order.customer_id),
        payments=_payments(order.payments),
    )


def customer_words(customer_id: int | None) -> str:
    """Name and document."""
    found = session().get(Customer, customer_id) if customer_id else None
    return " ".join(filter(None, (found.full_name, found.doc_number))) if found else ""


def _payments(payments: Sequence[OrderPayment]) -> tuple[tuple[str, Decimal], ...]:
    """(English name of the means, amount) of what wasn't paid in cash."""
    names = OrderPayment.__table__.c.method.info["choices"]
    return tuple(
        (names[one.method], one.amount) for one in payments if one.amount > 0 and one.method != CASH
    )


def read_business() -> Business:
    """The issuing company, else what the settings say of the business."""
    company = session().scalar(sa.select(IssuingCompany).order_by(IssuingCompany.id).limit(1))
    if company is None:
        name, ruc = read_setting("company.name"), read_setting("company.ruc", "")
        return Business(name, ruc, read_setting("company.address", ""))
    return Business(company.trade_name or company.raz_social, company.ruc, company.address or "")
