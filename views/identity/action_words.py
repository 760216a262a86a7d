"""Actions of rights, and screens that are in no menu, in words."""

from __future__ import annotations

from typing import Any

from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from models.base import humanize

USUAL = ("read", "create", "update", "delete", "export")
"""Actions that get a column of their own where some screen has them; all others are special."""
WORDS: dict[str, Any] = {
    "read": _l("Read"),
    "create": _l("Create"),
    "update": _l("Update"),
    "delete": _l("Delete"),
    "export": _l("Export"),
    "restore": _l("Restore"),
    "purge": _l("Delete for good"),
    "approve": _l("Approve"),
    "use": _l("Use"),
    "get": _l("Get"),
    "share": _l("Share"),
    "impersonate": _l("Act as others"),
    "undo": _l("Undo"),
    "pay": _l("Record payments"),
    "approve_own": _l("Answer what one asked for oneself"),
    "cancel": _l("Cancel"),
    "issue": _l("Issue documents"),
    "return": _l("Take back"),
    "adjust_points": _l("Correct points"),
    "adjust_wallet": _l("Correct wallets"),
}
SCREENS: dict[str, Any] = {
    "MenuApi": _l("Menu"),
    "customers.overview": _l("Overview of a customer"),
    "identity.access": _l("What users may do"),
    "platform.api": _l("API reference"),
    "sales.order_desk": _l("Orders by phone and web"),
    "platform.first_run": _l("First steps"),
    "platform.trash": _l("Trash"),
}


def action_label(action: str) -> str:
    return str(WORDS[action]) if action in WORDS else _(humanize(action))


def screen_label(resource: str) -> str:
    """The name of a screen that is neither a table nor in the menu."""
    if resource in SCREENS:
        return str(SCREENS[resource])
    return _(humanize(resource.rpartition(".")[2]))
