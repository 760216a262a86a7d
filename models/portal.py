"""Log-ins of customers and what they did in the portal."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    EMAIL,
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    SECRET,
    Base,
    CreatedAt,
    Inet,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.columns import Creator, No, ToCompany, ToContact, Yes

ACTIVITIES = choices(
    "login",
    "login_failed",
    "logout",
    "view_invoice",
    "view_quote",
    "accept_quote",
    "reject_quote",
    "make_payment",
    "download_document",
    "download_statement",
    "update_details",
    login="Log-in",
    login_failed="Failed log-in",
    logout="Log-out",
)


class CustomerPortalAccess(UuidKey, Timestamps, Base):
    __tablename__ = "customer_portal_access"
    __table_args__ = table_args(
        "portal",
        sa.Index("uq_customer_portal_access_email_lower", sa.text("lower(email)"), unique=True),
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0", name="has_customer"
        ),
        *trigram("customer_portal_access", "email"),
        comment="Log-ins of customers to the portal",
    )
    __title__ = ("email",)
    __plural__ = "Portal access"
    customer_company_id: Mapped[ToCompany | None] = mapped_column(
        comment="Company whose documents are shown"
    )
    customer_contact_id: Mapped[ToContact | None] = mapped_column(
        comment="Person who signs in, or the private customer"
    )
    email: Mapped[str] = mapped_column(info=EMAIL, comment="E-mail address to sign in with")
    password_hash: Mapped[str | None] = mapped_column(
        info=SECRET, comment="Hash of the password; empty for links by e-mail only"
    )
    access_token: Mapped[str | None] = mapped_column(
        unique=True, info=SECRET, comment="SHA-256 of the token in the one-time sign-in link"
    )
    token_expires_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the sign-in link stops working"
    )
    is_active: Mapped[Yes] = mapped_column(comment="May sign in")
    email_verified: Mapped[No] = mapped_column(
        info=READONLY, comment="The address was shown to be the customer's"
    )
    email_verification_token: Mapped[str | None] = mapped_column(
        unique=True, info=SECRET, comment="SHA-256 of the token in the verification link"
    )
    last_login_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Last time signed in"
    )
    login_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=READONLY | NOT_NEGATIVE, comment="Times signed in"
    )
    can_view_invoices: Mapped[Yes] = mapped_column(comment="May see invoices and balances")
    can_make_payments: Mapped[Yes] = mapped_column(comment="May pay invoices online")
    can_view_quotes: Mapped[Yes] = mapped_column(comment="May see, accept and reject quotes")
    can_download_documents: Mapped[Yes] = mapped_column(comment="May download files")
    created_by: Mapped[Creator | None]


class CustomerPortalActivity(UuidKey, CreatedAt, Base):
    __tablename__ = "customer_portal_activity"
    __table_args__ = table_args(
        "portal",
        sa.Index(None, "portal_access_id", "created_at"),
        sa.Index(None, "created_at", postgresql_using="brin"),
        comment="What customers did in the portal; rows are only added",
    )
    __title__ = ("activity_type",)
    __parents__ = ("portal_access_id",)
    __plural__ = "Portal activity"
    portal_access_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("portal.customer_portal_access.id", ondelete="CASCADE"),
        info=READONLY,
        comment="Log-in of the customer",
    )
    activity_type: Mapped[str] = mapped_column(info=READONLY | ACTIVITIES, comment="What was done")
    invoice_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.invoices.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Invoice seen or paid",
    )
    quote_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.quotes.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Quote seen, accepted or rejected",
    )
    payment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.payments.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Payment made",
    )
    document_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("documents.documents.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="File downloaded",
    )
    description: Mapped[str | None] = mapped_column(
        info=READONLY | MULTILINE, comment="Details, such as which fields were changed"
    )
    ip_address: Mapped[Inet | None] = mapped_column(info=READONLY, comment="Address it came from")
    user_agent: Mapped[str | None] = mapped_column(info=READONLY, comment="Browser")
