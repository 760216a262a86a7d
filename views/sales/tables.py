"""Screens of orders, tills and promotions."""

from __future__ import annotations

from app.admin.boards.declare import Boards, Calendar, Kanban
from app.admin.registry import Child, Domain, Operation, Table
from app.services.sales.add_cash_movement import add_cash_movement
from app.services.sales.answer_approval import answer_approval
from app.services.sales.answer_cash_difference import answer_cash_difference
from app.services.sales.cancel_order import cancel_order
from app.services.sales.checkout import checkout
from app.services.sales.close_cash_session import close_cash_session
from app.services.sales.exchange_order import exchange_order
from app.services.sales.generate_coupons import generate_coupons
from app.services.sales.open_cash_session import open_cash_session
from app.services.sales.park_sale import park_sale
from app.services.sales.pay_order import pay_order
from app.services.sales.place_order import place_order
from app.services.sales.print_receipt import print_receipt
from app.services.sales.print_slip import print_slip
from app.services.sales.read_cash_report import read_cash_report
from app.services.sales.read_return import quote_return
from app.services.sales.recall_quotation import recall_quotation
from app.services.sales.recall_sale import recall_sale
from app.services.sales.return_order import RIGHT as RETURN
from app.services.sales.return_order import return_order
from app.services.sales.save_quotation import save_quotation
from app.services.sales.transition_order import transition_order
from app.services.sales.void_coupons import void_coupons
from app.services.sunat.issue_for_order import issue_for_order
from app.services.sunat.issue_for_return import issue_for_return
from app.services.sunat.issue_note import issue_note
from models.sales import (
    CashMovement,
    CashSession,
    Coupon,
    Order,
    OrderApproval,
    OrderItem,
    OrderPayment,
    OrderPromotion,
    OrderReturn,
    OrderReturnItem,
    OrderStatusChange,
    OrderStatusTransition,
    ParkedSale,
    Promotion,
    Quotation,
    ZReport,
)
from views.sales.order_board import move_order
from views.sales.order_rules import OrderApprovalRules, OrderRules
from views.sales.rules import (
    CashSessionRules,
    PromotionRules,
    QuotationRules,
    ReturnRules,
    ZReportRules,
)

_ORDERS = (
    Table(
        Order,
        icon="shopping-cart",
        list_columns=(
            "order_number",
            "created_at",
            "customer_id",
            "grand_total",
            "status",
            "payment_status",
            "location_id",
            "channel",
        ),
        search_columns=("order_number",),
        order=("created_at", "desc"),
        read_only=True,
        rules=OrderRules,
        rights=("cancel", "issue", "return"),
        boards=Boards(
            kanban=Kanban(
                ("status", "payment_status", "channel"),
                facts=("created_at", "customer_id", "grand_total", "location_id"),
                moves=(("status", move_order),),
            ),
            calendar=Calendar((("created_at", ""),)),
        ),
    ),
    Table(
        OrderItem,
        icon="list-details",
        list_columns=(
            "order_id",
            "sku",
            "description",
            "quantity",
            "unit_price",
            "discount_amount",
            "total_price",
            "status",
        ),
        search_columns=("sku", "description"),
        read_only=True,
    ),
    Table(
        OrderPayment,
        icon="credit-card",
        list_columns=(
            "processed_at",
            "order_id",
            "method",
            "amount",
            "currency",
            "status",
            "transaction_id",
        ),
        search_columns=("transaction_id",),
        read_only=True,
        boards=Boards(calendar=Calendar((("processed_at", ""),))),
    ),
)
_RETURNS = (
    Table(
        OrderReturn,
        icon="receipt-refund",
        rules=ReturnRules,
        list_columns=(
            "number",
            "created_at",
            "order_id",
            "kind",
            "amount",
            "reason",
            "user_id",
            "credit_note_due",
        ),
        search_columns=("number", "reason"),
        order=("created_at", "desc"),
        read_only=True,
    ),
    Table(
        OrderReturnItem,
        icon="package-import",
        list_columns=("return_id", "order_item_id", "quantity", "restocked", "amount"),
        read_only=True,
        in_menu=False,
    ),
)
_TILLS = (
    Table(
        CashSession,
        icon="cash-register",
        list_columns=(
            "opened_at",
            "user_id",
            "location_id",
            "status",
            "closed_at",
            "expected_cash",
            "actual_cash",
            "discrepancy",
        ),
        search_columns=("notes",),
        order=("opened_at", "desc"),
        read_only=True,
        rules=CashSessionRules,
    ),
    Table(
        CashMovement,
        icon="coins",
        list_columns=("created_at", "session_id", "type", "amount", "reason", "user_id"),
        search_columns=("reason",),
        order=("created_at", "desc"),
        read_only=True,
    ),
    Table(
        ZReport,
        icon="report-money",
        list_columns=("number", "created_at", "location_id", "user_id", "total", "session_id"),
        search_columns=("number",),
        order=("created_at", "desc"),
        read_only=True,
        rules=ZReportRules,
    ),
)
_SAVED = (
    Table(
        Quotation,
        icon="file-invoice",
        list_columns=(
            "number",
            "created_at",
            "customer_id",
            "total",
            "valid_until",
            "order_id",
            "location_id",
            "user_id",
        ),
        search_columns=("number",),
        order=("created_at", "desc"),
        read_only=True,
        rules=QuotationRules,
    ),
    Table(
        ParkedSale,
        icon="player-pause",
        list_columns=(
            "name",
            "created_at",
            "location_id",
            "user_id",
            "pieces",
            "total",
            "expires_at",
        ),
        search_columns=("name",),
        order=("created_at", "desc"),
        read_only=True,
    ),
)
_PROMOTIONS = (
    Table(
        Promotion,
        rules=PromotionRules,
        children=(
            Child(
                Coupon, ("code", "max_uses", "max_uses_per_customer", "expires_at", "used_count")
            ),
        ),
        icon="discount",
        list_columns=(
            "name",
            "type",
            "value",
            "start_date",
            "end_date",
            "priority",
            "is_active",
        ),
        search_columns=("name",),
        order=("start_date", "desc"),
    ),
    Table(
        Coupon,
        icon="ticket",
        list_columns=("code", "promotion_id", "used_count", "max_uses", "expires_at", "batch"),
        search_columns=("code",),
    ),
    Table(
        OrderPromotion,
        icon="receipt-tax",
        list_columns=("order_id", "promotion_id", "coupon_id", "amount_discounted"),
        read_only=True,
    ),
)
_STATUSES = (
    Table(
        OrderStatusTransition,
        icon="arrows-right",
        list_columns=(
            "from_status",
            "to_status",
            "priority",
            "requires_approval",
            "required_permission",
        ),
        search_columns=("from_status", "to_status"),
        order=("from_status", "asc"),
    ),
    Table(
        OrderStatusChange,
        icon="timeline",
        list_columns=(
            "changed_at",
            "order_id",
            "previous_status",
            "new_status",
            "changed_by",
            "change_reason",
        ),
        search_columns=("change_reason",),
        order=("changed_at", "desc"),
        read_only=True,
    ),
    Table(
        OrderApproval,
        icon="rubber-stamp",
        list_columns=(
            "created_at",
            "order_id",
            "from_status",
            "to_status",
            "requested_by",
            "reason",
            "status",
            "decided_by",
        ),
        search_columns=("reason",),
        order=("created_at", "desc"),
        read_only=True,
        rules=OrderApprovalRules,
    ),
)

DOMAIN = Domain(
    name="sales",
    label="Sales",
    icon="shopping-cart",
    tables=(*_ORDERS, *_RETURNS, *_TILLS, *_SAVED, *_PROMOTIONS, *_STATUSES),
    operations=(
        Operation(checkout, "sales.till:create"),
        Operation(open_cash_session, "sales.cash:create"),
        Operation(add_cash_movement, "sales.cash:create"),
        Operation(close_cash_session, "sales.cash:update"),
        Operation(answer_cash_difference, "sales.cash:approve"),
        Operation(read_cash_report, "sales.cash:create"),
        Operation(park_sale, "sales.till:create"),
        Operation(recall_sale, "sales.till:create"),
        Operation(save_quotation, "sales.till:create"),
        Operation(recall_quotation, "sales.till:create"),
        Operation(print_receipt, "sales.till:create"),
        Operation(print_slip, "sales.returns:create"),
        Operation(transition_order, "sales.orders:update"),
        Operation(quote_return, RETURN),
        Operation(return_order, RETURN),
        Operation(exchange_order, "sales.till:create"),
        Operation(cancel_order, "sales.orders:cancel"),
        Operation(answer_approval, "sales.approvals:update"),
        Operation(place_order, "sales.order_desk:create"),
        Operation(pay_order, "sales.order_desk:pay"),
        Operation(issue_for_order, "sales.orders:issue"),
        Operation(issue_for_return, "sales.orders:issue"),
        Operation(issue_note, "sunat.electronic_documents:update"),
        Operation(generate_coupons, "sales.coupon_batches:create"),
        Operation(void_coupons, "sales.coupon_batches:update"),
    ),
)
