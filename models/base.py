"""The declarative base, column types and mixins that all tables share.

FAB's ``Model`` is the base, so that there is one MetaData and one registry. A rule that a
column can state is written once, in ``info``, and feeds the CHECK constraint, the form, the API
and the docs:

``choices``    ``{value: English label}``; the column's CHECK allows these values only
``usual``      like ``choices``, but others are allowed: only the labels are known
``min, max``   inclusive bounds of a number; CHECK
``multiline``  shown as a text area
``secret``     never shown, exported or audited
``encrypted``  kept under the keys of the environment; rotating the keys finds it by this
``readonly``   set by the system, never by a form or the API
``file``       the key of a file in the storage; a mapping where a form uploads it: ``image``, and
               the columns that take its ``name``, ``size``, ``type`` and ``hash``
``currency``   the column with the currency of an amount; without it, that of the business
``plain``      a number that is a name (a year), written without separators
``schema``     JSON Schema of the value
``section``    part of the form that the column stands in, where its type doesn't tell
``audit``      ``masked``: the audit log says that it changed, not from what to what (secrets too);
               ``ignored``: a change of it alone is none; see ``app.audit.triggers``
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from flask_appbuilder import Model as FabModel
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from uuid_utils.compat import uuid7

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
FabModel.metadata.naming_convention = NAMING
FabModel.registry.update_type_annotation_map(
    {
        str: sa.Text(),
        int: sa.Integer(),
        bool: sa.Boolean(),
        dt.datetime: sa.DateTime(timezone=True),
        dt.date: sa.Date(),
        Decimal: sa.Numeric(14, 2),
        uuid.UUID: sa.Uuid(as_uuid=True),
        dict[str, Any]: pg.JSONB(),
        list[Any]: pg.JSONB(),
        list[str]: pg.ARRAY(sa.Text()),
        list[uuid.UUID]: pg.ARRAY(sa.Uuid(as_uuid=True)),
    }
)

Info = dict[str, Any]

NOT_NEGATIVE: Info = {"min": 0}
PERCENT: Info = {"min": 0, "max": 100}
MULTILINE: Info = {"multiline": True}
READONLY: Info = {"readonly": True}
SECRET: Info = {"secret": True, "readonly": True}
MASKED: Info = {"audit": "masked"}
EMAIL: Info = {"email": True}
PICTURE: Info = {"file": {"image": True}}
IGNORED: Info = {"audit": "ignored"}
APPEND_ONLY: Mapping[str, Any] = MappingProxyType({"info": {"append_only": True}})
"""Option of ``table_args`` for a ledger: a trigger, and the lack of rights, keep its rows."""


def unaudited(reason: str, **info: object) -> Info:
    """Option of ``table_args`` for a table whose changes need no entry in the audit log."""
    return {"info": {"unaudited": reason, **info}}


ENCRYPTED: Info = SECRET | {"encrypted": True}

Money = Annotated[Decimal, mapped_column(sa.Numeric(14, 2))]
UnitPrice = Annotated[Decimal, mapped_column(sa.Numeric(14, 4))]
Percent = Annotated[Decimal, mapped_column(sa.Numeric(7, 4))]
Quantity = Annotated[Decimal, mapped_column(sa.Numeric(14, 4))]
Hours = Annotated[Decimal, mapped_column(sa.Numeric(10, 2))]
ExchangeRate = Annotated[Decimal, mapped_column(sa.Numeric(14, 6))]
BigInt = Annotated[int, mapped_column(sa.BigInteger)]
Json = Annotated[dict[str, Any], mapped_column(pg.JSONB)]
Inet = Annotated[str, mapped_column(pg.INET)]
Timestamp = Annotated[dt.datetime, mapped_column(sa.DateTime(timezone=True))]

now = sa.func.now()


def choices(*values: str, **labelled: str) -> Info:
    """``info`` of a column with a fixed set of values.

    A bare value is labelled by :func:`humanize` (``in_transit`` → “In transit”); a code that says
    nothing by itself is given its label: ``choices(**{"01": "Factura"})``.
    """
    return {"choices": {**{value: humanize(value) for value in values}, **labelled}}


def usual(*values: str) -> Info:
    """``info`` of a column whose values are data (states that an admin may add to)."""
    return {"usual": {value: humanize(value) for value in values}}


def humanize(name: str) -> str:
    """``completion_percentage`` → ``Completion percentage``; the English msgid of a name."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def table_args(schema: str, *items: Any, comment: str, **options: Any) -> tuple[Any, ...]:
    """``__table_args__`` of a table in ``schema`` with its constraints, indexes and comment."""
    return (*items, {"schema": schema, "comment": comment, **options})


def folded(text: Any) -> sa.Function[str]:
    """Text without accents and capitals, as searching compares it: of a column, or of a pattern."""
    return sa.func.platform.folded(text, type_=sa.Text)


def fits(column: Any, pattern: str) -> sa.ColumnElement[bool]:
    """Whether the column is LIKE the pattern, whatever the accents and capitals of either."""
    return folded(column).like(folded(pattern))


def literally(text: str) -> str:
    """Text as a part of a pattern of :func:`fits` in which nothing has a meaning of its own."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def trigram(table: str, *columns: str) -> list[sa.Index]:
    """A GIN trigram index per column, so that looking for a part of :func:`folded` text stays fast
    at any size."""
    return [
        sa.Index(
            f"ix_{table}_{column}_trgm",
            folded(sa.literal_column(column)).label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
            info={"trigram": column},
        )
        for column in columns
    ]


class Base(FabModel):
    """Parent of every mapped class.

    ``__title__`` names the columns that identify a row to a person: they make ``str(row)``, and
    look-ups search them. ``__plural__`` is the English name of the list, by default the humanized
    table name.

    ``__owners__`` names what makes a row somebody's: columns with a user's key, or
    ``Class.column`` of rows that point here (the people assigned to a job). ``__parents__`` names
    the foreign keys of the rows that this one belongs to: whoever may not see those doesn't see
    it. Roles limit rows by both (``app.access.rows``). ``__about__`` tables have ``table_name`` and
    ``record_id`` of a record of any table: who may not read that sees only rows of their own.
    """

    __abstract__ = True
    # FAB's base merges a second class on the same table silently; ours must not.
    __table_args__: Any = {"extend_existing": False}  # noqa: RUF012 - SQLAlchemy's attribute
    __title__: ClassVar[tuple[str, ...]] = ()
    __plural__: ClassVar[str] = ""
    __owners__: ClassVar[tuple[str, ...]] = ()
    __parents__: ClassVar[tuple[str, ...]] = ()
    __about__: ClassVar[bool] = False

    def __str__(self) -> str:
        shown = [str(value) for name in self.__title__ if (value := getattr(self, name, None))]
        if shown:
            return " ".join(shown)
        identity: Any = sa.inspect(self).identity
        return "/".join(map(str, identity)) if identity else type(self).__name__

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {sa.inspect(self).identity}>"


class UuidKey:
    """Key of the services tables: a time-ordered UUID version 7 made by the application."""

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True,
        default=uuid7,
        server_default=sa.func.gen_random_uuid(),
        comment="Key",
        sort_order=-10,
    )


class IdentityKey:
    """Key of the retail tables and of small reference tables: a number given by the database."""

    id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.Identity(always=True), primary_key=True, comment="Key", sort_order=-10
    )


class CreatedAt:
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When the row was made", sort_order=900
    )


class Timestamps(CreatedAt):
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=now,
        onupdate=now,
        comment="When the row was last changed",
        sort_order=901,
    )


class SoftDelete:
    """Deleted rows stay, marked; reads hide them (``app.db``) unless asked for."""

    deleted_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When the row was deleted; empty while it is live", sort_order=910
    )
    deleted_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey("identity.users.id", ondelete="SET NULL"),
        index=True,
        comment="Who deleted the row",
        sort_order=911,
    )
    deletion_reason: Mapped[str | None] = mapped_column(
        comment="Why the row was deleted", sort_order=912
    )


@sa.event.listens_for(SoftDelete, "instrument_class", propagate=True)
def _index_trash(mapper: Any, _class: type[SoftDelete]) -> None:
    """The trash of a table is found, counted and put in order without reading the live rows."""
    table = mapper.local_table
    sa.Index(
        f"ix_{table.name}_deleted_at",
        table.c.deleted_at,
        postgresql_where=table.c.deleted_at.is_not(None),
    )


class Versioned:
    """Optimistic lock: a change based on an older ``version`` is refused.

    The trigger ``platform.bump_version`` moves it in plain SQL updates too.
    """

    version: Mapped[int] = mapped_column(
        sa.BigInteger,
        default=1,
        server_default="1",
        comment="Moves on each change; a save based on an older one is refused",
        sort_order=920,
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


@sa.event.listens_for(sa.Column, "after_parent_attach")
def _rules_become_checks(column: sa.Column[Any], table: sa.Table) -> None:
    """Turn ``choices``, ``min`` and ``max`` of a column's ``info`` into CHECK constraints.

    Copies of a table (Alembic makes them to write a revision) have theirs already.
    """
    if not isinstance(table, sa.Table) or table.metadata is not FabModel.metadata:
        return
    target = sa.column(column.name, column.type)
    if values := column.info.get("choices"):
        _check(table, f"{column.name}_choice", _is_one_of(target, values))
    low, high = column.info.get("min"), column.info.get("max")
    bounds = [
        *([target >= sa.literal_column(str(low))] if low is not None else []),
        *([target <= sa.literal_column(str(high))] if high is not None else []),
    ]
    if bounds:
        _check(table, f"{column.name}_range", sa.and_(*bounds))


def _is_one_of(target: sa.ColumnClause[Any], values: Mapping[str, str]) -> sa.ColumnElement[bool]:
    quoted: Iterable[str] = ("'" + value.replace("'", "''") + "'" for value in values)
    return sa.literal_column(f"{target.name} IN ({', '.join(quoted)})", sa.Boolean)


def _check(table: sa.Table, name: str, rule: sa.ColumnElement[bool]) -> None:
    table.append_constraint(sa.CheckConstraint(rule, name=name))
