"""The states of orders in words: what they are called, and what leads to them."""

from __future__ import annotations

from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from models.base import humanize

STEPS = {
    "confirmed": (_l("Confirm"), "check"),
    "picking": (_l("Start picking"), "basket"),
    "shipped": (_l("Ship"), "truck-delivery"),
    "delivered": (_l("Mark as delivered"), "package"),
    "completed": (_l("Complete"), "circle-check"),
    "cancelled": (_l("Cancel the order"), "x"),
}
BY_OPERATION = frozenset({"paid", "returned"})
"""States that a payment or a return leads to, and nobody's button."""


def state_name(state: str) -> str:
    return _(humanize(state))


def step_name(state: str) -> str:
    """What somebody does who sets an order to the state."""
    known = STEPS.get(state)
    return str(known[0]) if known else _("Set to: %(state)s", state=state_name(state))


def step_icon(state: str) -> str:
    known = STEPS.get(state)
    return known[1] if known else "arrow-right"
