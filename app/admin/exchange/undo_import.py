"""An import is taken back: records that it added go, those that it changed get their old values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.access.rows import restricted
from app.admin.access import reader
from app.admin.database_errors import explain_deletion
from app.admin.exchange.import_rows import Told
from app.admin.exchange.notes import from_json, stamps_of
from app.admin.forms.writing import write
from app.admin.rules import TableRules
from app.admin.titles import title_of
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.session import INCLUDE_DELETED
from models.workspace import ImportBatch, ImportedRow

TOGETHER = 500


class Undo:
    """Within the caller's transaction; ``refused`` are (row of the file, title, reason)."""

    def __init__(self, view: Any, batch: ImportBatch) -> None:
        self.view, self.batch = view, batch
        self.description = view.description
        self.refused: list[tuple[int, str, str]] = []
        self.done = 0
        own_rules = view.table.rules.before_delete is not TableRules.before_delete
        self.together = not own_rules and not restricted(self.description.model, reader(), "delete")

    def run(self, told: Told) -> None:
        """Take all records back, the last one first; each refusal leaves its record alone."""
        below: int | None = None
        while notes := self._next(below):
            below = notes[-1].id
            keys = {note.id: self.view.datamodel.parse_key(note.record_id) for note in notes}
            stamps = stamps_of(self.description, [key for key in keys.values() if key])
            for note in self._beyond_deleting(notes, keys, stamps):
                self._take_back(note, stamps.get(keys[note.id] or ()))
            session().flush()  # the next ones may point to these
            told(self.done)

    def _next(self, below: int | None) -> Sequence[ImportedRow]:
        statement = sa.select(ImportedRow).where(ImportedRow.batch_id == self.batch.id)
        if below is not None:
            statement = statement.where(ImportedRow.id < below)
        return session().scalars(statement.order_by(ImportedRow.id.desc()).limit(TOGETHER)).all()

    def _beyond_deleting(
        self, notes: Sequence[ImportedRow], keys: dict[int, Any], stamps: dict[Any, str]
    ) -> Sequence[ImportedRow]:
        """Delete the unchanged records that were added, in one statement where nothing speaks
        against it; gives the notes that are left."""
        if not self.together:
            return notes
        gone = [
            note
            for note in notes
            if note.action == "created" and stamps.get(keys[note.id] or ()) == note.stamp
        ]
        columns = [getattr(self.description.model, name) for name in self.description.keys]
        wanted = [keys[note.id] for note in gone]
        single = len(columns) == 1
        condition = columns[0].in_([key[0] for key in wanted]) if single else None
        if condition is None:
            condition = sa.tuple_(*columns).in_(wanted)
        delete = sa.delete(self.description.model).where(condition)
        try:
            with session().begin_nested():
                options = {**INCLUDE_DELETED, "synchronize_session": False}
                session().execute(delete, execution_options=options)
        except SQLAlchemyError:
            return notes  # one of them is used elsewhere: one by one tells which
        self.done += len(gone)
        deleted = {note.id for note in gone}
        return [note for note in notes if note.id not in deleted]

    def _take_back(self, note: ImportedRow, stamp: str | None) -> None:
        self.done += 1
        if stamp is None:
            if note.action == "updated":
                self._refuse(note, None, _("It was deleted since."))
            return
        action = "delete" if note.action == "created" else "update"
        row = self.view.datamodel.find(note.record_id, action, deleted=True)
        if row is None:
            self._refuse(note, None, _("You may not change it."))
        elif stamp != note.stamp:
            self._refuse(note, row, _("Somebody changed it since."))
        else:
            self._write(note, row)

    def _write(self, note: ImportedRow, row: Any) -> None:
        title = title_of(row)
        try:
            with session().begin_nested():
                if note.action == "created":
                    self.view.table.rules().before_delete(row)
                    session().delete(row)
                    session().flush()  # whether it is used elsewhere is told by the database
                else:
                    for name, value in (note.before or {}).items():
                        setattr(row, name, from_json(self.description.fields[name], value))
                    write(self.view.table, row, adding=False)
        except (SQLAlchemyError, DomainError) as error:
            reason = explain_deletion(error, self.description).message
            self.refused.append((note.row_number, title, str(reason)))

    def _refuse(self, note: ImportedRow, row: Any, reason: str) -> None:
        title = title_of(row) if row is not None else note.record_id
        self.refused.append((note.row_number, title, reason))
