"""An export written to a file, a batch of rows at a time."""

from __future__ import annotations

from typing import Any, BinaryIO

from app.admin.describe import describe
from app.admin.exchange.export_request import ExportRequest
from app.admin.exchange.export_rows import ExportRows
from app.admin.exchange.writers import make_writer
from app.i18n import gettext as _
from app.services.background import Progress
from app.services.platform.record_action import RecordedAction, record_action


def write_export(rows: ExportRows, file: BinaryIO, progress: Progress | None = None) -> int:
    """Write all rows to ``file``; gives how many. ``progress`` is told after each batch."""
    writer = make_writer(rows.wanted, file)
    writer.head(rows.headings(), _(rows.description.plural))
    total = rows.count() if progress is not None else 0
    done = 0
    for batch in rows.batches():
        writer.rows(batch)
        done += len(batch)
        if progress is not None:
            progress(done, max(total, done))
    writer.end()
    return done


def note_export(model: Any, wanted: ExportRequest, rows: int, *, actor: Any) -> None:
    """Tell the audit log who takes what out."""
    selection = wanted.selection
    details = {
        "format": wanted.format,
        "columns": list(wanted.columns),
        "rows": rows,
        "list": selection.query,
        "selected": None if selection.keys is None else len(selection.keys),
    }
    record_action(RecordedAction("export", describe(model).resource, details=details), actor=actor)
