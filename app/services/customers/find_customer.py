"""The customers that somebody may work with."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.services.customers.errors import CustomerNotFoundError
from models.customers import Customer


def find_customer(
    customer_id: int, *, actor: Actor, action: str = "read", share: bool = False
) -> Customer:
    """The live customer within the row scope of the actor's roles for ``action``.

    ``share`` keeps the customer from being merged into another until the transaction ends, and
    nothing else from anybody (``FOR KEY SHARE``): for an operation that writes rows of the
    customer's. Take it before the locks of the customer's points and wallet. Raises
    :class:`CustomerNotFoundError`, also for a deleted customer and one out of reach.
    """
    statement = sa.select(Customer).where(Customer.id == customer_id)
    statement = scoped(statement, Customer, Reader.of(actor), action)
    if share:
        statement = statement.with_for_update(read=True, key_share=True, of=Customer)
    fresh = {"populate_existing": True} if share else {}
    customer: Customer | None = session().scalar(statement, execution_options=fresh)
    if customer is None:
        raise CustomerNotFoundError(customer_id)
    return customer
