"""Checking, importing and undoing, in the background: each one transaction, or nothing at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa

from app.admin.exchange.import_rows import Importer, Item, Outcome
from app.admin.exchange.import_told import result_of, told
from app.admin.exchange.plan import Plan, first_rows
from app.admin.exchange.table_file import TableFile, UnreadableFileError, read_table
from app.admin.exchange.tables import view_of
from app.admin.exchange.text_of_values import as_text, guarded
from app.admin.exchange.undo_import import Undo
from app.audit.why import tell_why
from app.db import atomic, lock_row
from app.errors import DomainError, ForbiddenError, NotFoundError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.security.rights import current_actor
from app.services.background import Progress, Work, WorkFinished, work
from app.services.background.purge_imports import mistakes_key
from app.services.platform.read_setting import read_setting
from app.storage import FileMissingError, storage
from models.workspace import ImportBatch

KIND = "table.import"
STEPS = ("check", "run", "undo")
MISTAKES_SHOWN = 100


class UndoRefusedError(DomainError):
    """Records that the import touched can't be taken back; nothing was."""

    code = "undo_refused"


class _TakeBack(Exception):  # noqa: N818 - ends a transaction that isn't to be kept
    """All that was written was a trial."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What the step works on."""

    batch_id: uuid.UUID
    view: Any
    progress: Progress
    skip: bool


@work(KIND, tells=told)
def import_table(work: Work, progress: Progress) -> WorkFinished:
    """One step of an import, named by ``work.params["step"]``; done already, it does nothing."""
    batch_id = uuid.UUID(work.params["batch"])
    view = view_of(work.params["table"])
    if not view.may("imports"):
        raise ForbiddenError(_("You may not import into this table any more."))
    job = _Job(batch_id, view, progress, bool(work.params.get("skip")))
    step = work.params["step"]
    if step == "undo":
        return WorkFinished(_undo(job))
    outcome, written = _import(job, for_good=step == "run")
    return WorkFinished(result_of(step, outcome, written=written))


def _import(job: _Job, *, for_good: bool) -> tuple[Outcome | None, bool]:
    """What was found, and whether it was written."""
    outcome = None
    headings: tuple[str, ...] = ()
    try:
        with atomic():
            batch = _locked(job.batch_id)
            if batch.state not in ("draft", "checked", "failed"):
                return None, False  # a worker that died had committed it
            tell_why(_("Import of %(file)s", file=batch.file_name), f"import:{batch.id}")
            table, importer = _importer(job, batch)
            headings = table.headings
            outcome = importer.run(table.rows, _teller(job, batch.rows or table.facts.get("about")))
            if not for_good or (outcome.failures and not Plan.of(batch.options).good_only):
                raise _TakeBack  # noqa: TRY301 - the way out of a transaction
            job.progress.check()
            _keep(batch, outcome, headings, state="done")
    except _TakeBack:
        with atomic():
            state = "failed" if for_good else "checked"
            _keep(_locked(job.batch_id), outcome or Outcome(), headings, state=state)
        return outcome, False
    return outcome, True


def _importer(job: _Job, batch: ImportBatch) -> tuple[TableFile, Importer]:
    plan = Plan.of(batch.options)
    try:
        content = storage().get(batch.file_key or "")
    except FileMissingError:
        raise NotFoundError(_("The file is gone; send it again.")) from None
    table = read_table(content, dict(plan.file))
    if len(table.headings) != len(plan.columns):
        raise UnreadableFileError(_("The columns of the file have changed; choose them again."))
    sample = first_rows(table)
    most = read_setting("imports.max_rows")

    def limited() -> Any:
        for count, row in enumerate(chain(sample, table.rows)):
            if count >= most:
                raise UnreadableFileError(
                    ngettext(
                        "The file has more than %(num)s row, the most at once.",
                        "The file has more than %(num)s rows, the most at once.",
                        most,
                    )
                )
            yield row

    whole = TableFile(table.headings, limited(), table.facts)
    return whole, Importer(job.view, plan, sample, batch.id)


def _teller(job: _Job, total: int | None) -> Any:
    return lambda done: job.progress(done, max(total, done) if total else None)


def _keep(batch: ImportBatch, outcome: Outcome, headings: tuple[str, ...], *, state: str) -> None:
    batch.state, batch.rows = state, outcome.rows
    batch.created, batch.updated = outcome.created, outcome.updated
    batch.unchanged, batch.failed = outcome.unchanged, len(outcome.failures)
    batch.mistakes = [
        [item.number, label, sentence]
        for item in outcome.failures[:MISTAKES_SHOWN]
        for label, sentence in item.mistakes
    ][:MISTAKES_SHOWN]
    batch.ended_at = dt.datetime.now(dt.UTC) if state == "done" else None
    batch.mistakes_key = _keep_failures(batch, outcome.failures, headings)


def _keep_failures(
    batch: ImportBatch, failures: list[Item], headings: tuple[str, ...]
) -> str | None:
    """The rows with mistakes as they were sent, and what is wrong with each."""
    if not failures:
        return None
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Row"), *headings, _("Mistakes")])
    for item in failures:
        cells = [guarded(as_text(cell)) for cell in item.cells[: len(headings)]]
        told = " ".join(f"{label}: {said}" if label else said for label, said in item.mistakes)
        writer.writerow([item.number, *cells, guarded(told)])
    key = mistakes_key(batch.id)
    storage().put(key, ("\ufeff" + text.getvalue()).encode())
    return key


def _undo(job: _Job) -> dict[str, Any]:
    with atomic():
        batch = _locked(job.batch_id)
        if batch.state == "undone":
            return {}
        undo = Undo(job.view, batch)
        undo.run(_teller(job, batch.created + batch.updated))
        if undo.refused and not job.skip:
            raise UndoRefusedError(_refusals(undo))
        job.progress.check()
        batch.state, batch.undone_by = "undone", current_actor().user_id
        batch.undone_at = dt.datetime.now(dt.UTC)
        batch.mistakes = [[row, title, reason] for row, title, reason in undo.refused[:100]]
        refused = len(undo.refused)
    return {"step": "undo", "undone": undo.done - refused, "refused": refused}


def _refusals(undo: Undo) -> str:
    shown = [f"{title}: {reason}" for _row, title, reason in undo.refused[:20]]
    count = len(undo.refused)
    head = ngettext(
        "Nothing was undone: %(num)s record can't be taken back.",
        "Nothing was undone: %(num)s records can't be taken back.",
        count,
    )
    return " ".join([head, *shown])


def _locked(batch_id: uuid.UUID) -> ImportBatch:
    batch = lock_row(sa.select(ImportBatch).where(ImportBatch.id == batch_id))
    if batch is None:
        raise NotFoundError(_("There is no such import."))
    return batch
