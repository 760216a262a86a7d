"""Customers of the shops, their addresses, points and wallets."""

from __future__ import annotations

from models.customers.accounts import (
    CustomerWallet,
    LoyaltyAccount,
    LoyaltyMovement,
    WalletTransaction,
)
from models.customers.customers import Customer, CustomerAddress, CustomerMerge

__all__ = [
    "Customer",
    "CustomerAddress",
    "CustomerMerge",
    "CustomerWallet",
    "LoyaltyAccount",
    "LoyaltyMovement",
    "WalletTransaction",
]
