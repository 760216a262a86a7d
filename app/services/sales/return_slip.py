"""Everything that the slip of a return shows."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.amount_in_words import amount_in_words
from app.services.platform.business_time import local_time
from app.services.sales.find_return import find_return
from app.services.sales.read_receipt import read_receipt
from app.services.sunat.printed_form import note_of_return
from models.identity import User
from models.inventory import Location
from models.sales import Order, OrderItem, OrderPayment, OrderReturnItem
from reports.receipts.slip import ReturnLine, ReturnSlip


def read_return_slip(return_id: int, *, actor: Actor) -> ReturnSlip:
    """The return as its slip shows it, in the business's language and time zone.

    A fixed number of statements. Raises
    :class:`~app.services.sales.return_errors.ReturnNotFoundError`, also for one that is out of the
    actor's reach.
    """
    row = find_return(return_id, actor=actor)
    sale = read_receipt(row.order_id, actor=actor)
    place = session().get_one(Location, row.location_id)
    person = session().get(User, row.user_id) if row.user_id else None
    exchanged = session().get(Order, row.exchange_order_id) if row.exchange_order_id else None
    note = note_of_return(row.id)
    return ReturnSlip(
        sale=sale,
        number=row.number,
        kind=row.kind,
        order_id=row.order_id,
        at=local_time(row.created_at),
        place=" · ".join(filter(None, (place.name, place.address))),
        person=person.full_name if person else "",
        reason=row.reason,
        lines=_lines(row.id),
        amount=row.amount,
        in_words=amount_in_words(row.amount, sale.currency, sale.language),
        means=_means(row.id),
        points_given=row.points_given,
        points_taken=row.points_taken,
        points_missing=row.points_missing,
        exchanged_for=exchanged.order_number if exchanged else "",
        exchange_order_id=row.exchange_order_id,
        prints=row.slip_prints,
        note=note.number if note else "",
    )


def _lines(return_id: int) -> tuple[ReturnLine, ...]:
    back, item = OrderReturnItem, OrderItem
    rows = session().execute(
        sa.select(item.description, item.sku, back.quantity, back.amount, back.restocked)
        .join(item, item.id == back.order_item_id)
        .where(back.return_id == return_id)
        .order_by(back.id)
    )
    return tuple(ReturnLine(*row) for row in rows)


def _means(return_id: int) -> tuple[tuple[str, Decimal, str], ...]:
    """(English name of the means, what was given back by it, number of the operation)."""
    names = OrderPayment.__table__.c.method.info["choices"]
    row = OrderPayment
    rows = session().execute(
        sa.select(row.method, -row.amount, row.transaction_id)
        .where(row.return_id == return_id)
        .order_by(row.id)
    )
    return tuple((names[method], amount, number or "") for method, amount, number in rows)
