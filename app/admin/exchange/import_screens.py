"""Rows from a file into a table, step by step: send, choose columns, check, import, undo."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access

from app.admin.exchange.convert import folded
from app.admin.exchange.import_page import batches_of, import_page
from app.admin.exchange.import_work import KIND, STEPS
from app.admin.exchange.mapping import guess, importable, unique_keys
from app.admin.exchange.plan import MARKS, ORDERS, Plan, first_rows
from app.admin.exchange.table_file import DELIMITERS, TableFile, UnreadableFileError, read_table
from app.admin.screens import TableScreens
from app.db import atomic, lock_row, session
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.background import start_work
from app.services.platform.read_setting import read_setting
from app.services.workspace.preferences import PreferenceError, read_preference, set_preference
from app.storage import FileMissingError, storage
from models.workspace import BackgroundWork, ImportBatch
from models.workspace.background import LIVE

MEGABYTE = 1024 * 1024
SAMPLE = 20
ENCODINGS = ("utf-8", "cp1252", "utf-16")
OPEN = ("draft", "checked", "failed")


class ImportScreens(TableScreens):
    """Mixed into the generated view of a table; asks for the right to add records."""

    @expose("/import", methods=["GET", "POST"])
    @has_access
    def imports(self) -> Any:
        """Send a file, or go on with an earlier one."""
        if request.method == "POST":
            return self._receive()
        page = batches_of(self, current_actor().user_id)
        return self.render_template(
            "exchange/imports.html",
            title=_("Import %(what)s", what=_(self.description.plural)),
            view=self,
            batches=page,
            megabytes=read_setting("imports.max_megabytes"),
            **self._place(),
        )

    @expose("/import/<key>")
    @has_access
    def import_batch(self, key: str) -> Any:
        batch = self._own_batch(key)
        table, problem = _open(batch) if batch.state in OPEN else (None, "")
        return self.render_template(
            "exchange/import.html",
            title=_("Import of %(file)s", file=batch.file_name),
            page=import_page(self, batch, table, problem),
            delimiters=DELIMITERS,
            encodings=ENCODINGS,
            **self._place(),
        )

    @expose("/import/<key>/<step>", methods=["POST"])
    @has_access
    def import_step(self, key: str, step: str) -> Any:
        """Check, import or undo in the background; ``file`` reads the file in another way."""
        if step not in (*STEPS, "file"):
            abort(404)
        with atomic():
            batch = self._own_batch(key, lock=True)
            if self._is_busy(batch) or not _fits(step, batch):
                abort(409)
            if step in ("check", "file"):
                self._choose(batch, step)
            if step != "file":
                self._begin(batch, step)
        return redirect(url_for(f"{self.endpoint}.import_batch", key=batch.id))

    @expose("/import/mistakes/of/<key>")
    @has_access
    def import_mistakes(self, key: str) -> Any:
        """The rows with mistakes as they were sent, and what is wrong with each."""
        batch = self._own_batch(key)
        try:
            content = storage().get(batch.mistakes_key or "none")
        except FileMissingError:
            abort(404)
        name = f"{PurePath(batch.file_name).stem}-{_('mistakes')}.csv"
        answer = Response(content, mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer

    # -- steps

    def _receive(self) -> Any:
        sent = request.files.get("file")
        again = redirect(url_for(f"{self.endpoint}.imports"))
        content = sent.read() if sent is not None else b""
        most = read_setting("imports.max_megabytes")
        if sent is None or not sent.filename:
            flash(_("Choose a file."), "warning")
            return again
        if len(content) > most * MEGABYTE:
            flash(_("The file is larger than %(most)s MB.", most=most), "danger")
            return again
        try:
            table = read_table(content, {})
            headings = table.headings
            _refuse_title(table)
        except UnreadableFileError as error:
            flash(error.message, "danger")
            return again
        batch = self._keep(sent.filename, content, headings)
        return redirect(url_for(f"{self.endpoint}.import_batch", key=batch.id))

    def _keep(self, name: str, content: bytes, headings: tuple[str, ...]) -> ImportBatch:
        actor = current_actor()
        key = f"imports/{uuid.uuid4()}"
        storage().put(key, content)
        with atomic() as current:
            batch = ImportBatch(
                table_name=self.description.resource,
                file_name=re.sub(r"[\x00-\x1f/\\]", "", name)[-200:] or "-",
                file_key=key,
                user_id=actor.user_id,
                options=Plan(columns=self._guessed(headings)).as_json(),
            )
            current.add(batch)
        return batch

    def _guessed(self, headings: tuple[str, ...]) -> tuple[str, ...]:
        known = read_preference(current_actor().user_id, self._memory, {})
        known = known if isinstance(known, dict) else {}
        return tuple(guess(headings, importable(self), known))

    def _choose(self, batch: ImportBatch, step: str) -> None:
        """Take over what the person chose; reading the file anew keeps no columns."""
        form, old = request.form, Plan.of(batch.options)
        file = tuple((n, form[n]) for n in ("delimiter", "encoding", "sheet") if form.get(n))
        if step == "file":
            plan = Plan((), file=file)
            batch.options = plan.as_json()
            table, _problem = _open(batch)
            batch.options = Plan(self._guessed(table[0] if table else ()), file=file).as_json()
            return
        fields = importable(self)
        chosen = [form.get(f"column-{place}", "") for place in range(len(old.columns))]
        columns = [n if n in fields and n not in chosen[:p] else "" for p, n in enumerate(chosen)]
        keys = {",".join(key): key for key in unique_keys(self)}
        key = keys.get(form.get("match", ""), ())
        batch.options = Plan(
            tuple(columns),
            key if all(name in columns for name in key) else (),
            form["mark"] if form.get("mark") in MARKS else "auto",
            form["order"] if form.get("order") in ORDERS else "auto",
            old.file,
            good_only=form.get("mode") == "good",
        ).as_json()
        batch.mode = "good" if form.get("mode") == "good" else "all"
        if key and not all(name in columns for name in key):
            flash(_("The columns that find a record must be in the file."), "warning")
        self._remember(batch, columns)

    def _remember(self, batch: ImportBatch, columns: list[str]) -> None:
        table, _problem = _open(batch)
        known = {folded(h): n for h, n in zip(table[0], columns, strict=False)} if table else {}
        try:
            with session().begin_nested():
                set_preference(self._memory, known, actor=current_actor(), now=_now())
        except PreferenceError:
            return  # too many columns to remember

    def _begin(self, batch: ImportBatch, step: str) -> None:
        titles = {
            "check": _("Check of %(file)s", file=batch.file_name),
            "run": _("Import of %(file)s", file=batch.file_name),
            "undo": _("Undo of the import of %(file)s", file=batch.file_name),
        }
        started = start_work(
            KIND,
            {
                "batch": str(batch.id),
                "table": self.description.resource,
                "step": step,
                "skip": request.form.get("skip") == "1",
            },
            title=titles[step],
            actor=current_actor(),
            now=_now(),
            link=url_for(f"{self.endpoint}.import_batch", key=batch.id),
        )
        batch.work_id = started.id

    # -- whose it is

    @property
    def _memory(self) -> str:
        return f"import:{self.description.resource}"

    def _place(self) -> dict[str, str]:
        return {
            "domain": _(self.domain.label),
            "list_url": url_for(f"{self.endpoint}.list"),
            "list_label": _(self.description.plural),
            "imports_url": url_for(f"{self.endpoint}.imports"),
        }

    def _own_batch(self, key: str, *, lock: bool = False) -> ImportBatch:
        try:
            batch_id = uuid.UUID(key)
        except ValueError:
            abort(404)
        statement = sa.select(ImportBatch).where(
            ImportBatch.id == batch_id,
            ImportBatch.table_name == self.description.resource,
            ImportBatch.user_id == current_actor().user_id,
        )
        batch = lock_row(statement) if lock else session().scalar(statement)
        if batch is None:
            abort(404)
        return batch

    def _is_busy(self, batch: ImportBatch) -> bool:
        work = session().get(BackgroundWork, batch.work_id) if batch.work_id else None
        return work is not None and work.status in LIVE


def _fits(step: str, batch: ImportBatch) -> bool:
    """Whether the import is at that step."""
    if step == "undo":
        return batch.state == "done"
    return batch.state == "checked" if step == "run" else batch.state in OPEN


def _refuse_title(table: TableFile) -> None:
    """A title above the headings would be taken for the only heading."""
    wider = (number for number, cells in first_rows(table, SAMPLE) if any(cells[1:]))
    number = next(wider, None) if len(table.headings) == 1 else None
    if number is not None:
        raise UnreadableFileError(
            _(
                "The first row has one heading, “%(heading)s”, but row %(number)s has more cells. "
                "Delete what stands above the headings.",
                heading=table.headings[0],
                number=number,
            )
        )


def _open(batch: ImportBatch) -> tuple[Any, str]:
    """(headings, first rows, facts) of the file, or None and why it can't be read."""
    try:
        content = storage().get(batch.file_key or "none")
        table = read_table(content, dict(Plan.of(batch.options).file))
        return (table.headings, first_rows(table, SAMPLE), table.facts), ""
    except UnreadableFileError as error:
        return None, error.message
    except FileMissingError:
        return None, _("The file is gone; send it again.")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
