"""Large exports: done in the background, kept as a file for whoever asked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.admin.exchange.export_file import note_export, write_export
from app.admin.exchange.export_request import ExportRequest
from app.admin.exchange.export_rows import ExportRows
from app.admin.exchange.tables import view_of
from app.admin.exchange.writers import TYPES
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.security.rights import current_actor
from app.services.background import Progress, Work, WorkFile, WorkFinished, work

KIND = "list.export"


def told(result: Mapping[str, Any]) -> str:
    """How many records are in the file."""
    rows = int(result.get("rows", 0))
    return ngettext(
        "The file is ready, with %(num)s record.", "The file is ready, with %(num)s records.", rows
    )


@work(KIND, tells=told)
def export_list(work: Work, progress: Progress) -> WorkFinished:
    """Write the file anew from the start, by what the person may see now.

    Raises ForbiddenError when the right to export was taken away meanwhile.
    """
    view = view_of(work.params["table"])
    if not view.may("export"):
        raise ForbiddenError(_("You may not export these records any more."))
    wanted = ExportRequest.from_params(dict(work.params))
    rows = ExportRows(view, wanted)
    with tempfile.NamedTemporaryFile(suffix=f".{wanted.format}", delete=False) as made_file:
        path = Path(made_file.name)
    with path.open("wb") as file:
        try:
            done = write_export(rows, file, progress)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    note_export(view.description.model, wanted, done, actor=current_actor())
    made = WorkFile(path, work.params["file_name"], TYPES[wanted.format])
    return WorkFinished({"rows": done}, file=made)
