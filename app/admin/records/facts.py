"""What matters most of a record, for the head of its page: its state, and a few facts.

Chosen by what a column is: whose the record is, whom it is for, what it comes to, by when. A table
may name its own (``Table(facts=…)``).
"""

from __future__ import annotations

from typing import Any

from app.admin.access import readable
from app.admin.describe import Description, Field

STATES = ("status", "state", "status_id", "stage_id")
PARTIES = ("customer_id", "customer_company_id", "company_id", "customer_contact_id", "contact_id")
AMOUNTS = (
    "grand_total",
    "total_amount",
    "amount",
    "balance_due",
    "balance",
    "outstanding_amount",
    "base_price",
    "price",
    "estimated_value",
    "available_credit",
)
DATES = (
    "due_date",
    "expected_close_date",
    "valid_until",
    "next_invoice_date",
    "expires_at",
    "invoice_date",
    "quote_date",
    "expense_date",
    "start_time",
    "ends_at",
)
PEOPLE = ("owner_id", "assigned_to")
MOST = 6
OF_A_KIND = 2


def state_field(description: Description) -> Field | None:
    """The column that says how far the record is, if the person may see one."""
    fields = {field.name: field for field in readable(description)}
    known = (fields[name] for name in STATES if name in fields)
    return next((f for f in known if f.choices or f.usual or f.target is not None), None)


def fact_fields(description: Description, declared: tuple[str, ...] = ()) -> list[Field]:
    """At most six columns, of those that the person may see."""
    fields = {field.name: field for field in readable(description)}
    if declared:
        return [fields[name] for name in declared if name in fields]
    owners = (*PEOPLE, *(name for name in description.model.__owners__ if "." not in name))
    groups = ((PARTIES, 1), (AMOUNTS, OF_A_KIND), (DATES, OF_A_KIND), (owners, 1))
    chosen: list[Field] = []
    for names, most in groups:
        of_group = [fields[name] for name in dict.fromkeys(names) if name in fields]
        chosen += [field for field in of_group if field.name not in description.keys][:most]
    return chosen[:MOST]


def filled(fields: list[Field], row: Any) -> list[Field]:
    """Those that have a value in this record."""
    return [field for field in fields if getattr(row, field.name) not in (None, "")]
