"""What people are told of, and how unless they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import lazy_gettext as _l

PREFERENCE = "notifications"
"""Key of a user's choices: ``{event: {"in_app": bool, "email": bool}}``."""


@dataclass(frozen=True, slots=True)
class Event:
    """``in_app`` and ``email`` are how it is told to who has chosen nothing. ``as_is`` names the
    event whose choice holds for this one too."""

    label: object
    icon: str = "bell"
    in_app: bool = True
    email: bool = False
    as_is: str = ""


EVENTS: dict[str, Event] = {
    "mentioned": Event(_l("Somebody mentions me in a comment"), "at", email=True),
    "commented": Event(_l("Somebody comments on a record that I follow"), "message-circle"),
    "record_assigned": Event(_l("Somebody gives me a record"), "user-check"),
    "record_changed": Event(_l("Somebody changes a record that I follow"), "pencil"),
    "records_changed": Event(
        _l("Somebody changes records that I follow"), "pencil", as_is="record_changed"
    ),
    "work_finished": Event(_l("Long work that I started is over"), "checklist"),
    "task_due": Event(_l("A task of mine is due"), "clock-exclamation"),
    "job_assigned": Event(_l("A job is assigned to me"), "briefcase"),
    "lead_assigned": Event(_l("A lead is assigned to me"), "user-plus"),
    "approval_requested": Event(_l("Somebody asks me for an approval"), "rubber-stamp"),
    "order_approval_requested": Event(
        _l("Somebody asks me to approve a change of an order"),
        "rubber-stamp",
        as_is="approval_requested",
    ),
    "order_approved": Event(_l("What I asked for is approved"), "circle-check"),
    "order_rejected": Event(_l("What I asked for is rejected"), "circle-x", as_is="order_approved"),
    "expense_submitted": Event(_l("An expense waits for my approval"), "receipt"),
    "stock_low": Event(_l("Stock runs low"), "packages"),
    "cash_difference": Event(_l("A till closes with a difference"), "cash-register"),
    "cash_approval": Event(_l("A till waits for my approval"), "rubber-stamp"),
    "cash_approved": Event(_l("The difference of my till is decided on"), "cash-register"),
    "cash_rejected": Event(
        _l("I shall count my till again"), "cash-register", as_is="cash_approved"
    ),
    "credit_note_due": Event(_l("Goods come back whose sale has a document"), "receipt-refund"),
    "quote_accepted": Event(_l("A customer accepts a quote"), "writing-sign"),
    "invoice_paid": Event(_l("A customer pays an invoice"), "coin"),
    "invoice_overdue": Event(_l("An invoice is overdue"), "calendar-exclamation"),
    "document_rejected": Event(_l("SUNAT rejects a document"), "file-x"),
    "document_waits": Event(_l("A document for SUNAT waits for a person"), "file-alert"),
    "certificate_expires": Event(_l("The signing certificate is about to expire"), "certificate"),
}
"""The events that users may choose about. Any other name is told in the application only."""


def channels(event: str, chosen: object) -> frozenset[str]:
    """Channels in which a user with the stored choices ``chosen`` is told of the event."""
    known = EVENTS.get(event)
    if known is None:
        return frozenset({"in_app"})
    wanted = {"in_app": known.in_app, "email": known.email}
    mine = chosen.get(known.as_is or event) if isinstance(chosen, dict) else None
    if isinstance(mine, dict):
        wanted |= {name: bool(mine[name]) for name in wanted if name in mine}
    return frozenset(name for name, on in wanted.items() if on)
