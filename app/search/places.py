"""Where the search over everything looks: the tables and columns that an index makes cheap.

Every generated table is a place, with those of its columns that its own search box looks in
(:mod:`app.admin.searched`), but those of :data:`APART`. So no table is read from end to end that
could grow, and a new table is found as soon as its columns are indexed.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from app.admin.access import may_see
from app.admin.describe import TEXT_KINDS, Description, Field, describe
from app.admin.model_view import TableView
from app.admin.once import once
from app.admin.registry import Table
from app.admin.searched import searchable
from app.i18n import gettext as _
from app.search.fold import fold
from app.security.rights import may
from models.base import Base

APART = frozenset(
    {
        "billing.credit_applications",
        "billing.customer_billing_info",
        "billing.invoice_line_items",
        "billing.payment_links",
        "billing.payment_reminders",
        "billing.quote_line_items",
        "billing.quote_statuses",
        "billing.recurring_frequencies",
        "billing.recurring_invoice_line_items",
        "billing.refund_reasons",
        "catalog.price_change_history",
        "crm.activity_types",
        "crm.deal_products",
        "crm.deal_stages",
        "crm.deal_types",
        "crm.lead_sources",
        "crm.lead_statuses",
        "customers.customer_addresses",
        "customers.customer_merge_log",
        "customers.loyalty_movements",
        "identity.actions",
        "identity.api_keys",
        "identity.login_attempts",
        "identity.permissions",
        "identity.resources",
        "platform.number_sequences",
        "sales.cash_movements",
        "sales.cash_sessions",
        "sales.order_items",
        "sales.order_status_history",
        "sales.order_status_transitions",
        "services.job_assignments",
        "services.job_priorities",
        "services.job_products",
        "services.job_statuses",
        "services.task_priorities",
        "services.task_statuses",
        "services.time_entries",
        "sunat.voided_documents",
    }
)
"""Parts of other records, and lists of a few words: who looks for them looks in their own list."""
NUMBERED = ("series", "correlative_number")
"""Columns of a document's number."""
OWN_AFFAIRS = "workspace"
"""Schema of what people keep for themselves; it has pages of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table as the search meets it; the columns are those that this reader may see.

    ``exact`` columns have an index for equality: a whole number or code is found at once however
    many rows there are. ``numbered`` are a series and a number in it that have an index together.
    """

    view: TableView
    table: Table
    columns: tuple[str, ...]
    exact: tuple[str, ...]
    numbered: tuple[str, ...]

    @property
    def description(self) -> Description:
        return describe(self.table.model)

    @property
    def label(self) -> str:
        return _(self.description.plural)

    def is_called(self, text: str) -> bool:
        """Whether somebody who types ``text:`` may mean this table (“customer”, “pedidos”)."""
        name = self.description.resource.partition(".")[2].replace("_", " ")
        names = (self.label, _(self.description.label), self.description.plural, name)
        return any(fold(each).startswith(fold(text)) for each in names)


def places() -> list[Place]:
    """The tables that the person of this request may search, in the order of the menu."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    found = (_place(view) for view in views if isinstance(view, TableView))
    return [place for place in found if place is not None]


def _place(view: TableView) -> Place | None:
    description = view.datamodel.description
    if not _is_searched(description) or not may(f"{description.resource}:read"):
        return None
    known = _columns(view.table.model, view.table.search_columns)
    columns = tuple(field.name for field in known.indexed if may_see(field))
    if not columns:
        return None
    exact = tuple(field.name for field in known.exact if may_see(field))
    numbered = all(map(may_see, known.numbered))
    names = tuple(field.name for field in known.numbered) if numbered else ()
    return Place(view, view.table, columns, exact, names)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the indexes of a table make cheap, whoever asks."""

    indexed: tuple[Field, ...]
    exact: tuple[Field, ...]
    numbered: tuple[Field, ...]


@once
def _columns(model: type[Base], search_columns: tuple[str, ...]) -> _Columns:
    description = describe(model)
    unique = dict.fromkeys((*search_columns, *model.__title__))
    named = [description.fields[name] for name in unique if name in description.fields]
    return _Columns(
        tuple(searchable(model, unique)),
        tuple(f for f in named if f.kind in TEXT_KINDS and _has_equality(f)),
        _numbered(description),
    )


def _is_searched(description: Description) -> bool:
    own = description.resource.startswith(f"{OWN_AFFAIRS}.")
    return len(description.keys) == 1 and not own and description.resource not in APART


def _numbered(description: Description) -> tuple[Field, ...]:
    """The columns of a number such as B001-123, where an index has both."""
    fields = tuple(description.fields[name] for name in NUMBERED if name in description.fields)
    columns = [field.column for field in fields]
    known = fields and any(list(index.columns) == columns for index in _indexes(fields[0]))
    return fields if known else ()


def _has_equality(field: Field) -> bool:
    if field.column.unique:
        return True
    first = [next(iter(index.columns), None) for index in _indexes(field) if _is_plain(index)]
    return any(column is field.column for column in first)


def _is_plain(index: sa.Index) -> bool:
    options = index.dialect_options["postgresql"]
    return options["using"] in (False, "btree") and options["where"] is None


def _indexes(field: Field) -> list[sa.Index]:
    table: sa.Table = field.column.table
    return [index for index in table.indexes if len(index.columns)]
