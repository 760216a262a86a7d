"""Moving an order on the board: the steps of its way to the customer, by the one operation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.sales.order_errors import ReasonNeededError
from app.services.sales.transition_order import TransitionOrder, transition_order

BY_HAND = frozenset({"confirmed", "picking", "shipped", "delivered", "completed"})
"""States that say what was done with the goods. The others follow from money or goods that move:
a payment, a cancellation, a return."""


class NotByHandError(DomainError):
    """The state is the result of an operation, not a place to drag an order to."""

    code = "not_by_hand"


class NeedsReasonError(DomainError):
    """A change that somebody must approve is asked for with a reason, which a board has no place
    for."""

    code = "needs_reason"


def move_order(order: Any, to_status: str) -> None:
    """Change the state as :func:`transition_order` allows; raises what it does.

    What must be approved is asked for on the order's page, with a reason.
    """
    if to_status not in BY_HAND:
        raise NotByHandError(_("An order gets this state by an operation of its own."))
    command = TransitionOrder(order_id=order.id, to_status=to_status)
    try:
        transition_order(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
    except ReasonNeededError:
        raise NeedsReasonError(
            _("This must be approved: open the order and ask for it, with a reason.")
        ) from None
