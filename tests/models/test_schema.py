"""The live database is what the models say, and keeps our own rules for every table."""

from __future__ import annotations

import re

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.migration_options import OPTIONS
from config import ROOT
from models import all_models
from models.base import Base
from models.document import document
from tests.models.catalog_queries import COLUMNS, CONSTRAINTS, INDEXES, TABLES, TRIGGERS

TABLES_OF_MODELS = list(Base.metadata.tables.values())
REFERRED_TO = {key.column.table for table in TABLES_OF_MODELS for key in table.foreign_keys}


def test_models_and_database_do_not_drift(engine: sa.Engine):
    options = {
        name: value for name, value in OPTIONS.items() if name != "process_revision_directives"
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_has_a_comment(sql: psycopg.Connection):
    assert [table for table, _, comment in sql.execute(TABLES) if not comment] == []


def test_every_column_has_a_comment(sql: psycopg.Connection):
    without = [
        (table, column) for table, column, *_, comment in sql.execute(COLUMNS) if not comment
    ]
    assert without == []


def test_every_foreign_key_is_indexed(sql: psycopg.Connection):
    first = {
        (table, parts[0])
        for table, _, partial, method, parts in sql.execute(INDEXES)
        if method == "btree" and not partial
    }
    bare = [
        (table, names)
        for table, kind, _, _, names in sql.execute(CONSTRAINTS)
        if kind == "f" and (table, names[0]) not in first
    ]
    assert bare == []


def test_checks_in_the_database_are_those_of_the_models(sql: psycopg.Connection):
    live = {(table, name) for table, kind, name, *_ in sql.execute(CONSTRAINTS) if kind == "c"}
    wanted = {
        (table.fullname, str(constraint.name))
        for table in TABLES_OF_MODELS
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert live == wanted


def test_every_choice_and_no_other_is_allowed(sql: psycopg.Connection):
    live = {
        (table, name): set(re.findall(r"'((?:[^']|'')*)'::text", definition))
        for table, kind, name, definition, _ in sql.execute(CONSTRAINTS)
        if kind == "c" and name.endswith("_choice")
    }
    wanted = {
        (table.fullname, f"ck_{table.name}_{column.name}_choice"): set(column.info["choices"])
        for table in TABLES_OF_MODELS
        for column in table.columns
        if column.info.get("choices")
    }
    assert live == wanted


def test_every_version_is_moved_by_the_database(sql: psycopg.Connection):
    live = {table for table, trigger in sql.execute(TRIGGERS) if trigger == "bump_version"}
    assert live == {table.fullname for table in TABLES_OF_MODELS if "version" in table.columns}


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_titles_exist_and_are_loaded_with_what_refers_to_the_table(model: type[Base]):
    """Lists load the titles of what they refer to: columns, or one relationship further on a row
    whose own title is columns."""
    mapper = sa.inspect(model)
    columns = set(mapper.columns.keys())
    assert set(model.__title__) <= columns | set(mapper.relationships.keys())
    if mapper.local_table in REFERRED_TO:
        for name in set(model.__title__) - columns:
            target = mapper.relationships[name].mapper
            assert set(target.class_.__title__) <= set(target.columns.keys())


def test_the_data_model_document_is_current():
    written = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    assert written == document(), "run: python -m models.document > docs/data-model.md"
