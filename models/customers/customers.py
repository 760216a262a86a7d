"""Customers, their addresses, and the record of merged duplicates."""

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
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    Money,
    SoftDelete,
    choices,
    now,
    table_args,
    trigram,
)
from models.defaults import EMPTY_OBJECT, ZERO
from models.identity import USERS

CUSTOMERS = "customers.customers.id"
# SUNAT catalogue 06: identity documents.
DOC_TYPES = choices(
    **{
        "0": "None",
        "1": "DNI",
        "4": "Foreigner's card (CE)",
        "6": "RUC",
        "7": "Passport",
        "A": "Diplomatic identity card",
    }
)


class Customer(IdentityKey, CreatedAt, SoftDelete, Base):
    __tablename__ = "customers"
    __table_args__ = table_args(
        "customers",
        sa.CheckConstraint("doc_type = '0' OR doc_number IS NOT NULL", name="doc_number_given"),
        sa.CheckConstraint("doc_type <> '1' OR doc_number ~ '^[0-9]{8}$'", name="dni_format"),
        sa.CheckConstraint("doc_type <> '6' OR doc_number ~ '^[0-9]{11}$'", name="ruc_format"),
        sa.CheckConstraint(
            "doc_type NOT IN ('4', '7', 'A') OR doc_number ~ '^[0-9A-Za-z-]{4,15}$'",
            name="foreign_document_format",
        ),
        sa.Index(
            "uq_customers_doc_number",
            "doc_number",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL AND doc_type <> '0'"),
        ),
        sa.Index(
            "uq_customers_email",
            sa.text("lower(email)"),
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(None, "created_at", "id"),
        *trigram("customers", "full_name", "doc_number", "email", "phone"),
        comment="People and businesses that buy over the counter",
    )
    __title__ = ("full_name",)
    doc_type: Mapped[str] = mapped_column(
        default="0",
        server_default="0",
        info=DOC_TYPES,
        comment="Identity document (SUNAT catalogue 06)",
    )
    doc_number: Mapped[str | None] = mapped_column(
        comment="Number of the document: 8 digits for a DNI, 11 for a RUC"
    )
    full_name: Mapped[str] = mapped_column(comment="Name, or registered name of a business")
    email: Mapped[str | None] = mapped_column(info=EMAIL, comment="E-mail address for receipts")
    phone: Mapped[str | None] = mapped_column(comment="Telephone")
    birth_date: Mapped[dt.date | None] = mapped_column(comment="Date of birth")
    gender: Mapped[str | None] = mapped_column(
        info=choices("female", "male", "other"), comment="Gender"
    )
    segment: Mapped[str] = mapped_column(
        default="new",
        server_default="new",
        index=True,
        comment="Group for promotions and points, kept up by the customer report",
    )
    credit_limit: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="How much may be owed at most, in soles; 0 sells nothing on credit",
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="May be chosen for new sales"
    )
    contact_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("crm.contacts.id", ondelete="SET NULL"),
        index=True,
        comment="The same person in the CRM",
    )
    company_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("crm.companies.id", ondelete="SET NULL"),
        index=True,
        comment="The same business in the CRM",
    )


class CustomerAddress(IdentityKey, Base):
    __tablename__ = "customer_addresses"
    __table_args__ = table_args(
        "customers",
        *trigram("customer_addresses", "address_line", "district"),
        sa.Index(None, "customer_id"),
        sa.Index(
            "uq_customer_addresses_default",
            "customer_id",
            unique=True,
            postgresql_where=sa.text("is_default"),
        ),
        comment="Addresses of customers",
    )
    __title__ = ("label", "address_line")
    customer_id: Mapped[int] = mapped_column(
        sa.ForeignKey(CUSTOMERS, ondelete="CASCADE"), comment="Customer"
    )
    label: Mapped[str] = mapped_column(comment="What the address is, such as home")
    address_line: Mapped[str] = mapped_column(comment="Street and number")
    district: Mapped[str | None] = mapped_column(comment="District")
    city: Mapped[str | None] = mapped_column(comment="City")
    reference: Mapped[str | None] = mapped_column(comment="How to find it")
    geo_coordinates: Mapped[str | None] = mapped_column(
        comment="Latitude and longitude in degrees, such as -12.0464, -77.0428"
    )
    is_default: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), comment="Used first; one per customer"
    )


class CustomerMerge(IdentityKey, Base):
    __tablename__ = "customer_merge_log"
    __table_args__ = table_args(
        "customers",
        *trigram("customer_merge_log", "merge_reason"),
        sa.CheckConstraint("source_customer_id <> target_customer_id", name="customers_differ"),
        sa.Index(None, "merged_at", "id"),
        comment="Duplicate customers that were merged, with what is needed to undo it",
    )
    __title__ = ("source_customer", "target_customer")
    __owners__ = ("merged_by",)
    __plural__ = "Customer merges"
    source_customer_id: Mapped[int] = mapped_column(
        sa.ForeignKey(CUSTOMERS), index=True, comment="Customer that was given up"
    )
    target_customer_id: Mapped[int] = mapped_column(
        sa.ForeignKey(CUSTOMERS), index=True, comment="Customer that stayed"
    )
    merged_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who merged them"
    )
    source_snapshot: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="The customer that was given up, whole"
    )
    merge_strategy: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="What was taken from which, and moved"
    )
    merge_reason: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Why they were merged")
    merged_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When they were merged"
    )
    undone_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the merge was undone"
    )
    undone_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, info=READONLY, comment="Who undid the merge"
    )
