"""One row of another table in a form: its inputs, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms import Form

from app.admin.database_errors import Refusal
from app.admin.describe import describe
from app.admin.forms.form import make_field, same, texts_of
from app.admin.once import once
from app.errors import DomainError
from models.base import Base


class LineChangedError(DomainError):
    """Somebody changed the row since the form was opened."""

    code = "stale_version"
    status = 409


class LineRefusedError(Exception):
    """A row of the form was refused; what is wrong stands in it."""


@dataclass
class Line:
    """A row as the form holds it. ``row`` is None for a new one, ``form`` where nothing may be
    typed."""

    index: str
    pk: str = ""
    row: Any = None
    form: Any = None
    shown: Any = None
    digest: str = ""
    removed: bool = False
    error: str = ""

    @property
    def blank(self) -> bool:
        """Whether it is a new row that nothing was typed into."""
        return not self.pk and self.shown is not None and not self.changed

    @property
    def changed(self) -> bool:
        return any(
            not same(texts_of(bound), texts_of(self.shown[bound.short_name])) for bound in self.form
        )

    @property
    def unmarks(self) -> bool:
        """Whether a box that was ticked isn't any more."""
        return self.row is not None and any(
            bound.data is False and self.shown[bound.short_name].data is True for bound in self.form
        )

    def refuse(self, refusal: Refusal) -> None:
        """Put the reasons beside the inputs; what has none beside the row."""
        beside = {name: text for name, text in refusal.fields.items() if name in self.form}
        for name, text in beside.items():
            self.form[name].errors = [*self.form[name].errors, text]
        if not beside:
            self.error = refusal.message


@once
def line_form(model: type[Base], names: tuple[str, ...], *, adding: bool) -> type[Form]:
    """The form of one row: the columns of ``names``."""
    description = describe(model)
    endpoint = f"{model.__name__}View.lookup"
    made = {
        name: make_field(description.fields[name], adding=adding, endpoint=endpoint)
        for name in names
    }
    return type(f"{model.__name__}Line", (Form,), made)
