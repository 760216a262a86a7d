"""A customer pays with points."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.actor import Actor
from app.db import atomic
from app.i18n import lazy_gettext as _
from app.services.customers.errors import InvalidPointsError
from app.services.customers.loyalty import PointsChange, post_points, worth_of


def redeem_points(
    customer_id: int, points: int, order_id: int, *, actor: Actor, now: dt.datetime
) -> Decimal:
    """Take the points for the order; gives what they pay, in soles
    (:func:`~app.services.customers.loyalty.worth_of`, which tells it beforehand).

    Part of the operation that sells, inside its transaction and its claim. Locks the customer's
    loyalty account. Raises :class:`InvalidPointsError`, also where points pay nothing, and
    :class:`~app.services.customers.errors.InsufficientPointsError`.
    """
    del actor  # the audit log knows
    worth = worth_of(points)
    if points < 1 or not worth:
        sentence = _("These points pay nothing.")
        raise InvalidPointsError(sentence, fields={"points": str(sentence)})
    with atomic():
        post_points(customer_id, PointsChange("redeem", -points, order_id), now=now)
    return worth
