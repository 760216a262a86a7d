"""The documents of what customers brought back, made of the refunds that the sales wrote."""

from __future__ import annotations

import sqlalchemy as sa

from app.demo.world import Place, World

RETURNS = """
INSERT INTO sales.order_returns (number, order_id, location_id, cash_session_id, user_id, reason,
                                 amount, points_taken, created_at)
SELECT CAST(:code AS text) || '-D' || lpad(CAST(:before + row_number() OVER (
           ORDER BY paid.processed_at, paid.id) AS text), 8, '0'),
       sale.id, sale.location_id, paid.cash_session_id, till.user_id,
       (ARRAY['No era la talla', 'Producto con falla', 'Cambió de opinión', 'Compra duplicada'])
           [1 + sale.id % 4],
       -paid.amount, COALESCE(points.taken, 0), paid.processed_at
  FROM sales.payments AS paid
  JOIN sales.orders AS sale ON sale.id = paid.order_id
  LEFT JOIN sales.cash_sessions AS till ON till.id = paid.cash_session_id
  LEFT JOIN (SELECT order_id, -sum(points) AS taken FROM customers.loyalty_movements
              WHERE type = 'reverse' GROUP BY order_id) AS points ON points.order_id = sale.id
 WHERE paid.amount < 0 AND paid.return_id IS NULL AND sale.location_id = :place
"""
LINES = """
INSERT INTO sales.order_return_items (return_id, order_item_id, quantity, amount)
SELECT back.id, item.id, item.returned_quantity,
       GREATEST(item.total_price + CASE WHEN row_number() OVER lines = 1
                THEN back.amount - sum(item.total_price) OVER (PARTITION BY back.id)
                ELSE 0 END, 0)
  FROM sales.order_returns AS back
  JOIN sales.order_items AS item ON item.order_id = back.order_id AND item.returned_quantity > 0
 WHERE NOT EXISTS (SELECT FROM sales.order_return_items AS known WHERE known.return_id = back.id)
WINDOW lines AS (PARTITION BY back.id ORDER BY item.id)
"""
PAYMENTS = """
UPDATE sales.payments AS paid SET return_id = back.id
  FROM sales.order_returns AS back
 WHERE back.order_id = paid.order_id AND paid.amount < 0 AND paid.return_id IS NULL
"""


def add_returns(world: World) -> None:
    """A return with its lines for each refund of the sales, numbered at each shop."""
    for shop in world.shops:
        _add_returns_of(world, shop)
    counts = world.bulk.counts
    made = world.bulk.session.execute(sa.text(LINES + " RETURNING 1")).all()
    counts["sales.order_return_items"] = len(made)
    world.bulk.session.execute(sa.text(PAYMENTS))


def _add_returns_of(world: World, shop: Place) -> None:
    series = (f"return:{shop.code}", 0)
    before = world.numbers.get(series, 0)
    values = {"code": shop.code, "place": shop.id, "before": before}
    made = world.bulk.session.execute(sa.text(RETURNS + " RETURNING 1"), values).all()
    world.numbers[series] = before + len(made)
    counts = world.bulk.counts
    counts["sales.order_returns"] = counts.get("sales.order_returns", 0) + len(made)
