"""Lines of COPY's text format for the tables that get millions of rows."""

from __future__ import annotations

import datetime as dt

from app.demo.bulk import Bulk
from models.base import Base
from models.customers import LoyaltyMovement, WalletTransaction
from models.inventory import InventoryMovement, InventoryReservation
from models.sales import Order, OrderItem, OrderPayment, OrderPromotion, OrderStatusChange
from models.sunat import ElectronicDocument

NULL = r"\N"
FLUSH_AT = 60_000
COLUMNS: dict[type[Base], tuple[str, ...]] = {
    Order: (
        "id", "order_number", "customer_id", "location_id", "user_id", "cash_session_id",
        "channel", "status", "payment_status", "shipping_method", "subtotal", "discount_total",
        "tax_total", "shipping_cost", "cash_rounding", "grand_total", "document_type",
        "receipt_status", "created_at",
    ),
    OrderItem: (
        "order_id", "variant_id", "sku", "description", "quantity", "returned_quantity",
        "unit_price", "discount_amount", "tax_code", "tax_rate", "tax_amount", "status",
    ),
    OrderPayment: (
        "order_id", "cash_session_id", "method", "amount", "tendered", "change_given",
        "transaction_id", "status", "idempotency_key", "processed_at",
    ),
    OrderPromotion: ("order_id", "promotion_id", "coupon_id", "amount_discounted"),
    OrderStatusChange: (
        "order_id", "previous_status", "new_status", "changed_by", "change_reason", "changed_at",
    ),
    InventoryMovement: (
        "variant_id", "from_location_id", "to_location_id", "user_id", "movement_type",
        "quantity", "unit_cost", "order_id", "reference_doc", "notes", "created_at",
    ),
    InventoryReservation: (
        "variant_id", "location_id", "session_id", "order_id", "quantity", "created_at",
    ),
    LoyaltyMovement: ("loyalty_account_id", "type", "points", "order_id", "reason", "created_at"),
    WalletTransaction: ("wallet_id", "type", "amount", "reference", "created_at"),
    ElectronicDocument: (
        "id", "order_id", "reference_document_id", "company_id", "document_type", "series",
        "correlative_number", "issue_date", "customer_doc_type", "customer_doc_number",
        "customer_name", "total_amount", "total_igv", "total_gravado", "sunat_status",
        "sunat_code", "sunat_message", "attempts", "created_at",
    ),
}  # fmt: skip


class Buffer:
    """Collects lines and hands them over in the order of the foreign keys."""

    def __init__(self, bulk: Bulk) -> None:
        self.bulk = bulk
        self.lines: dict[type[Base], list[str]] = {model: [] for model in COLUMNS}

    @property
    def is_full(self) -> bool:
        return len(self.lines[OrderItem]) >= FLUSH_AT

    def flush(self) -> None:
        for model, lines in self.lines.items():
            self.bulk.lines(model, COLUMNS[model], lines)
            lines.clear()


def line(*values: object) -> str:
    """A row; None is empty. Values must not hold tabs, line ends or backslashes."""
    return "\t".join([NULL if value is None else str(value) for value in values]) + "\n"


def soles(amount: int) -> str:
    """Céntimos as a numeric; works for negative amounts too."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 100)
    return f"{sign}{whole}.{rest:02d}"


def moment(day: dt.date, second: int) -> str:
    """A second of a day in Lima, which may be beyond midnight."""
    days, second = divmod(second, 86400)
    if days:
        day += dt.timedelta(days=days)
    return f"{day} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}-05"


def safe(text: str) -> str:
    """Text without the characters that COPY would take for something else."""
    return text.replace("\\", "").replace("\t", " ").replace("\n", " ")
