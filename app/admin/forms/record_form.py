"""The whole form of a record: its own inputs, the rows of other tables in it, and saving both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from app.admin.database_errors import Refusal, explain, stale_message
from app.admin.describe import Description, Field
from app.admin.forms.copying import prefill_from
from app.admin.forms.form import BASE, STAMP, form_class, form_fields, offered, populate, stamp
from app.admin.forms.line import LineRefusedError
from app.admin.forms.lines import LineSet, line_sets
from app.admin.forms.merging import base_of, with_choices
from app.admin.forms.writing import owned_by_me, write
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _

Sent = MultiDict[str, Any]


class RecordForm:
    """``row`` is None while adding. Build it by :func:`empty_form`, :func:`opened_form` or
    :func:`sent_form`."""

    def __init__(self, view: Any, row: Any, *, with_lines: bool = True) -> None:
        self.view, self.row = view, row
        self.description: Description = view.description
        self.adding = row is None
        self.fields: list[Field] = offered(self.description, adding=self.adding)
        self.lines: list[LineSet] = line_sets(view.table, row) if with_lines else []
        # The form as it looks for the saved record: what is equal to it wasn't touched.
        self.shown = None if self.adding else self._make(None)
        self.form: Any = self.shown

    def _make(self, data: Sent | None, start: dict[str, Any] | None = None) -> Any:
        kind = form_class(
            self.description.model, adding=self.adding, endpoint=f"{self.view.endpoint}.lookup"
        )
        made = kind(formdata=data, obj=self.row, data=start)
        names = {field.name for field in self.fields}
        for field in form_fields(self.description, adding=self.adding):
            if field.name not in names and field.name in made:
                del made[field.name]
        return made

    def start(self, values: dict[str, Any], source: Any = None) -> None:
        """Begin a new record with ``values``, and with rows like those of ``source``."""
        self.form = self._make(None, values)
        for lines in self.lines:
            if source is not None:
                lines.copy(source)

    def open(self) -> None:
        """Show the record as it is saved."""
        self.form = self._make(None)
        self._stamp()
        for lines in self.lines:
            lines.load()

    def take(self, data: Sent) -> None:
        """Take what was sent, or kept as a draft."""
        data = with_choices(data, [field.name for field in self.fields])
        self.form = self._make(data)
        for lines in self.lines:
            lines.read(data)

    def _stamp(self) -> None:
        self.form[STAMP].data = stamp(self.row)
        self.form[BASE].data = base_of(self.shown, self.fields)

    def renew(self, row: Any) -> None:
        """Look at the record again after a save that failed."""
        self.row = row
        self.shown = self._make(None)

    def restamp(self) -> None:
        """Take the record's present state as the one that the person has seen."""
        self._stamp()

    def validate(self) -> bool:
        """Check everything, so that all mistakes are told at once."""
        right: bool = self.form.validate()
        return all([right, *[lines.validate() for lines in self.lines]])

    def save(self, row: Any) -> Refusal | None:
        """Write the form to ``row`` and its lines in one transaction; None when it is saved."""
        try:
            with atomic() as session:
                if not self.adding:
                    session.refresh(row, with_for_update=True)
                    if self.form[STAMP].data != stamp(row):
                        return Refusal("stale_version", stale_message(), status=409)
                populate(self.form, row, self.fields, shown=self.shown)
                write(self.view.table, row, adding=self.adding)
                for lines in self.lines:
                    lines.save(row)
        except LineRefusedError:
            return Refusal("line_refused", _("Some rows need your attention."))
        except (SQLAlchemyError, DomainError) as error:
            return explain(error, self.description)
        return None

    @property
    def mistaken(self) -> bool:
        return bool(self.form.errors) or any(
            line.error or (line.form is not None and line.form.errors)
            for lines in self.lines
            for line in lines.lines
        )


def empty_form(view: Any, *, source: Any = None, with_lines: bool = True) -> RecordForm:
    """The form of a new record: mine, like ``source``, and with what the address says."""
    made = RecordForm(view, None, with_lines=with_lines)
    start = owned_by_me(view.description)
    if source is not None:
        start |= prefill_from(source)
    made.start(start | _from_address(made), source)
    return made


def opened_form(view: Any, row: Any) -> RecordForm:
    made = RecordForm(view, row)
    made.open()
    return made


def sent_form(view: Any, row: Any, data: Sent, *, with_lines: bool = True) -> RecordForm:
    made = RecordForm(view, row, with_lines=with_lines)
    made.take(data)
    return made


def sent_data() -> Sent:
    """What this request sent, files and inputs, in their order."""
    data: Sent = MultiDict(list(request.form.items(multi=True)))
    for name, file in request.files.items(multi=True):
        data.add(name, file)
    return data


def _from_address(made: RecordForm) -> dict[str, Any]:
    """Values that a link gives: ``?customer_id=5``. What doesn't fit its column is left out."""
    given: Sent = MultiDict(list(request.args.items(multi=True)))
    if not given:
        return {}
    read = made._make(given)
    names: Iterable[str] = (field.name for field in made.fields if field.name in given)
    return {name: read[name].data for name in names if not read[name].process_errors}
