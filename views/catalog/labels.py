"""Labels: choose goods and how many of each, choose the paper, print."""

from __future__ import annotations

import io
import re
from typing import Any

import sqlalchemy as sa
from flask import flash, request, send_file
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.bulk.errors import SelectionError
from app.admin.bulk.selection import SelectedRows, read_selection
from app.admin.screens import screens_of
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.catalog.find_variants import find_variants
from app.services.catalog.print_labels import LabelLine, PrintLabels, print_labels, read_labels
from models.catalog import ProductVariant
from views.catalog.requests import chosen, now, number, whole
from views.sales.formats import FORMATS

MOST = 500
FOUND = 50
QUANTITY = re.compile(r"quantity-([0-9]{1,18})")
NUMBER = re.compile(r"[0-9]{1,5}")
START = {
    "kind": "barcode",
    "paper": "a4",
    "columns": "3",
    "rows": "8",
    "margin": "8",
    "gap": "2",
    "skip": "0",
    "width": "50",
    "height": "25",
}


class LabelsView(BaseView):
    route_base = "/catalog/labels"
    class_permission_name = "catalog.labels"
    default_view = "choose"

    @expose("/")
    @has_access
    @permission_name("create")
    def choose(self) -> Any:
        """The goods that the address names: all of a product, or variants."""
        product = chosen("product_id")
        keys = _of_products([product]) if product else []
        named = request.args.getlist("variant")[:MOST]
        keys += [int(key) for key in named if key.isascii() and key.isdigit() and len(key) < 19]  # noqa: PLR2004 - bigint
        return self._page(dict.fromkeys(keys, 1))

    @expose("/of_products", methods=["POST"])
    @has_access
    @permission_name("create")
    def of_products(self) -> Any:
        """The variants of the products that are selected on their list."""
        return self._selected("catalog.products")

    @expose("/of_variants", methods=["POST"])
    @has_access
    @permission_name("create")
    def of_variants(self) -> Any:
        """The variants that are selected on their list."""
        return self._selected("catalog.product_variants")

    @expose("/add", methods=["POST"])
    @has_access
    @permission_name("create")
    def add(self) -> Any:
        """The form again, with the goods that ``q`` finds at its end."""
        lines = _quantities()
        found = find_variants(request.form.get("q", "")[:100], FOUND)
        if not found:
            flash(_("Nothing was found for “%(text)s”.", text=request.form.get("q", "")), "warning")
        return self._page({**dict.fromkeys(found, 1), **lines} if found else lines)

    @expose("/print", methods=["POST"])
    @has_access
    @permission_name("create")
    def print(self) -> Any:
        """The labels as a PDF."""
        try:
            content = print_labels(_command(), actor=current_actor(), now=now())
        except DomainError as error:
            return self._page(_quantities(), error), error.status
        return send_file(io.BytesIO(content), "application/pdf", download_name="labels.pdf")

    def _selected(self, table: str) -> Any:
        view: Any = screens_of(table)
        try:
            rows = SelectedRows(view, read_selection(request.args, request.form), "read").first(
                MOST
            )
        except SelectionError as error:
            flash(error.message, "warning")
            rows = []
        keys = [row.id for row in rows]
        return self._page(
            dict.fromkeys(_of_products(keys) if table == "catalog.products" else keys, 1)
        )

    def _page(self, lines: dict[int, int], error: DomainError | None = None) -> Any:
        labels = read_labels(lines.keys())
        is_sent = "kind" in request.form
        return self.render_template(
            "catalog/labels.html",
            title=_("Labels"),
            lines=[(key, label, lines[key]) for key, label in labels.items()],
            count=sum(lines[key] for key in labels),
            typed={**START, **(request.form.to_dict() if is_sent else {})},
            error=error,
            errors=error.fields if error else {},
            **FORMATS,
        )


def _of_products(keys: list[int]) -> list[int]:
    rows = (
        sa.select(ProductVariant.id)
        .where(ProductVariant.product_id.in_(keys), ProductVariant.is_active)
        .order_by(ProductVariant.product_id, ProductVariant.id)
    )
    return list(session().scalars(rows.limit(MOST)))


def _quantities() -> dict[int, int]:
    """How many of each variant; what isn't a number counts as none."""
    found = {}
    for name, text in request.form.items():
        if match := QUANTITY.fullmatch(name):
            number = text.strip()
            found[int(match[1])] = int(number) if NUMBER.fullmatch(number) else 0
    return dict(list(found.items())[:MOST])


def _command() -> PrintLabels:
    lines = tuple(LabelLine(key, quantity) for key, quantity in _quantities().items())
    order = list(read_labels({line.variant_id for line in lines}))
    return PrintLabels(
        lines=tuple(
            sorted(
                lines,
                key=lambda one: order.index(one.variant_id) if one.variant_id in order else MOST,
            )
        ),
        kind=request.form.get("kind", START["kind"]),
        paper=request.form.get("paper", START["paper"]),
        columns=whole("columns", 3),
        rows=whole("rows", 8),
        margin=number("margin", "8"),
        gap=number("gap", "2"),
        skip=whole("skip"),
        width=number("width", "50"),
        height=number("height", "25"),
    )
