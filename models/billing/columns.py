"""Choices and references that the billing tables share."""

from __future__ import annotations

import uuid
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

from models.base import choices

INVOICES = "billing.invoices.id"
QUOTES = "billing.quotes.id"
PAYMENTS = "billing.payments.id"

DISCOUNT_TYPES = choices("percent", "fixed")
DELIVERY_METHODS = choices("email", "portal", "post", "by_hand", email="E-mail")
LINE_TYPES = choices("service", "product", "time", "expense", "fee", "section", "note")

HAS_CUSTOMER = "num_nonnulls(customer_company_id, customer_contact_id) > 0"

ToInvoice = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(INVOICES), index=True)]
ToPayment = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(PAYMENTS), index=True)]
ToTemplate = Annotated[
    uuid.UUID, mapped_column(sa.ForeignKey("billing.invoice_templates.id"), index=True)
]
ToBillingInfo = Annotated[
    uuid.UUID, mapped_column(sa.ForeignKey("billing.customer_billing_info.id"), index=True)
]
LineUnit = Annotated[
    str,
    mapped_column(
        default="ZZ",
        server_default="ZZ",
        comment="Unit of measure, SUNAT catalogue 03, such as ZZ for a service or HUR for hours",
    ),
]
