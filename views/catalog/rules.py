"""Rules of goods on the generated screens."""

from __future__ import annotations

from typing import Any, ClassVar

import sqlalchemy as sa
from flask import url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.db import session
from app.domain.barcodes import check_digit
from app.errors import ConflictError, DomainError
from app.i18n import gettext as _
from app.security.rights import may
from app.session import INCLUDE_DELETED
from models.catalog import Category, PriceChange, Product, ProductVariant
from models.inventory import InventoryMovement, InventoryStock
from models.sales import OrderItem


class BarcodeError(DomainError):
    code = "wrong_barcode"


class GoodsInUseError(ConflictError):
    """Documents and ledgers name the goods, so they can be archived but not deleted."""

    code = "in_use"


class ProductRules(TableRules):
    """What was sold, stocked or priced is archived, not deleted."""

    def before_delete(self, row: Any) -> None:
        if _is_used(ProductVariant.product_id == row.id):
            raise GoodsInUseError(
                _(
                    "It was sold, stocked or had another price, so it can't be deleted: archive it "
                    "by its status instead."
                )
            )

    def record_links(self, row: Any) -> list[Link]:
        if row.deleted_at is not None:
            return []
        return [
            Link(label, url_for(endpoint, product_id=row.id), icon)
            for right, label, endpoint, icon in (
                (MAKE_VARIANTS, _("Add variants"), "VariantsView.choose", "versions"),
                (CHANGE_PRICES, _("Change prices"), "PricesView.choose", "trending-up"),
                (PRINT_LABELS, _("Labels"), "LabelsView.choose", "barcode"),
            )
            if may(right)
        ]

    def selection_links(self) -> list[Link]:
        return _labels("LabelsView.of_products")


class VariantRules(TableRules):
    """Barcodes have the right check digit; what is in use is switched off, not deleted."""

    only_checks: ClassVar[bool] = True

    def before_save(self, row: Any, *, adding: bool) -> None:
        if not adding and not sa.inspect(row).attrs.barcode.history.has_changes():
            return
        code = row.barcode or ""
        wanted = check_digit(code)
        if wanted and not code.endswith(wanted):
            text = _(
                "The last digit of this barcode would have to be %(digit)s: a digit is wrong.",
                digit=wanted,
            )
            raise BarcodeError(text, fields={"barcode": text})

    def before_delete(self, row: Any) -> None:
        if _is_used(ProductVariant.id == row.id):
            raise GoodsInUseError(
                _(
                    "It was sold, stocked or had another price, so it can't be deleted: switch off "
                    "“Is active” instead."
                )
            )

    def record_links(self, row: Any) -> list[Link]:
        if row.deleted_at is not None or not may(PRINT_LABELS):
            return []
        return [Link(_("Labels"), url_for("LabelsView.choose", variant=row.id), "barcode")]

    def selection_links(self) -> list[Link]:
        return _labels("LabelsView.of_variants")


class CategoryRules(TableRules):
    """A category with goods or categories below it is switched off, not deleted."""

    def before_delete(self, row: Any) -> None:
        used = sa.select(
            sa.or_(
                sa.exists().where(Product.category_id == row.id),
                sa.exists().where(Category.parent_id == row.id),
            )
        )
        if session().scalar(used, execution_options=INCLUDE_DELETED):
            raise GoodsInUseError(
                _(
                    "There are products or categories in it, so it can't be deleted: switch off "
                    "“Is active” instead."
                )
            )


MAKE_VARIANTS = "catalog.product_variants:create"
CHANGE_PRICES = "catalog.prices:create"
PRINT_LABELS = "catalog.labels:create"


def _labels(endpoint: str) -> list[Link]:
    return [Link(_("Labels"), endpoint, "barcode")] if may(PRINT_LABELS) else []


def _is_used(which: sa.ColumnElement[bool]) -> bool:
    """Whether documents or ledgers name one of the variants."""
    stock = sa.or_(InventoryStock.quantity_on_hand != 0, InventoryStock.quantity_reserved != 0)
    used = sa.or_(
        *(
            sa.exists().where(model.variant_id == ProductVariant.id)
            for model in (OrderItem, InventoryMovement, PriceChange)
        ),
        sa.exists().where(InventoryStock.variant_id == ProductVariant.id, stock),
    )
    found = sa.select(ProductVariant.id).where(which, used).limit(1)
    return session().scalar(found, execution_options=INCLUDE_DELETED) is not None
