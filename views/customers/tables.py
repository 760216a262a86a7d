"""Screens of customers, their points and wallets."""

from __future__ import annotations

from app.admin.registry import Child, Domain, Operation, Table
from app.services.customers.add_customer import add_customer
from app.services.customers.adjust_points import adjust_points
from app.services.customers.adjust_wallet import adjust_wallet
from app.services.customers.merge_customers import merge_customers
from app.services.customers.undo_merge import undo_merge
from models.customers import (
    Customer,
    CustomerAddress,
    CustomerMerge,
    CustomerWallet,
    LoyaltyAccount,
    LoyaltyMovement,
    WalletTransaction,
)
from views.customers.rules import CustomerRules, MergeRules

DOMAIN = Domain(
    name="customers",
    label="Customers",
    icon="users",
    tables=(
        Table(
            Customer,
            icon="user",
            children=(
                Child(CustomerAddress, ("label", "address_line", "district", "city", "is_default")),
            ),
            list_columns=(
                "full_name",
                "doc_type",
                "doc_number",
                "email",
                "phone",
                "segment",
                "is_active",
            ),
            search_columns=("full_name", "doc_number", "email", "phone"),
            order=("created_at", "desc"),
            rules=CustomerRules,
        ),
        Table(
            CustomerAddress,
            icon="home",
            list_columns=(
                "customer_id",
                "label",
                "address_line",
                "district",
                "city",
                "is_default",
            ),
            search_columns=("address_line", "district"),
        ),
        Table(
            LoyaltyAccount,
            icon="award",
            list_columns=("customer_id", "points_balance", "lifetime_points", "last_movement_at"),
            order=("points_balance", "desc"),
            read_only=True,
        ),
        Table(
            LoyaltyMovement,
            icon="gift",
            list_columns=(
                "created_at",
                "loyalty_account_id",
                "type",
                "points",
                "order_id",
                "reason",
            ),
            search_columns=("reason",),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            CustomerWallet,
            icon="wallet",
            list_columns=("customer_id", "balance", "updated_at"),
            order=("balance", "desc"),
            read_only=True,
        ),
        Table(
            WalletTransaction,
            icon="cash",
            list_columns=("created_at", "wallet_id", "type", "amount", "reference"),
            search_columns=("reference",),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            CustomerMerge,
            icon="git-merge",
            list_columns=(
                "merged_at",
                "source_customer_id",
                "target_customer_id",
                "merged_by",
                "merge_reason",
                "undone_at",
            ),
            search_columns=("merge_reason",),
            order=("merged_at", "desc"),
            read_only=True,
            rules=MergeRules,
        ),
    ),
    operations=(
        Operation(add_customer, "customers.customers:create"),
        Operation(adjust_points, "customers.overview:adjust_points"),
        Operation(adjust_wallet, "customers.overview:adjust_wallet"),
        Operation(merge_customers, "customers.merge:create"),
        Operation(undo_merge, "customers.merge:undo"),
    ),
)
