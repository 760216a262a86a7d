"""Receipts of sales."""

from __future__ import annotations

import datetime as dt

from jobs.sweeping import sweep

PATIENCE = dt.timedelta(minutes=1)


def render_receipt(order_id: str) -> str:
    """Make the receipt of an order; does nothing when it is made already."""
    from app.services.sales.make_receipt import make_receipt

    return make_receipt(int(order_id))


def sweep_receipts() -> int:
    """Make the receipts whose doorbell was lost or whose worker died; tells how many waited."""
    from app.services.sales.make_receipt import make_receipt, waiting_receipts

    waiting = waiting_receipts(older_than=dt.datetime.now(dt.UTC) - PATIENCE)
    return sweep(waiting, make_receipt)
