"""Bulk changes of more rows than one request can do: by a worker, in batches."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.admin.bulk.changes import Change, change_from
from app.admin.bulk.page import failures_csv
from app.admin.bulk.run import Outcome, change_batch
from app.admin.bulk.selection import Key, SelectedRows, Selection
from app.admin.screens import screens_of
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.services.background import Progress, Work, WorkFile, WorkFinished, work

KIND = "list.change"


def told(result: Mapping[str, Any]) -> str:
    """What a change came to: changed, like that already, refused."""
    changed, same, failed = (int(result.get(name, 0)) for name in ("changed", "same", "failed"))
    parts = [ngettext("%(num)s record was changed.", "%(num)s records were changed.", changed)]
    if same:
        parts.append(
            ngettext(
                "%(num)s of them is like that already.",
                "%(num)s of them are like that already.",
                same,
            )
        )
    if failed:
        parts.append(
            ngettext(
                "%(num)s record can't be changed.", "%(num)s records can't be changed.", failed
            )
        )
    return " ".join(parts)


@work(KIND, tells=told)
def change_rows(task: Work, progress: Progress) -> WorkFinished:
    """Change the rows that the list finds now, batch by batch, each in a transaction of its own.

    Rows that can't be changed are left as they are and told in a file. What was done stays when
    the work is stopped, and is found done when it is taken up again. Rights and row scope are
    those of whoever started it, by now.
    """
    params = task.params
    view = screens_of(params["table"])
    if view is None or not view.may(params["method"]):
        raise ForbiddenError(_("You may not do this any more."))
    change = change_from(params["change"], view.description)
    rows = SelectedRows(view, Selection.from_params(params["selection"]), change.action)
    total = rows.scope().allowed
    outcome = Outcome()
    _change_all(rows, change, outcome, progress, total)
    result: dict[str, Any] = {
        "expected": params["expected"],
        "found": total,
        "changed": outcome.changed,
        "same": outcome.same,
        "failed": len(outcome.failures),
    }
    return WorkFinished(result, _file_of(outcome) if outcome.failures else None)


def _change_all(
    rows: SelectedRows, change: Change, outcome: Outcome, progress: Progress, total: int
) -> None:
    after: Key | None = None
    progress(0, total)
    while True:
        after = change_batch(rows, change, outcome, after)
        progress(outcome.changed + outcome.same + len(outcome.failures), total)
        if after is None:
            return


def _file_of(outcome: Outcome) -> WorkFile:
    text = failures_csv(outcome.failures)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", suffix=".csv", delete=False
    ) as file:
        file.write(text)
    return WorkFile(Path(file.name), _("not changed.csv"), "text/csv; charset=utf-8")
