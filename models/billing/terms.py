"""How each customer is billed, and what the documents look like."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    EMAIL,
    MULTILINE,
    NOT_NEGATIVE,
    PERCENT,
    Base,
    Json,
    Money,
    Percent,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.billing.columns import DELIVERY_METHODS, HAS_CUSTOMER
from models.columns import URL, Creator, Currency, No, ToCompany, ToContact, Yes
from models.defaults import EMPTY_OBJECT


class CustomerBillingInfo(UuidKey, Timestamps, Base):
    __tablename__ = "customer_billing_info"
    __table_args__ = table_args(
        "billing",
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint(HAS_CUSTOMER, name="has_customer"),
        *trigram("customer_billing_info", "billing_address_line_1", "tax_id"),
        comment="Addresses, terms and tax details that customers are billed with",
    )
    __title__ = ("tax_id", "billing_address_line_1")
    __plural__ = "Billing details"
    customer_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company billed")
    customer_contact_id: Mapped[ToContact | None] = mapped_column(
        comment="Contact billed, or who receives the company's invoices"
    )
    billing_address_line_1: Mapped[str | None] = mapped_column(comment="Street and number")
    billing_address_line_2: Mapped[str | None] = mapped_column(
        comment="Floor, office or urbanisation"
    )
    billing_city: Mapped[str | None] = mapped_column(comment="City or district")
    billing_state: Mapped[str | None] = mapped_column(comment="Department or region")
    billing_postal_code: Mapped[str | None] = mapped_column(comment="Postal code")
    billing_country: Mapped[str | None] = mapped_column(
        default="PE", server_default="PE", comment="Country, two letters (ISO 3166)"
    )
    shipping_address_line_1: Mapped[str | None] = mapped_column(
        comment="Street and number of the delivery address, when it is another"
    )
    shipping_address_line_2: Mapped[str | None] = mapped_column(
        comment="Floor, office or urbanisation of the delivery address"
    )
    shipping_city: Mapped[str | None] = mapped_column(
        comment="City or district of the delivery address"
    )
    shipping_state: Mapped[str | None] = mapped_column(
        comment="Department or region of the delivery address"
    )
    shipping_postal_code: Mapped[str | None] = mapped_column(
        comment="Postal code of the delivery address"
    )
    shipping_country: Mapped[str | None] = mapped_column(
        comment="Country of the delivery address, two letters (ISO 3166)"
    )
    payment_terms_days: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Days from invoice to due date; zero for payment at once",
    )
    payment_terms_label: Mapped[str | None] = mapped_column(
        comment="Terms as printed, such as 30 days net"
    )
    preferred_payment_method: Mapped[str | None] = mapped_column(
        comment="Code of the payment method the customer uses"
    )
    credit_limit: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE | {"currency": "preferred_currency"},
        comment="Most that may be owed; empty for no limit",
    )
    tax_id: Mapped[str | None] = mapped_column(comment="RUC, DNI or foreign tax number")
    tax_exemption_id: Mapped[str | None] = mapped_column(
        comment="Number of the exemption certificate"
    )
    is_tax_exempt: Mapped[No] = mapped_column(comment="No tax is added to the invoices")
    default_tax_rate: Mapped[Percent | None] = mapped_column(
        info=PERCENT, comment="Tax of new lines, percent; empty for the usual rate"
    )
    preferred_currency: Mapped[Currency] = mapped_column(comment="Currency of new documents")
    price_list_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="Price list of the customer, by its key in another system"
    )
    invoice_delivery_method: Mapped[str] = mapped_column(
        default="email",
        server_default="email",
        info=DELIVERY_METHODS,
        comment="How invoices reach the customer",
    )
    send_payment_reminders: Mapped[Yes] = mapped_column(
        comment="Reminders are sent before and after the due date"
    )


class InvoiceTemplate(UuidKey, Timestamps, Base):
    __tablename__ = "invoice_templates"
    __table_args__ = table_args(
        "billing",
        sa.Index(
            "uq_invoice_templates_default",
            "template_type",
            unique=True,
            postgresql_where=sa.text("is_default"),
        ),
        sa.CheckConstraint("is_active OR NOT is_default", name="default_is_active"),
        comment="Layouts of the PDF documents; one of each type is the default",
    )
    __title__ = ("name",)
    __plural__ = "Document templates"
    name: Mapped[str] = mapped_column(comment="Name of the template")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="When to use the template"
    )
    template_type: Mapped[str] = mapped_column(
        default="invoice",
        server_default="invoice",
        info=choices("invoice", "quote", "credit_note", "receipt", "statement"),
        comment="Kind of document it lays out",
    )
    template_config: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment="Paper, language, colours, columns and footer",
    )
    logo_url: Mapped[str | None] = mapped_column(info=URL, comment="Address of the logo")
    company_name: Mapped[str | None] = mapped_column(comment="Name of the business, as printed")
    company_address: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Address of the business, as printed"
    )
    company_phone: Mapped[str | None] = mapped_column(comment="Telephone of the business")
    company_email: Mapped[str | None] = mapped_column(
        info=EMAIL, comment="E-mail address of the business"
    )
    company_website: Mapped[str | None] = mapped_column(info=URL, comment="Website of the business")
    is_default: Mapped[No] = mapped_column(comment="Used when a document names no template")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on new documents")
    created_by: Mapped[Creator | None]
