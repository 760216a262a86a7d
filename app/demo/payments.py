"""What was paid on the invoices, given back, and credited."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.demo.bills import Bill
from app.demo.world import World, at, new_uuid
from app.domain.money import ZERO, to_cents
from models.billing import (
    CreditApplication,
    CreditNote,
    InvoicePayment,
    PaymentMethod,
    Refund,
    RefundReason,
)

METHODS = ("transfer", "transfer", "transfer", "deposit", "yape", "card", "check")
CARD_FEE = Decimal("0.0399")
PAID_IN_FULL, PAID_IN_PART = 0.80, 0.90
REFUNDS, CREDITS, OPEN_CREDITS = 5, 8, 3
BANKS = ("Banco Andino", "Banco del Sur", "Caja Central")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment of a bill."""

    id: uuid.UUID
    bill: Bill
    amount: Decimal
    day: dt.date
    method: str


def plan_payments(world: World, bills: list[Bill]) -> list[Receipt]:
    """Who paid what; the bills learn it."""
    dice = world.dice("payments")
    receipts: list[Receipt] = []
    for bill in bills:
        if bill.is_draft or bill.is_void:
            continue
        chance = dice.random()
        share = Decimal(1) if chance < PAID_IN_FULL else Decimal("0.4")
        if chance > PAID_IN_PART:
            continue
        day = bill.due + dt.timedelta(days=dice.randint(-5, 8))
        receipts += _pay(dice, bill, to_cents(bill.total * share), max(day, bill.day), world.today)
    return sorted(receipts, key=lambda receipt: (receipt.day, receipt.id))


def _pay(
    dice: random.Random, bill: Bill, amount: Decimal, day: dt.date, today: dt.date
) -> list[Receipt]:
    """One payment, or two halves a week apart; none in the future."""
    parts = [(day, amount)]
    if dice.random() < 0.25:  # noqa: PLR2004 - some pay in two parts
        half = to_cents(amount / 2)
        parts = [(day, half), (day + dt.timedelta(days=7), amount - half)]
    receipts = []
    for when, part in parts:
        if when <= today:
            key = new_uuid(dice, at(when, 10))
            receipts.append(Receipt(key, bill, part, when, dice.choice(METHODS)))
            bill.paid += part
            bill.payment_days.append(when)
    return receipts


def plan_credits(world: World, bills: list[Bill], receipts: list[Receipt]) -> _Corrections:
    """Refunds (each with a credit note for it) and credit notes applied to open invoices."""
    dice = world.dice("credits")
    made = _Corrections([], [], [])
    refunded = [receipt for receipt in receipts if receipt.bill.open_amount == 0]
    for receipt in dice.sample(refunded, min(REFUNDS, len(refunded))):
        amount = to_cents(receipt.amount / 4)
        made.refunds.append((receipt, amount, new_uuid(dice, at(receipt.day, 15))))
        receipt.bill.refunded += amount
        receipt.bill.credited += amount
    open_bills = [
        bill for bill in bills if bill.number and bill.open_amount > 0 and not bill.is_void
    ]
    for bill in dice.sample(open_bills, min(CREDITS, len(open_bills))):
        amount = to_cents(bill.open_amount / 5)
        made.credits.append((bill, amount))
        bill.credited += amount
    for bill in dice.sample(bills, min(OPEN_CREDITS, len(bills))):
        made.unused.append((bill, Decimal(dice.choice((50, 80, 120)))))
    return made


@dataclass(frozen=True, slots=True)
class _Corrections:
    refunds: list[tuple[Receipt, Decimal, uuid.UUID]]
    credits: list[tuple[Bill, Decimal]]
    unused: list[tuple[Bill, Decimal]]


def add_payments(world: World, receipts: list[Receipt], corrections: _Corrections) -> None:
    """Write payments, refunds and credit notes; the invoices are there."""
    dice, methods = world.dice("operations"), world.lookup(PaymentMethod, key="code")
    refunded = {receipt.id for receipt, _amount, _key in corrections.refunds}
    rows = []
    for receipt in receipts:
        fee = to_cents(receipt.amount * CARD_FEE) if receipt.method == "card" else ZERO
        rows.append(
            {
                "id": receipt.id,
                "payment_number": world.numbered("PAG", receipt.day),
                "invoice_id": receipt.bill.id,
                "amount": receipt.amount,
                "payment_date": receipt.day,
                "payment_method_id": methods[receipt.method],
                "reference_number": str(dice.randint(10**7, 10**8)),
                "processing_fee": fee,
                "status": "partially_refunded" if receipt.id in refunded else "completed",
                "bank_name": dice.choice(BANKS) if receipt.method in METHODS[:4] else None,
                "recorded_by": world.users["accountant"],
                "processed_at": world.past(at(receipt.day, 16)),
                "created_at": world.past(at(receipt.day, 16)),
                "updated_at": world.past(at(receipt.day, 16)),
            }
        )
    world.bulk.add(InvoicePayment, rows)
    _add_refunds(world, corrections)
    _add_credit_notes(world, dice, corrections)


def _add_refunds(world: World, corrections: _Corrections) -> None:
    reasons, accountant = world.lookup(RefundReason), world.users["accountant"]
    rows = []
    for receipt, amount, key in corrections.refunds:
        moment = world.past(at(receipt.day, 17))
        rows.append(
            {
                "id": key,
                "refund_number": world.numbered("DEV", receipt.day),
                "payment_id": receipt.id,
                "invoice_id": receipt.bill.id,
                "amount": amount,
                "reason_id": reasons["Unsatisfactory service"],
                "reason_description": "Parte del trabajo no se ejecutó",
                "refund_date": receipt.day,
                "status": "completed",
                "approved_by": world.users["manager"],
                "approved_at": moment,
                "processed_at": moment,
                "requested_by": accountant,
                "processed_by": accountant,
                "created_at": moment,
                "updated_at": moment,
            }
        )
    world.bulk.add(Refund, rows)


def _add_credit_notes(world: World, dice: random.Random, corrections: _Corrections) -> None:
    notes: list[dict[str, Any]] = []
    applications: list[dict[str, Any]] = []
    wanted = [
        *((receipt.bill, amount, key, receipt.day) for receipt, amount, key in corrections.refunds),
        *((bill, amount, None, bill.due) for bill, amount in corrections.credits),
    ]
    for bill, amount, refund, day in wanted:
        note = _note(world, dice, bill, amount, min(day, world.today))
        note |= {
            "reason": "refund" if refund else "discount",
            "refund_id": refund,
            "balance_remaining": ZERO,
            "status": "used",
        }
        notes.append(note)
        applications.append(
            {
                "credit_note_id": note["id"],
                "invoice_id": bill.id,
                "amount_applied": amount,
                "applied_date": note["credit_date"],
                "applied_by": world.users["accountant"],
                "created_at": note["created_at"],
            }
        )
    for bill, amount in corrections.unused:
        note = _note(world, dice, bill, amount, world.today - dt.timedelta(days=9))
        note |= {"reason": "goodwill", "refund_id": None, "balance_remaining": amount}
        notes.append({**note, "status": "open"})
    notes.sort(key=lambda note: (note["credit_date"], note["id"]))
    for note in notes:
        note["credit_number"] = world.numbered("NC", note["credit_date"])
    world.bulk.add(CreditNote, notes)
    world.bulk.add(CreditApplication, applications)


def _note(
    world: World, dice: random.Random, bill: Bill, amount: Decimal, day: dt.date
) -> dict[str, Any]:
    moment = world.past(at(day, 17))
    return {
        "id": new_uuid(dice, moment),
        "credit_number": "",
        "customer_company_id": bill.client.id,
        "customer_contact_id": bill.client.contact_id,
        "amount": amount,
        "description": "Según lo acordado con el cliente",
        "credit_date": day,
        "expires_at": day + dt.timedelta(days=365),
        "invoice_id": bill.id if bill.number else None,
        "created_by": world.users["accountant"],
        "created_at": moment,
        "updated_at": moment,
    }
