"""Amount limits of roles: how large a discount, refund or approval somebody may give."""

from __future__ import annotations

from decimal import Decimal

from app.actor import Actor
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l

NAMES = {
    "discount_percent": _l("percentage discount"),
    "refund_amount": _l("refund"),
    "approval_amount": _l("approval"),
}


class OverLimitError(ForbiddenError):
    """More than the person's roles allow; somebody with a higher limit may do it."""

    code = "over_limit"


def require_limit(actor: Actor, name: str, amount: Decimal, *, field: str = "") -> None:
    """Raise :class:`OverLimitError` when ``amount`` is above the actor's limit ``name``.

    ``name`` is one of :data:`app.domain.access_policy.LIMITS`; the sign of the amount doesn't
    matter. The message stands beside ``field``, if given. The system has no limits.
    """
    limit = actor.policy.limit(name)
    if limit is None or abs(amount) <= limit:
        return
    text = _(
        "Your %(what)s limit is %(limit)s; this is %(amount)s.",
        what=NAMES[name],
        limit=f"{limit:f}",
        amount=f"{abs(amount):f}",
    )
    raise OverLimitError(
        text,
        fields={field: text} if field else {},
        limit=name,
        allowed=f"{limit:f}",
        asked=f"{abs(amount):f}",
    )
