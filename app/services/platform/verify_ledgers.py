"""Proof that every balance equals its ledger."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Check:
    """``sql`` gives a row of text per difference; ``counted`` gives how much was compared."""

    name: str
    counted: str
    sql: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``differences`` has at most 20 of them; ``wrong`` is how many there are."""

    name: str
    compared: int
    wrong: int
    differences: tuple[str, ...]


STOCK = Check(
    "Stock on hand is the sum of its movements",
    "SELECT count(*) FROM inventory.inventory_stock",
    """
    WITH moved AS (
        SELECT variant_id, location_id, sum(pieces) AS pieces FROM (
            SELECT variant_id, to_location_id AS location_id, quantity AS pieces
              FROM inventory.inventory_movements WHERE to_location_id IS NOT NULL
            UNION ALL
            SELECT variant_id, from_location_id, -quantity
              FROM inventory.inventory_movements WHERE from_location_id IS NOT NULL
        ) AS signed GROUP BY variant_id, location_id
    )
    SELECT format('variant %s at location %s: on hand %s, movements %s',
                  variant_id, location_id, coalesce(quantity_on_hand, 0), coalesce(pieces, 0))
      FROM inventory.inventory_stock FULL JOIN moved USING (variant_id, location_id)
     WHERE coalesce(quantity_on_hand, 0) <> coalesce(pieces, 0)
    """,
)
RESERVED = Check(
    "Reserved stock is the sum of its reservations",
    "SELECT count(*) FROM inventory.inventory_reservations",
    """
    WITH held AS (
        SELECT variant_id, location_id, sum(quantity) AS pieces
          FROM inventory.inventory_reservations GROUP BY variant_id, location_id
    )
    SELECT format('variant %s at location %s: reserved %s, reservations %s',
                  variant_id, location_id, coalesce(quantity_reserved, 0), coalesce(pieces, 0))
      FROM inventory.inventory_stock FULL JOIN held USING (variant_id, location_id)
     WHERE coalesce(quantity_reserved, 0) <> coalesce(pieces, 0)
    """,
)
ORDER_LINES = Check(
    "Order totals are the sums of their lines",
    "SELECT count(*) FROM sales.orders",
    """
    SELECT format('order %s: subtotal less discount %s, lines %s',
                  o.order_number, o.subtotal - o.discount_total, coalesce(sum(i.total_price), 0))
      FROM sales.orders o LEFT JOIN sales.order_items i ON i.order_id = o.id
     GROUP BY o.id
    HAVING o.subtotal - o.discount_total <> coalesce(sum(i.total_price), 0)
    """,
)
PAYMENTS = Check(
    "Payment states of orders follow from their payments",
    "SELECT count(*) FROM sales.payments",
    """
    WITH moved AS (
        SELECT order_id, method, amount,
               return_id IS NOT NULL OR (amount < 0 AND method <> 'credit') AS refund
          FROM sales.payments WHERE status = 'completed'
    ), paid AS (
        SELECT o.id, o.order_number, o.grand_total, o.payment_status,
               coalesce(sum(m.amount) FILTER (WHERE NOT m.refund), 0) AS came,
               coalesce(-sum(m.amount) FILTER (WHERE m.refund), 0) AS went,
               coalesce(sum(m.amount) FILTER (WHERE m.method = 'credit'), 0) AS owed
          FROM sales.orders o LEFT JOIN moved m ON m.order_id = o.id
         GROUP BY o.id
    ), derived AS (
        SELECT *, CASE
            WHEN went > 0 AND went >= came THEN 'refunded'
            WHEN went > 0 THEN 'partially_refunded'
            WHEN came - owed >= grand_total THEN 'paid'
            WHEN came - owed > 0 THEN 'partially_paid'
            ELSE 'unpaid' END AS status
          FROM paid
    )
    SELECT format('order %s: total %s, paid %s, given back %s, but marked %s',
                  order_number, grand_total, came, went, payment_status)
      FROM derived WHERE status <> payment_status OR came > grand_total OR went > came
    """,
)
CASH = Check(
    "Closed cash sessions expected what their ledgers say",
    "SELECT count(*) FROM sales.cash_sessions WHERE status <> 'open'",
    """
    SELECT format('cash session %s: expected %s, ledgers %s', s.id, s.expected_cash,
                  s.starting_cash + coalesce(p.kept, 0) + coalesce(m.moved, 0))
      FROM sales.cash_sessions s
      LEFT JOIN (
        SELECT cash_session_id, sum(amount) AS kept FROM sales.payments
         WHERE method = 'cash' AND status = 'completed' GROUP BY cash_session_id
      ) p ON p.cash_session_id = s.id
      LEFT JOIN (
        SELECT session_id, sum(CASE type WHEN 'in' THEN amount ELSE -amount END) AS moved
          FROM sales.cash_movements GROUP BY session_id
      ) m ON m.session_id = s.id
     WHERE s.status <> 'open'
       AND s.expected_cash
           IS DISTINCT FROM s.starting_cash + coalesce(p.kept, 0) + coalesce(m.moved, 0)
    """,
)
POINTS = Check(
    "Loyalty points are the sum of their movements",
    "SELECT count(*) FROM customers.loyalty_accounts",
    """
    SELECT format('loyalty account %s: balance %s, movements %s',
                  a.id, a.points_balance, coalesce(sum(m.points), 0))
      FROM customers.loyalty_accounts a
      LEFT JOIN customers.loyalty_movements m ON m.loyalty_account_id = a.id
     GROUP BY a.id HAVING a.points_balance <> coalesce(sum(m.points), 0)
    """,
)
WALLETS = Check(
    "Wallets are the sum of their transactions",
    "SELECT count(*) FROM customers.customer_wallets",
    """
    SELECT format('wallet %s: balance %s, transactions %s', w.id, w.balance,
                  coalesce(sum(CASE t.type WHEN 'DEBIT' THEN -t.amount ELSE t.amount END), 0))
      FROM customers.customer_wallets w
      LEFT JOIN customers.wallet_transactions t ON t.wallet_id = w.id
     GROUP BY w.id
    HAVING w.balance <> coalesce(sum(CASE t.type WHEN 'DEBIT' THEN -t.amount ELSE t.amount END), 0)
    """,
)
TRANSIT = Check(
    "Goods in transit are those of the transfers under way",
    "SELECT count(*) FROM inventory.stock_transfers WHERE status = 'in_transit'",
    """
    WITH held AS (
        SELECT variant_id, location_id, quantity_on_hand AS pieces
          FROM inventory.inventory_stock s JOIN inventory.locations l ON l.id = s.location_id
         WHERE l.type = 'transit' AND quantity_on_hand <> 0
    ), sent AS (
        SELECT line.variant_id, t.transit_location_id AS location_id,
               sum(line.quantity_sent) AS pieces
          FROM inventory.stock_transfers t
          JOIN inventory.stock_transfer_lines line ON line.transfer_id = t.id
         WHERE t.status = 'in_transit' GROUP BY 1, 2
    )
    SELECT format('variant %s at location %s: on hand %s, under way %s', variant_id, location_id,
                  coalesce(held.pieces, 0), coalesce(sent.pieces, 0))
      FROM held FULL JOIN sent USING (variant_id, location_id)
     WHERE coalesce(held.pieces, 0) <> coalesce(sent.pieces, 0)
    """,
)
COUNTS = Check(
    "Approved counts are corrected in the ledger",
    "SELECT count(*) FROM inventory.stock_counts WHERE status = 'approved'",
    """
    WITH found AS (
        SELECT c.number, line.variant_id, line.discrepancy AS pieces
          FROM inventory.stock_counts c
          JOIN inventory.stock_count_lines line ON line.count_id = c.id
         WHERE c.status = 'approved' AND line.discrepancy <> 0
    ), moved AS (
        SELECT reference_doc AS number, variant_id,
               sum(CASE WHEN to_location_id IS NULL THEN -quantity ELSE quantity END) AS pieces
          FROM inventory.inventory_movements
         WHERE movement_type = 'count'
           AND reference_doc IN (SELECT number FROM inventory.stock_counts)
         GROUP BY 1, 2
    )
    SELECT format('count %s, variant %s: difference %s, movements %s', number, variant_id,
                  coalesce(found.pieces, 0), coalesce(moved.pieces, 0))
      FROM found FULL JOIN moved USING (number, variant_id)
     WHERE coalesce(found.pieces, 0) <> coalesce(moved.pieces, 0)
    """,
)
RETURNS = Check(
    "Returns are the sums of their lines and payments",
    "SELECT count(*) FROM sales.order_returns",
    """
    WITH back AS (
        SELECT order_item_id AS id, sum(quantity) AS pieces
          FROM sales.order_return_items GROUP BY order_item_id
    ), given AS (
        SELECT return_id AS id, -sum(amount) AS amount FROM sales.payments
         WHERE return_id IS NOT NULL AND status = 'completed' GROUP BY return_id
    ), exchanged AS (
        SELECT number, sum(amount) AS amount FROM (
            SELECT r.number, p.amount
              FROM sales.order_returns r JOIN sales.payments p ON p.return_id = r.id
             WHERE p.method = 'exchange'
            UNION ALL
            SELECT r.number, p.amount
              FROM sales.order_returns r JOIN sales.payments p
                ON p.order_id = r.exchange_order_id AND p.transaction_id = r.number
             WHERE p.method = 'exchange'
        ) AS both_ways GROUP BY number
    )
    SELECT format('order line %s: brought back %s, returns %s', id, returned_quantity,
                  coalesce(pieces, 0))
      FROM sales.order_items LEFT JOIN back USING (id)
     WHERE returned_quantity <> coalesce(pieces, 0)
    UNION ALL
    SELECT format('return %s: given back %s, payments %s', r.number, r.amount,
                  coalesce(given.amount, 0))
      FROM sales.order_returns r LEFT JOIN given USING (id)
     WHERE r.amount <> coalesce(given.amount, 0)
    UNION ALL
    SELECT format('exchange %s: %s between its two orders', number, amount)
      FROM exchanged WHERE amount <> 0
    """,
)
CHECKS = (STOCK, RESERVED, ORDER_LINES, PAYMENTS, CASH, POINTS, WALLETS, TRANSIT, COUNTS, RETURNS)


def verify_ledgers() -> list[CheckResult]:
    """Compare every balance with its ledger; only reads.

    Each check is one statement, so it sees one moment even while people sell.
    """
    return [_verify(check) for check in CHECKS]


def _verify(check: Check) -> CheckResult:
    current = session()
    compared = current.scalar(sa.text(check.counted)) or 0
    found = current.execute(
        sa.text(
            f"SELECT difference, count(*) OVER () FROM ({check.sql}) AS found (difference) "
            f"ORDER BY 1 LIMIT {SHOWN}"
        )
    ).all()
    wrong = int(found[0][1]) if found else 0
    return CheckResult(check.name, int(compared), wrong, tuple(row[0] for row in found))
