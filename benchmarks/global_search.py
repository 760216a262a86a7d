"""The search over everything at a million orders: p50 and p95 over HTTP.

    python -m benchmarks.global_search [--orders 1000000 | --database-url URL] [--user EMAIL]

Asks what people type: a number, a code, a name, a common word, a few letters, a mistyped name,
nothing that is there.
"""

from __future__ import annotations

from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks.web import Cases, measure_pages


def cases() -> Cases:
    from app.db import session
    from models.catalog import ProductVariant
    from models.sales import Order

    middle = sa.select(Order.order_number).order_by(Order.id.desc()).offset(1000).limit(1)
    number = session().scalar(middle) or ""
    typed = {
        "order_number": number,
        "part_of_number": number[-5:],
        "sku": session().scalar(sa.select(sa.func.max(ProductVariant.sku))) or "",
        "name": "rosa quispe",
        "common_word": "clientes",
        "two_letters": "ar",
        "mistyped": "huamam",
        "not_there": "xyzzyq",
        "one_kind": "orders: 123",
        "nothing_typed": "",
    }
    return {name: f"/search/results?{urlencode({'q': q})}" for name, q in typed.items()}


if __name__ == "__main__":
    measure_pages("global_search", __doc__, cases)
