"""A cashier opens a till."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.inventory.stock import require_location
from app.services.sales.amounts import require_cash
from app.services.sales.errors import CashSessionAlreadyOpenError, NoSalesHereError
from models.sales import CashSession


@dataclass(frozen=True, slots=True)
class OpenCashSession:
    """``starting_cash`` in soles is the float in the drawer."""

    location_id: int
    starting_cash: Decimal


def open_cash_session(command: OpenCashSession, *, actor: Actor, now: dt.datetime) -> int:
    """Open a session of the actor at a location that allows sales; gives its id.

    One open session per user and location, under any concurrency:
    :class:`CashSessionAlreadyOpenError` has the id of the one that is open. Also raises
    :class:`~app.services.sales.errors.InvalidAmountError`, :class:`NoSalesHereError` and
    :class:`~app.services.inventory.errors.UnknownLocationError`.
    """
    if actor.user_id is None:
        raise ForbiddenError(_("A till belongs to a person."))
    cash = require_cash(command.starting_cash, "starting_cash")
    with atomic() as current:
        location = require_location(command.location_id)
        if not location.allows_sales:
            raise NoSalesHereError(location.name)
        made = current.scalar(
            insert(CashSession)
            .values(
                user_id=actor.user_id, location_id=location.id, starting_cash=cash, opened_at=now
            )
            .on_conflict_do_nothing(
                index_elements=["user_id", "location_id"], index_where=sa.text("status = 'open'")
            )
            .returning(CashSession.id)
        )
        if made is None:
            raise CashSessionAlreadyOpenError(_open_one(actor.user_id, location.id))
        return int(made)


def _open_one(user_id: int, location_id: int) -> int:
    found = session().scalar(
        sa.select(CashSession.id).where(
            CashSession.user_id == user_id,
            CashSession.location_id == location_id,
            CashSession.status == "open",
        )
    )
    return found or 0
