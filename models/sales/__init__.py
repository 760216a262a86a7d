"""Orders of goods with their payments, tills, promotions and coupons."""

from __future__ import annotations

from models.sales.approvals import OrderApproval
from models.sales.cash import CashMovement, CashSession
from models.sales.orders import Order, OrderItem, order_number_seq
from models.sales.payments import OrderPayment
from models.sales.promotions import Coupon, OrderPromotion, Promotion
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
    "OrderStatusChange",
    "OrderStatusTransition",
    "Promotion",
    "order_number_seq",
]
