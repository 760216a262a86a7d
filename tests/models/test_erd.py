"""The live database has everything that the two ERDs ask for (``erd_facts.csv`` is our copy)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from tests.models.catalog_queries import COLUMNS, CONSTRAINTS, INDEXES, TABLES

FAMILY = {
    "int2": "int",
    "int4": "int",
    "int8": "int",
    "varchar": "text",
    "bpchar": "text",
    "citext": "text",
    "_text": "text[]",
    "_uuid": "uuid[]",
    "_int8": "int[]",
    "cidr": "inet",
}
UNIQUE_TOGETHER = {
    "inventory.inventory_stock": {"variant_id", "location_id"},
    "sunat.electronic_documents": {"series", "correlative_number"},
    "reporting.materialized_reports": {"report_type", "report_date", "location_id"},
}


class Fact(NamedTuple):
    table: str
    column: str
    types: frozenset[str]
    marks: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


def _read_facts() -> list[Fact]:
    with (Path(__file__).parent / "erd_facts.csv").open(encoding="utf-8") as file:
        return [
            Fact(
                row["table"],
                row["column"],
                frozenset(filter(None, row["types"].split("|"))),
                frozenset(filter(None, row["marks"].split("|"))),
            )
            for row in csv.DictReader(file)
        ]


FACTS = _read_facts()


def _marked(mark: str) -> list[Fact]:
    found = [fact for fact in FACTS if mark in fact.marks]
    assert found, mark
    return found


@pytest.fixture
def columns(sql: psycopg.Connection) -> dict[str, tuple[str, bool]]:
    """Full column name → family of its type, whether it is generated."""
    return {
        f"{table}.{column}": (FAMILY.get(kind, kind), generated)
        for table, column, kind, generated, _ in sql.execute(COLUMNS)
    }


@pytest.fixture
def keys(sql: psycopg.Connection) -> dict[str, list[tuple[str, set[str]]]]:
    """Table → kind and columns of each constraint."""
    found: dict[str, list[tuple[str, set[str]]]] = {}
    for table, kind, _, _, names in sql.execute(CONSTRAINTS):
        found.setdefault(table, []).append((kind, set(names)))
    return found


@pytest.fixture
def unique_indexes(sql: psycopg.Connection) -> dict[str, list[set[str]]]:
    found: dict[str, list[set[str]]] = {}
    for table, unique, _, _, parts in sql.execute(INDEXES):
        if unique:
            names = {part.removeprefix("lower(").removesuffix(")") for part in parts}
            found.setdefault(table, []).append(names)
    return found


def test_the_facts_are_those_of_both_erds():
    assert len({fact.table for fact in FACTS}) == 100
    assert len(FACTS) == 1273


def test_every_column_of_the_erds_exists(columns):
    assert [fact.name for fact in FACTS if fact.name not in columns] == []


def test_every_column_has_the_type_of_the_erd(columns):
    wrong = [
        (fact.name, columns[fact.name][0], set(fact.types))
        for fact in FACTS
        if fact.types and columns[fact.name][0] not in fact.types
    ]
    assert wrong == []


def test_primary_keys_are_in_place(keys):
    missing = [
        fact.name
        for fact in _marked("key")
        if not any(kind == "p" and fact.column in names for kind, names in keys[fact.table])
    ]
    assert missing == []


def test_references_are_foreign_keys(keys):
    missing = [
        fact.name
        for fact in _marked("reference")
        if ("f", {fact.column}) not in keys.get(fact.table, [])
    ]
    assert missing == []


def test_unique_columns_are_unique(unique_indexes):
    missing = [
        fact.name
        for fact in _marked("unique")
        if {fact.column} not in unique_indexes.get(fact.table, [])
    ]
    assert missing == []


@pytest.mark.parametrize("table", UNIQUE_TOGETHER)
def test_columns_unique_together(table, unique_indexes):
    assert any(UNIQUE_TOGETHER[table] <= names for names in unique_indexes[table])


def test_generated_columns_are_generated(columns):
    assert [fact.name for fact in _marked("generated") if not columns[fact.name][1]] == []


def test_big_ledgers_are_partitioned(sql: psycopg.Connection):
    partitioned = {table for table, is_partitioned, _ in sql.execute(TABLES) if is_partitioned}
    assert partitioned == {fact.table for fact in _marked("partition")}
