"""What to take from the shelves for an order, as a PDF."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import gettext as _
from app.locale import show_datetime
from app.services.sales.find_order import find_order
from app.session import INCLUDE_DELETED
from models.catalog import ProductVariant
from models.customers import Customer
from models.inventory import Location
from models.sales import Order
from reports.pick_lists.sheet import PickLine, PickSheet


def pick_list(order_id: int, *, actor: Actor, now: dt.datetime) -> bytes:
    """The pick list in the reader's language; nothing is written or locked.

    Raises :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    from reports.pick_lists.pdf import pick_list_pdf  # reportlab is slow to load

    order = find_order(order_id, actor=actor)
    barcodes = _barcodes(order)
    lines = tuple(
        PickLine(item.sku, item.description, barcodes.get(item.variant_id, ""), item.quantity)
        for item in sorted(order.items, key=lambda item: (item.description, item.id))
    )
    facts = [
        (_("Location"), session().get_one(Location, order.location_id).name),
        (_("Ordered"), show_datetime(order.created_at)),
        (_("Customer"), _customer(order, actor)),
        (_("Delivery address"), order.delivery_address or ""),
        (_("Notes"), order.notes or ""),
    ]
    sheet = PickSheet(
        title=_("Pick list %(number)s", number=order.order_number),
        number=order.order_number,
        facts=tuple((name, value) for name, value in facts if value),
        headings=(_("Taken"), _("Pieces"), _("Product"), _("Code")),
        lines=lines,
        total=_("%(count)s pieces in all", count=sum(line.pieces for line in lines)),
        printed=_("Printed on %(when)s", when=show_datetime(now)),
    )
    return pick_list_pdf(sheet)


def _barcodes(order: Order) -> dict[int, str]:
    keys = {item.variant_id for item in order.items}
    rows = session().execute(
        sa.select(ProductVariant.id, ProductVariant.barcode).where(ProductVariant.id.in_(keys)),
        execution_options=INCLUDE_DELETED,
    )
    return {variant: barcode or "" for variant, barcode in rows}


def _customer(order: Order, actor: Actor) -> str:
    """Name and telephone, as far as the actor may see them."""
    table = "customers.customers"
    if order.customer_id is None or not actor.may(f"{table}:read"):
        return ""
    customer = session().get(Customer, order.customer_id)
    hidden = actor.policy.hidden(table)
    shown = [name for name in ("full_name", "phone") if name not in hidden]
    return " · ".join(filter(None, (getattr(customer, name, None) for name in shown)))
