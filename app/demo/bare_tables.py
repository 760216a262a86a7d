"""Big tables without foreign keys and secondary indexes while millions of rows go in.

Checking and indexing row by row is nearly all the time of a big load; done once at the end it is a
sort and a join. Everything happens in the load's own transaction: it ends with the same
constraints (checked anew) and indexes, or with nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import Base
from models.customers import LoyaltyMovement
from models.inventory import InventoryMovement
from models.sales import Order, OrderItem, OrderPayment, OrderStatusChange

WORTH_IT = 100_000
"""Orders from which taking the tables bare saves time."""
TABLES: tuple[type[Base], ...] = (
    Order,
    OrderItem,
    OrderPayment,
    OrderStatusChange,
    InventoryMovement,
    LoyaltyMovement,
)
FOREIGN_KEYS = sa.text(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE conrelid = CAST(:name AS regclass) AND contype = 'f' ORDER BY conname"
)
# Indexes that no constraint owns and that don't keep values unique.
INDEXES = sa.text(
    "SELECT CAST(indexrelid AS regclass)::text, pg_get_indexdef(indexrelid) FROM pg_index "
    "WHERE indrelid = CAST(:name AS regclass) AND NOT indisunique ORDER BY 1"
)


@contextmanager
def bare_tables(session: Session, orders: int) -> Iterator[None]:
    """Take the tables of orders bare inside the block, when so many orders are worth it."""
    if orders < WORTH_IT:
        yield
        return
    again = [sql for model in TABLES for sql in _strip(session, str(model.__table__.fullname))]
    yield
    session.execute(sa.select(sa.func.set_config("maintenance_work_mem", "512MB", True)))
    for sql in again:
        session.execute(sa.text(sql))


def _strip(session: Session, table: str) -> list[str]:
    """Drop what can be made again; gives the statements that do it, indexes first."""
    again: list[str] = []
    for index, definition in session.execute(INDEXES, {"name": table}).all():
        session.execute(sa.text(f"DROP INDEX {index}"))
        # The index of a partitioned table is described with ONLY; ours covers its partitions.
        again.append(definition.replace(" ON ONLY ", " ON ", 1).replace(":", "\\:"))
    for constraint, definition in session.execute(FOREIGN_KEYS, {"name": table}).all():
        session.execute(sa.text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {definition}')
    return again
