"""Groups of settings as the page names them, in the order it shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from models.base import humanize


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    label: str
    icon: str


_KNOWN: dict[str, tuple[Any, str]] = {
    "company": (_l("Business"), "building-store"),
    "tax": (_l("Taxes"), "receipt-tax"),
    "sales": (_l("Sales"), "shopping-cart"),
    "inventory": (_l("Inventory"), "packages"),
    "loyalty": (_l("Loyalty"), "stars"),
    "crm": (_l("Customer relations"), "target-arrow"),
    "services": (_l("Services"), "tools"),
    "billing": (_l("Billing"), "file-invoice"),
    "sunat": (_l("SUNAT"), "file-certificate"),
    "expenses": (_l("Expenses"), "wallet"),
    "documents": (_l("Documents"), "files"),
    "payments": (_l("Online payments"), "credit-card"),
    "mail": (_l("E-mail"), "mail"),
    "notifications": (_l("Notifications"), "bell"),
    "portal": (_l("Customer portal"), "user-circle"),
    "webhooks": (_l("Webhooks"), "webhook"),
    "security": (_l("Security"), "shield-lock"),
    "oidc": (_l("Single sign-on"), "login-2"),
    "audit": (_l("Audit"), "history"),
    "jobs": (_l("Background work"), "checklist"),
}


def groups_of(keys: set[str]) -> tuple[Group, ...]:
    """The groups with these keys; those that the page doesn't know come last, by name."""
    known = [key for key in _KNOWN if key in keys]
    return tuple(_group(key) for key in (*known, *sorted(keys - _KNOWN.keys())))


def _group(key: str) -> Group:
    label, icon = _KNOWN.get(key, (_(humanize(key)), "adjustments"))
    return Group(key, str(label), icon)


def unit_label(unit: str) -> str:
    """The unit of ``x-unit`` in the reader's language; signs stay as they are."""
    units = {
        "seconds": _("seconds"),
        "minutes": _("minutes"),
        "hours": _("hours"),
        "days": _("days"),
        "months": _("months"),
        "characters": _("characters"),
        "attempts": _("attempts"),
        "requests": _("requests"),
        "failures": _("failures"),
    }
    return units.get(unit, unit)
