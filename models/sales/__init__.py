"""Orders of goods with their payments, tills, promotions and coupons."""

from __future__ import annotations

from models.sales.approvals import OrderApproval
from models.sales.cash import CashMovement, CashSession, ZReport
from models.sales.orders import Order, OrderItem, order_number_seq
from models.sales.payments import OrderPayment
from models.sales.promotions import Coupon, OrderPromotion, Promotion
from models.sales.returns import OrderReturn, OrderReturnItem
from models.sales.saved import ParkedSale, Quotation
from models.sales.statuses import OrderStatusChange, OrderStatusTransition

__all__ = [
    "CashMovement",
    "CashSession",
    "Coupon",
    "Order",
    "OrderApproval",
    "OrderItem",
    "OrderPayment",
    "OrderPromotion",
    "OrderReturn",
    "OrderReturnItem",
    "OrderStatusChange",
    "OrderStatusTransition",
    "ParkedSale",
    "Promotion",
    "Quotation",
    "ZReport",
    "order_number_seq",
]
