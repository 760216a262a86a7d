"""The list of orders and its API at a million orders: SQL statements, and p50 over HTTP.

    python -m benchmarks.list_page [--orders 1000000 | --database-url URL] [--user EMAIL]

Deep is the page after 70 % of the rows.
"""

from __future__ import annotations

from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks.web import Cases, measure_pages

DEPTH = 0.7


def cases() -> Cases:
    from app.admin.describe import describe
    from app.admin.lists.listing import Listing, Order
    from app.db import session
    from models.sales import Order as SalesOrder

    orders = session().scalar(sa.select(sa.func.count()).select_from(SalesOrder)) or 0
    page = Listing(describe(SalesOrder)).page(
        Order("created_at", descending=True), 1, offset=int(orders * DEPTH)
    )
    (row,) = page.rows
    month = f"{row.created_at:%Y-%m}"
    screen = {
        "first": {},
        "deep": {"after": page.after},
        "filtered": {"_flt_eq_status": "completed", "_flt_gte_created_at": f"{month}-01"},
        "sorted": {"sort": "-grand_total"},
        "searched": {"q": row.order_number},
    }
    api = {
        "api_first": "()",
        "api_deep": f"(after:'{page.after}')",
        "api_filtered": "(filters:!((col:status,opr:eq,value:completed)))",
        "api_sorted": "(order_column:grand_total,order_direction:desc)",
        "api_searched": f"(search:'{row.order_number}')",
    }
    paths = {name: f"/sales/orders/list/?{urlencode(args)}" for name, args in screen.items()}
    return paths | {
        name: f"/api/v1/sales/orders/?{urlencode({'q': args})}" for name, args in api.items()
    }


if __name__ == "__main__":
    measure_pages("list_page", __doc__, cases)
