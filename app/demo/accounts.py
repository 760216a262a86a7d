"""Points and wallets of customers while they buy; balances are the sums of what is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from app.demo.rows import Buffer, line, soles
from app.demo.world import World
from models.customers import CustomerWallet, LoyaltyAccount, LoyaltyMovement, WalletTransaction

POINT_EVERY = 10_00  # céntimos of a purchase
POINT_WORTH = 20


@dataclass
class Account:
    id: int
    balance: int  # points, or céntimos


@dataclass
class Accounts:
    out: Buffer
    points: dict[int, Account] = field(default_factory=dict)
    wallets: dict[int, Account] = field(default_factory=dict)

    @classmethod
    def read(cls, world: World, out: Buffer) -> Accounts:
        """By customer."""
        session = world.bulk.session
        points, wallet = LoyaltyAccount, CustomerWallet
        return cls(
            out,
            {
                customer: Account(key, balance)
                for customer, key, balance in session.execute(
                    sa.select(points.customer_id, points.id, points.points_balance)
                )
            },
            {
                customer: Account(key, int(balance * Decimal(100)))
                for customer, key, balance in session.execute(
                    sa.select(wallet.customer_id, wallet.id, wallet.balance)
                )
            },
        )

    def earn(self, customer: int, paid: int, order_id: int, when: str) -> int:
        """Points for a purchase; gives how many."""
        account = self.points.get(customer)
        earned = paid // POINT_EVERY
        if account is None or not earned:
            return 0
        self._move(account, "earn", earned, order_id, when)
        return earned

    def redeem(self, customer: int, points: int, order_id: int, when: str) -> None:
        self._move(self.points[customer], "redeem", -points, order_id, when)

    def take_back(self, customer: int, earned: int, order_id: int, when: str) -> None:
        """Points of goods that came back, as far as they are still there."""
        account = self.points[customer]
        if points := min(earned, account.balance):
            self._move(account, "reverse", -points, order_id, when)

    def debit(self, customer: int, amount: int, reference: str, when: str) -> None:
        self._transfer(customer, "DEBIT", amount, reference, when)

    def refund(self, customer: int, amount: int, reference: str, when: str) -> None:
        self._transfer(customer, "REFUND", amount, reference, when)

    def _move(self, account: Account, kind: str, points: int, order_id: int, when: str) -> None:
        account.balance += points
        self.out.lines[LoyaltyMovement].append(line(account.id, kind, points, order_id, None, when))

    def _transfer(self, customer: int, kind: str, amount: int, reference: str, when: str) -> None:
        wallet = self.wallets[customer]
        wallet.balance += -amount if kind == "DEBIT" else amount
        self.out.lines[WalletTransaction].append(
            line(wallet.id, kind, soles(amount), reference, when)
        )


def settle(world: World) -> None:
    """Set every balance to the sum of its ledger."""
    session = world.bulk.session
    session.execute(
        sa.text(
            "UPDATE customers.loyalty_accounts AS account SET points_balance = ledger.points,"
            " lifetime_points = ledger.earned, last_movement_at = ledger.last"
            " FROM (SELECT loyalty_account_id, sum(points) AS points, max(created_at) AS last,"
            " COALESCE(sum(points) FILTER (WHERE type = 'earn'), 0) AS earned"
            " FROM customers.loyalty_movements GROUP BY loyalty_account_id) AS ledger"
            " WHERE ledger.loyalty_account_id = account.id"
            " AND account.points_balance IS DISTINCT FROM ledger.points"
        )
    )
    session.execute(
        sa.text(
            "UPDATE customers.customer_wallets AS wallet SET balance = ledger.balance,"
            " updated_at = ledger.last"
            " FROM (SELECT wallet_id, max(created_at) AS last,"
            " sum(CASE type WHEN 'DEBIT' THEN -amount ELSE amount END) AS balance"
            " FROM customers.wallet_transactions GROUP BY wallet_id) AS ledger"
            " WHERE ledger.wallet_id = wallet.id"
            " AND wallet.balance IS DISTINCT FROM ledger.balance"
        )
    )
