"""Writes the data model as Markdown from the models: ``python -m models.document``.

``docs/data-model.md`` is its output; a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from models import SCHEMAS
from models.base import Base, humanize

INTRODUCTION = """\
# Data model

Written by `python -m models.document` from the models; don't edit it by hand. Each heading is a
PostgreSQL schema, each table below it says what a row is. Columns may be empty only where they say
so. Amounts are exact decimals, times are kept in UTC.
"""
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped


def document() -> str:
    """The whole model as Markdown: schemas in the order of ``SCHEMAS``, tables by name."""
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.fullname)
    by_schema = {name: list(group) for name, group in groupby(tables, lambda table: table.schema)}
    parts = [INTRODUCTION]
    for schema in SCHEMAS:
        parts.append(f"## {schema}\n")
        parts.extend(_table(table) for table in by_schema[schema])
    return "\n".join(parts)


def _table(table: sa.Table) -> str:
    lines = [
        f"### {table.fullname}\n",
        f"{table.comment}.\n",
        "| column | type | rules | meaning |",
        "|---|---|---|---|",
        *(_row(column) for column in table.columns),
        "",
    ]
    rules = sorted({*_unique_keys(table), *_row_rules(table)})
    if rules:
        lines += [*(f"- {rule}" for rule in rules), ""]
    if partitions := table.dialect_options["postgresql"]["partition_by"]:
        lines += [f"Partitioned by {partitions.lower()}.", ""]
    return "\n".join(lines)


def _row(column: sa.Column[Any]) -> str:
    type_name = column.type.compile(dialect=DIALECT).lower()
    cells = (f"`{column.name}`", type_name, "; ".join(_rules(column)), column.comment or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rules(column: sa.Column[Any]) -> Iterator[str]:
    if column.primary_key:
        yield "key"
    for key in column.foreign_keys:
        yield f"→ {key.column.table.fullname}"
    if column.unique:
        yield "unique"
    if column.computed is not None:
        yield "computed"
    elif column.nullable:
        yield "may be empty"
    if values := column.info.get("choices"):
        yield "one of " + ", ".join(_choice(value, label) for value, label in values.items())
    low, high = column.info.get("min"), column.info.get("max")
    if low is not None and high is not None:
        yield f"{low} to {high}"
    elif low is not None:
        yield f"at least {low}"
    if column.info.get("secret"):
        yield "secret"


def _choice(value: str, label: str) -> str:
    """``draft`` says it itself; `03` needs its label."""
    return f"`{value}`" if label == humanize(value) else f"`{value}` {label}"


def _unique_keys(table: sa.Table) -> Iterator[str]:
    """Keys over several columns, over part of the rows, or over an expression."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint) and len(constraint.columns) > 1:
            yield "unique: " + ", ".join(column.name for column in constraint.columns)
    for index in table.indexes:
        where = index.dialect_options["postgresql"]["where"]
        names = ", ".join(str(expression).split(".")[-1] for expression in index.expressions)
        if index.unique and (where is not None or len(index.columns) != 1 or "(" in names):
            yield f"unique: {names}" + (f" where `{where}`" if where is not None else "")


def _row_rules(table: sa.Table) -> Iterator[str]:
    """CHECKs over several columns; those of one column are told beside it."""
    told = {
        f"ck_{table.name}_{column.name}_{kind}"
        for column in table.columns
        for kind in ("choice", "range")
        if column.info.keys() & ({"choices"} if kind == "choice" else {"min", "max"})
    }
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint) and str(constraint.name) not in told:
            yield f"`{constraint.sqltext}`"


if __name__ == "__main__":
    sys.stdout.write(document())
