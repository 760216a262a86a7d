"""Orders and their lines.

All amounts of an order include IGV, as the catalogue's prices do; ``tax_total`` and ``tax_amount``
say how much of them is tax. Lines freeze what they used: description, price, tax code and rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    PERCENT,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Money,
    Percent,
    SoftDelete,
    UnitPrice,
    Versioned,
    choices,
    table_args,
    trigram,
    usual,
)
from models.catalog import TAX_CODES
from models.currency import CURRENCIES, DEFAULT_CURRENCY
from models.defaults import ZERO
from models.identity import USERS

if TYPE_CHECKING:
    from models.sales.payments import OrderPayment
    from models.sales.promotions import OrderPromotion

ORDERS = "sales.orders.id"
# States are data (order_status_transitions); these are the ones that come with the product.
ORDER_STATES = usual(
    "draft",
    "confirmed",
    "paid",
    "picking",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
    "returned",
)
STATUS_FORMAT = "~ '^[a-z][a-z0-9_]*$'"
IN_CURRENCY = {"currency": "currency"}

order_number_seq = sa.Sequence("order_number_seq", schema="sales", metadata=Base.metadata)


class Order(IdentityKey, CreatedAt, SoftDelete, Versioned, Base):
    __tablename__ = "orders"
    __table_args__ = table_args(
        "sales",
        sa.CheckConstraint(f"status {STATUS_FORMAT}", name="status_format"),
        sa.CheckConstraint(
            "grand_total = subtotal - discount_total + shipping_cost + cash_rounding",
            name="total_adds_up",
        ),
        sa.CheckConstraint("abs(cash_rounding) < 0.10", name="cash_rounding_range"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "grand_total", "id"),
        sa.Index(None, "customer_id", "created_at"),
        sa.Index(None, "location_id", "created_at"),
        sa.Index(None, "user_id", "created_at"),
        sa.Index(None, "status", "created_at"),
        sa.Index("ix_orders_created_at_brin", "created_at", postgresql_using="brin"),
        sa.Index(
            "ix_orders_receipt_pending",
            "id",
            postgresql_where=sa.text("receipt_status = 'pending'"),
        ),
        *trigram("orders", "order_number"),
        comment="Sales of goods, at the till or from elsewhere",
    )
    __title__ = ("order_number",)
    __owners__ = ("user_id",)
    order_number: Mapped[str] = mapped_column(unique=True, comment="Number of the order")
    customer_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("customers.customers.id"), comment="Customer; empty when not known"
    )
    location_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inventory.locations.id"), comment="Location that sells"
    )
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(USERS), comment="Who sold")
    cash_session_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.cash_sessions.id"), index=True, comment="Till session of the sale"
    )
    channel: Mapped[str] = mapped_column(
        default="pos",
        server_default="pos",
        info=choices("web", "phone", "portal", pos="Till"),
        comment="Where the order came from",
    )
    status: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        info=ORDER_STATES,
        comment="State, as the order transitions allow",
    )
    payment_status: Mapped[str] = mapped_column(
        default="unpaid",
        server_default="unpaid",
        info=choices("unpaid", "partially_paid", "paid", "partially_refunded", "refunded"),
        comment="What the payments say",
    )
    shipping_method: Mapped[str | None] = mapped_column(
        info=choices("pickup", "delivery", "courier"), comment="How the goods are handed over"
    )
    currency: Mapped[str] = mapped_column(
        default=DEFAULT_CURRENCY,
        server_default=DEFAULT_CURRENCY,
        info=CURRENCIES,
        comment="Currency of the amounts",
    )
    subtotal: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE | IN_CURRENCY,
        comment="Lines before discounts, IGV included",
    )
    discount_total: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE | IN_CURRENCY,
        comment="Discounts of the lines and of the whole order",
    )
    tax_total: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE | IN_CURRENCY,
        comment="Taxes contained in the total",
    )
    shipping_cost: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE | IN_CURRENCY,
        comment="Charge for delivery, IGV included",
    )
    cash_rounding: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Rounding of a total paid in cash to ten céntimos",
    )
    grand_total: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE | IN_CURRENCY,
        comment="To pay: subtotal less discounts plus delivery and rounding",
    )
    document_type: Mapped[str] = mapped_column(
        default="03",
        server_default="03",
        info=choices(**{"03": "Boleta", "01": "Factura", "NV": "Nota de venta"}),
        comment="Document the customer gets (SUNAT catalogue 01)",
    )
    receipt_status: Mapped[str | None] = mapped_column(
        info=choices("pending", "ready", "failed"),
        comment="State of the printed receipt; empty when none is wanted",
    )
    receipt_url: Mapped[str | None] = mapped_column(
        info={"file": True} | READONLY, comment="Receipt as PDF"
    )
    receipt_attempts: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | READONLY,
        comment="How often making the receipt was tried",
    )
    receipt_prints: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | READONLY,
        comment="How often the receipt was printed; all but the first are copies",
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks")
    delivery_address: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Where the goods go, as it was when they were ordered"
    )
    items: Mapped[list[OrderItem]] = relationship(
        back_populates="order", cascade="all, delete-orphan", order_by="OrderItem.id"
    )
    payments: Mapped[list[OrderPayment]] = relationship(
        back_populates="order", order_by="OrderPayment.id"
    )
    promotions: Mapped[list[OrderPromotion]] = relationship(
        back_populates="order", cascade="all, delete-orphan", order_by="OrderPromotion.id"
    )


class OrderItem(IdentityKey, Base):
    __tablename__ = "order_items"
    __table_args__ = table_args(
        "sales",
        *trigram("order_items", "sku", "description"),
        sa.CheckConstraint(
            "discount_amount <= round(quantity * unit_price, 2)", name="discount_within_price"
        ),
        sa.CheckConstraint("returned_quantity <= quantity", name="returned_was_sold"),
        comment="Lines of orders",
    )
    __title__ = ("sku", "description")
    __parents__ = ("order_id",)
    order_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ORDERS, ondelete="CASCADE"), index=True, comment="Order"
    )
    variant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalog.product_variants.id"), index=True, comment="Variant"
    )
    sku: Mapped[str] = mapped_column(comment="Code of the variant when it was sold")
    description: Mapped[str] = mapped_column(comment="Name of the goods when they were sold")
    quantity: Mapped[int] = mapped_column(info={"min": 1}, comment="Pieces sold")
    returned_quantity: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Pieces brought back since"
    )
    unit_price: Mapped[UnitPrice] = mapped_column(
        info=NOT_NEGATIVE, comment="Price of a piece, IGV included"
    )
    discount_amount: Mapped[Money] = mapped_column(
        default=ZERO, server_default="0", info=NOT_NEGATIVE, comment="Discount on the whole line"
    )
    total_price: Mapped[Money] = mapped_column(
        sa.Computed("round(quantity * unit_price, 2) - discount_amount", persisted=True),
        comment="Quantity times price less the discount",
    )
    tax_code: Mapped[str] = mapped_column(
        default="10",
        server_default="10",
        info=TAX_CODES,
        comment="How IGV affected the line (SUNAT catalogue 07)",
    )
    tax_rate: Mapped[Percent] = mapped_column(
        default=ZERO, server_default="0", info=PERCENT, comment="Rate of the tax in percent"
    )
    tax_amount: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Tax contained in the line's total",
    )
    status: Mapped[str] = mapped_column(
        default="active",
        server_default="active",
        info=choices("active", "partially_returned", "returned", "cancelled"),
        comment="State of the line",
    )
    order: Mapped[Order] = relationship(back_populates="items", foreign_keys=[order_id])
