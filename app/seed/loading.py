"""Putting the reference data into the database, each row once in its life.

The setting ``platform.seeded`` lists what was ever added. So a row that somebody renamed, changed
or deleted since stays as it is, and only what a newer version brings along is added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import atomic
from app.seed.files import LANGUAGES, Row, in_language, read
from app.seed.lock import one_at_a_time
from app.seed.tables import SEEDED, SeedTable
from app.settings.definitions import check_definition
from models.base import Base
from models.platform import SystemSetting

RECORD = "platform.seeded"
LANGUAGE_SETTING = "company.language"
Key = tuple[Any, ...]


def seed_reference_data(language: str | None = None) -> dict[str, int]:
    """Add what was never added before; gives the number of new rows by table.

    Texts are in ``language``, else in that of the business (Spanish at first). One transaction;
    two at once wait for each other; existing rows are never changed.
    """
    with atomic() as session:
        one_at_a_time(session)
        chosen = language or business_language(session)
        record = seeded_record(session)
        added = {table.full_name: _seed(session, table, chosen, record) for table in SEEDED}
        if any(added.values()):
            remember_seeded(session, record)
    return {name: count for name, count in added.items() if count}


def _seed(session: Session, table: SeedTable, language: str, record: dict[str, list[str]]) -> int:
    known = set(record.get(table.full_name, ()))
    fresh = [
        (name, row, tongue)
        for row, tongue in _rows(table, language)
        if (name := _lasting_name(table, row, tongue)) not in known
    ]
    if not fresh:
        return 0
    record[table.full_name] = sorted(known | {name for name, _, _ in fresh})
    present = _present(session, table)
    missing = [
        in_language(row, tongue) for _, row, tongue in fresh if not _keys(table, row) & present
    ]
    tops = [row for row in missing if "parent" not in row]
    added = _insert(session, table.model, tops)
    below = [row for row in missing if "parent" in row]
    if below:
        parents = _ids(session, table)
        placed = [{**row, "parent_id": parents.get(row["parent"])} for row in below]
        added += _insert(session, table.model, [_without(row, "parent") for row in placed])
    return added


def _rows(table: SeedTable, language: str) -> Iterable[tuple[Row, str]]:
    for row in read(table.schema)[table.name]:
        if table.per_language:
            yield from (({**row, "language": tongue}, tongue) for tongue in LANGUAGES)
        else:
            yield row, language


def _lasting_name(table: SeedTable, row: Row, tongue: str) -> str:
    """What a row is remembered by: its English key, whatever language it was added in."""
    english = in_language(row, "en")
    parts = [str(english[column]) for column in table.key if column != "language"]
    return "/".join([*parts, tongue] if table.per_language else parts)


def _keys(table: SeedTable, row: Row) -> set[Key]:
    """The row's key in each language: somebody may have added it in another one."""
    translated = [in_language(row, language) for language in LANGUAGES]
    return {tuple(one[column] for column in table.key) for one in translated}


def _present(session: Session, table: SeedTable) -> set[Key]:
    columns = [table.model.__table__.c[column] for column in table.key]
    return {tuple(row) for row in session.execute(sa.select(*columns))}


def _ids(session: Session, table: SeedTable) -> dict[str, Any]:
    """Keys of the rows by their English name, in whichever language they are."""
    columns = table.model.__table__.c
    ids: dict[str, Any] = dict(session.execute(sa.select(columns.name, columns.id)).all())
    english: dict[str, Any] = {}
    for row in read(table.schema)[table.name]:
        names = [in_language(row, language)["name"] for language in LANGUAGES]
        found = next((ids[name] for name in names if name in ids), None)
        if found is not None:
            english[in_language(row, "en")["name"]] = found
    return english


def _insert(session: Session, model: type[Base], rows: list[Row]) -> int:
    """Add the rows, those with the same columns in one statement."""
    if model is SystemSetting:
        for row in rows:
            check_definition(row)
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row))].append(row)
    added = 0
    for group in groups.values():
        statement = insert(model.__table__).on_conflict_do_nothing()
        added += len(session.execute(statement.returning(sa.literal(1)), group).all())
    return added


def _without(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key != name}


def business_language(session: Session) -> str:
    """The language of the business; Spanish until there are settings."""
    value = sa.func.coalesce(SystemSetting.setting_value, SystemSetting.default_value)
    language = session.scalar(sa.select(value).where(SystemSetting.setting_key == LANGUAGE_SETTING))
    return language if language in LANGUAGES else LANGUAGES[0]


def seeded_record(session: Session) -> dict[str, list[str]]:
    """What was ever added, by table; a row that was deleted since is still in it."""
    value = SystemSetting.setting_value
    found = session.scalar(sa.select(value).where(SystemSetting.setting_key == RECORD))
    return {name: list(rows) for name, rows in found.items()} if isinstance(found, dict) else {}


def remember_seeded(session: Session, record: dict[str, list[str]]) -> None:
    """Keep the record with what was added now."""
    statement = insert(SystemSetting).values(
        setting_key=RECORD,
        setting_group="system",
        setting_type="json",
        setting_value=record,
        description="Reference data that set-up has added once; it never adds them again",
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[SystemSetting.setting_key],
            set_={"setting_value": statement.excluded.setting_value, "updated_at": sa.func.now()},
        )
    )
