"""The other pages at a million orders: boards, a record and its parts, forms, home, trash.

python -m benchmarks.screens [--orders 1000000 | --database-url URL] [--only NAME]
"""

from __future__ import annotations

import sqlalchemy as sa

from benchmarks.web import Cases, measure_pages


def cases() -> Cases:
    from app.db import session
    from models.crm import Deal
    from models.sales import Order

    order = session().scalar(sa.select(Order.id).order_by(Order.id.desc()).offset(1000).limit(1))
    deal = session().scalar(sa.select(Deal.id).limit(1))
    orders = "/sales/orders"
    return {
        "home": "/",
        "cards": f"{orders}/board/",
        "cards_totals": f"{orders}/board/totals/",
        "calendar_month": f"{orders}/calendar/",
        "calendar_week": f"{orders}/calendar/?span=week",
        "chart": f"{orders}/chart/",
        "tree": "/catalog/categories/tree/",
        "record": f"{orders}/show/{order}",
        "record_counts": f"{orders}/related_counts/{order}",
        "record_timeline": f"{orders}/timeline/{order}",
        "record_history": f"{orders}/history/{order}",
        "form": f"/crm/deals/edit/{deal}",
        "add_form": "/crm/companies/add",
        "trash": "/platform/trash/",
        "till": "/pos/",
        "notifications": "/notifications/",
        "bell": "/notifications/count",
    }


if __name__ == "__main__":
    measure_pages("screens", __doc__, cases)
