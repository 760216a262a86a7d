"""The pages of an import: ready to draw."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.admin.describe import describe
from app.admin.exchange.convert import as_words
from app.admin.exchange.mapping import importable, key_label, unique_keys
from app.admin.exchange.plan import Plan
from app.admin.work_card import WorkCard, work_card
from app.db import session
from app.i18n import gettext as _
from app.locale import show_datetime
from app.services.background.state import Work
from app.services.platform.read_setting import read_setting
from models.workspace import BackgroundWork, ImportBatch

BATCHES_SHOWN = 30
SHOWN_VALUES = 3


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the file: its heading, some of its values, and where it goes ("" nowhere)."""

    place: int
    heading: str
    sample: str
    chosen: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import. ``columns`` is empty once it can't be changed any more; ``options`` are (name,
    label) of the table's columns and ``keys`` (value, label) of what finds a record."""

    batch: ImportBatch
    state_label: str
    url: str
    list_url: str
    work: WorkCard | None
    columns: tuple[MappedColumn, ...]
    options: tuple[tuple[str, str], ...]
    required: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    plan: Plan
    facts: dict[str, Any]
    mistakes_url: str
    can_run: bool
    can_undo: bool
    unreadable: str = ""


def batches_of(view: Any, user_id: int | None) -> list[tuple[ImportBatch, str, str, str]]:
    """One's own latest imports into the table: (batch, url, state, when)."""
    rows = session().scalars(
        sa.select(ImportBatch)
        .where(ImportBatch.table_name == view.description.resource, ImportBatch.user_id == user_id)
        .order_by(ImportBatch.created_at.desc())
        .limit(BATCHES_SHOWN)
    )
    return [(row, _url(view, row), _state(row), show_datetime(row.created_at)) for row in rows]


def import_page(view: Any, batch: ImportBatch, table: Any, unreadable: str = "") -> ImportPage:
    """``table`` is (headings, first rows, facts) of the file; None when the import is over."""
    fields = importable(view)
    plan = Plan.of(batch.options)
    headings, rows, facts = table or ((), (), {})
    work = _work(batch)
    live = work is not None and work.live
    return ImportPage(
        batch=batch,
        state_label=_state(batch),
        url=_url(view, batch),
        list_url=url_for(f"{view.endpoint}.list"),
        work=work
        if work is not None and (live or work.status in ("failed", "cancelled"))
        else None,
        columns=tuple(
            MappedColumn(place, heading, _sample(rows, place), _at(plan.columns, place))
            for place, heading in enumerate(headings)
        ),
        options=tuple(sorted(((n, _(f.label)) for n, f in fields.items()), key=lambda o: o[1])),
        required=tuple(_(f.label) for f in fields.values() if f.required),
        keys=tuple((",".join(key), key_label(view, key)) for key in unique_keys(view)),
        plan=plan,
        facts=facts,
        mistakes_url=url_for(f"{view.endpoint}.import_mistakes", key=batch.id)
        if batch.mistakes_key
        else "",
        can_run=batch.state == "checked" and not live and _worth_it(batch, plan),
        can_undo=batch.state == "done" and not live and _young(batch),
        unreadable=unreadable,
    )


def _worth_it(batch: ImportBatch, plan: Plan) -> bool:
    return bool(batch.created + batch.updated) and (plan.good_only or not batch.failed)


def _young(batch: ImportBatch) -> bool:
    days = dt.timedelta(days=read_setting("imports.undo_days"))
    return batch.ended_at is not None and dt.datetime.now(dt.UTC) - batch.ended_at < days


def _work(batch: ImportBatch) -> WorkCard | None:
    row = session().get(BackgroundWork, batch.work_id) if batch.work_id else None
    return work_card(Work.of(row), now=dt.datetime.now(dt.UTC)) if row is not None else None


def _url(view: Any, batch: ImportBatch) -> str:
    return url_for(f"{view.endpoint}.import_batch", key=batch.id)


def _state(batch: ImportBatch) -> str:
    return _(describe(ImportBatch).fields["state"].choices[batch.state])


def _sample(rows: Any, place: int) -> str:
    values = [as_words(cells[place]) for _number, cells in rows if cells[place] not in (None, "")]
    return " · ".join(value[:40] for value in values[:SHOWN_VALUES])


def _at(columns: tuple[str, ...], place: int) -> str:
    return columns[place] if place < len(columns) else ""
