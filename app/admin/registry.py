"""What a domain says about its tables; the generic layer makes the screens and the API from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.admin.access import may_see
from app.admin.boards.declare import Boards
from app.admin.describe import describe
from app.admin.lists.listing import Order
from app.admin.rules import TableRules
from app.admin.searched import searchable
from models.base import Base


@dataclass(frozen=True, slots=True)
class LineAmount:
    """What a line comes to: quantity times price, less a percentage, less an amount, by column."""

    quantity: str
    price: str
    percent: str = ""
    less: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of another table that are added, changed and removed in the form of this one.

    ``columns`` stand side by side; the others keep their values and defaults. ``order`` is the
    column of the row's place: rows can then be moved. ``amount`` shows what each row and all
    together come to while they are typed; what is saved, the database computes.
    """

    model: type[Base]
    columns: tuple[str, ...]
    order: str = ""
    amount: LineAmount | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A filter that a list offers above its rows: an English label, and the conditions as
    :mod:`app.admin.lists.tree` has them, such as ``("status", "in", ("paid", "sent"))``."""

    label: str
    conditions: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One generated screen and one REST resource.

    Columns are attribute names of the model (a foreign key by its column, ``customer_id``).
    ``search_columns`` are the text columns that the list's search box looks in (default: the
    model's ``__title__``); those without a trigram index are left out. ``order`` is (column,
    "asc" | "desc"), default newest key first.
    ``read_only`` tables are documents and ledgers: they change through operations only. ``rules``
    adds checks and links of this table. ``children`` are edited in this table's form. ``in_menu``
    is off where another screen shows it better. ``boards`` says which other views of the list there
    are, where what the model shows isn't right. ``rights`` are actions that no screen of the table
    asks for but its operations do. ``facts`` are the columns in the head of the record's page,
    where those that the model suggests (``app.admin.records.facts``) aren't right. ``shortcuts``
    are filters above the list. ``record_template`` extends ``admin/show.html`` for a record whose
    page shows more than its columns; the rules' ``record_parts`` are its values.
    """

    model: type[Base]
    icon: str = "table"
    list_columns: tuple[str, ...] = ()
    search_columns: tuple[str, ...] = ()
    order: tuple[str, str] | None = None
    read_only: bool = False
    rules: type[TableRules] = TableRules
    in_menu: bool = True
    boards: Boards | None = None
    children: tuple[Child, ...] = ()
    rights: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    record_template: str = "admin/show.html"

    @property
    def searched(self) -> tuple[str, ...]:
        """Text columns that the search box and the API's ``search`` look in for this reader."""
        fields = searchable(self.model, self.search_columns or self.model.__title__)
        return tuple(field.name for field in fields if may_see(field))

    @property
    def default_order(self) -> Order:
        """The order of a list that asks for none; never by a column hidden from the reader."""
        newest_first = (describe(self.model).keys[0], "desc")
        column, direction = self.order or newest_first
        if not may_see(describe(self.model).fields[column]):
            column, direction = newest_first
        return Order(column, descending=direction == "desc")


@dataclass(frozen=True, slots=True)
class Operation:
    """A service that programs may call: ``POST /api/v1/<domain>/<name of the function>``.

    ``right`` is what the caller needs, such as ``sales.till:create``. The body is the service's
    command (its first argument, a dataclass) as JSON.
    """

    service: Callable[..., Any]
    right: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A menu of the side navigation: English label (translated when shown), Tabler icon, tables.

    ``operations`` are what can be done in it besides writing rows.
    """

    name: str
    label: str
    icon: str
    tables: tuple[Table, ...]
    operations: tuple[Operation, ...] = ()
