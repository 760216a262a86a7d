"""Tells the database why rows change, and what for, for the rest of the transaction."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session


def tell_why(reason: str, reference: str = "", price_change: str = "") -> None:
    """``reference`` is ``source:key``, ``price_change`` a kind of the history of prices.

    The trigger that records prices reads them, as it reads who acts; all empty takes them back.
    """
    told = {"reason": reason, "reference": reference, "price_change_type": price_change}
    session().execute(
        sa.select(*(sa.func.set_config(f"qhatu.{name}", text, True) for name, text in told.items()))
    )
