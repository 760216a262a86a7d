"""Long forms in parts: by what the model says, else by what kind of thing a column holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.admin.describe import Description, Field
from app.admin.forms.shown import Part
from app.admin.money import is_money, is_percent
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l

# A form this short is read at a glance.
SHORT = 12
# Fewer don't make a part of their own.
FEW = 3
MAIN, DETAILS = "main", "details"
CONTACT_WORDS = frozenset(
    {
        *("email", "phone", "mobile", "website", "address", "city", "state", "postal"),
        *("country", "district", "ubigeo", "url"),
    }
)
TITLES = {
    "contact": _l("Contact"),
    "billing": _l("Billing address"),
    "shipping": _l("Shipping address"),
    "about": _l("What it is about"),
    "amounts": _l("Amounts"),
    "dates": _l("Dates"),
    "options": _l("Options"),
    DETAILS: _l("Details"),
}
ABOUT = frozenset({"contact_id", "company_id", "lead_id", "deal_id", "job_id"})


def parts_of(form: Any, description: Description, fields: Iterable[Field]) -> tuple[Part, ...]:
    """The form's fields in parts, each in the order of the table; the main one comes first."""
    named = list(fields)
    groups: dict[str, list[Field]] = {MAIN: []}
    long = len(named) > SHORT
    for field in named:
        groups.setdefault(_part(field) if long else _short_part(field), []).append(field)
    for name in [name for name in groups if name not in (MAIN, DETAILS)]:
        if len(groups[name]) < FEW:
            groups[MAIN] += groups.pop(name)
    order = [MAIN, *(name for name in TITLES if name in groups)]
    order += [name for name in groups if name not in order]
    return tuple(
        Part(f"part-{name}", _title(name, description), tuple(form[f.name] for f in members))
        for name in order
        if (members := [field for field in named if field in groups[name]])
    )


def _title(name: str, description: Description) -> str:
    if name == MAIN:
        return _(description.label)
    return str(TITLES[name]) if name in TITLES else _(name)


def _short_part(field: Field) -> str:
    return DETAILS if field.wide else MAIN


def _part(field: Field) -> str:
    if section := field.column.info.get("section"):
        return str(section)
    words = set(field.name.split("_"))
    if field.wide or field.kind == "texts":
        return DETAILS
    if field.name in ABOUT:
        return "about"
    if field.kind in ("text", "url", "email") and words & CONTACT_WORDS:
        return next((name for name in ("billing", "shipping") if name in words), "contact")
    return _part_by_kind(field)


def _part_by_kind(field: Field) -> str:
    if is_money(field) or is_percent(field) or field.name in ("currency", "exchange_rate"):
        return "amounts"
    return {"boolean": "options", "date": "dates", "datetime": "dates"}.get(field.kind, MAIN)
