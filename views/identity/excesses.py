"""What somebody can't give because they don't have it, in words."""

from __future__ import annotations

from collections.abc import Iterable

from app.admin.describe import describe
from app.domain.granting import Excess
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.services.identity.policy_fields import policy_tables
from views.identity.action_words import action_label, screen_label

SCOPE_NAMES = {"own": _l("own rows"), "team": _l("rows of the team"), "all": _l("all rows")}
LIMIT_NAMES = {
    "discount_percent": _l("Highest discount"),
    "refund_amount": _l("Highest refund"),
    "approval_amount": _l("Approves up to"),
}
MOST = 12


def excess_lines(excesses: Iterable[Excess]) -> list[str]:
    """A line per thing, the first few of many."""
    lines = list(dict.fromkeys(_line(excess) for excess in excesses))
    if len(lines) <= MOST:
        return lines
    return [*lines[:MOST], _("and %(count)s more", count=len(lines) - MOST)]


def table_name(table: str) -> str:
    """“Orders” of ``sales.orders``; a screen that is no table by its name in words."""
    found = policy_tables().get(table)
    if found is not None:
        return _(describe(found.model).plural)
    return screen_label(table)


def field_name(table: str, name: str) -> str:
    found = policy_tables().get(table)
    described = describe(found.model).fields.get(name) if found is not None else None
    return _(described.label) if described is not None else name


def _line(excess: Excess) -> str:
    if excess.kind == "limit":
        return str(LIMIT_NAMES[excess.name])
    if excess.kind == "right":
        what = action_label(excess.name.rpartition(":")[2])
    elif excess.kind == "scope":
        what = str(SCOPE_NAMES[excess.name])
    else:
        what = field_name(excess.table, excess.name)
    return f"{table_name(excess.table)}: {what}"
