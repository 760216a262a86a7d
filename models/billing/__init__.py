"""Quotes, invoices, payments, refunds, credits and recurring invoices."""

from __future__ import annotations

from models.billing.credits import CreditApplication, CreditNote
from models.billing.invoice_lines import InvoiceLineItem
from models.billing.invoices import Invoice
from models.billing.payments import InvoicePayment, PaymentLink, PaymentMethod
from models.billing.quotes import Quote, QuoteLineItem, QuoteStatus
from models.billing.recurring import (
    RecurringFrequency,
    RecurringInvoice,
    RecurringInvoiceHistory,
    RecurringInvoiceLineItem,
)
from models.billing.refunds import Refund, RefundReason
from models.billing.reminders import PaymentReminder
from models.billing.terms import CustomerBillingInfo, InvoiceTemplate

__all__ = [
    "CreditApplication",
    "CreditNote",
    "CustomerBillingInfo",
    "Invoice",
    "InvoiceLineItem",
    "InvoicePayment",
    "InvoiceTemplate",
    "PaymentLink",
    "PaymentMethod",
    "PaymentReminder",
    "Quote",
    "QuoteLineItem",
    "QuoteStatus",
    "RecurringFrequency",
    "RecurringInvoice",
    "RecurringInvoiceHistory",
    "RecurringInvoiceLineItem",
    "Refund",
    "RefundReason",
]
