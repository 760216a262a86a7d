"""What somebody wants to have in a file: rows, columns and form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.admin.access import readable
from app.admin.bulk.selection import Selection, read_selection
from app.admin.describe import Description, Field

FORMATS = ("csv", "xlsx", "json")
STYLES = ("people", "programs")
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """``columns`` are names in the order wanted. ``style`` is ``people`` (headings and choices in
    the reader's language) or ``programs`` (as in the database). ``keys`` adds the key of a related
    record to its title. ``mark`` begins a CSV with a byte order mark, as Excel wants it."""

    selection: Selection
    columns: tuple[str, ...]
    format: str = "csv"
    style: str = "people"
    keys: bool = False
    mark: bool = True
    separator: str = "comma"

    def as_params(self) -> dict[str, Any]:
        """As JSON, for work that is done later."""
        return {
            **self.selection.as_params(),
            "columns": list(self.columns),
            "format": self.format,
            "style": self.style,
            "with_keys": self.keys,
            "mark": self.mark,
            "separator": self.separator,
        }

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> ExportRequest:
        return cls(
            Selection.from_params(params),
            tuple(params["columns"]),
            params["format"],
            params["style"],
            params["with_keys"],
            params["mark"],
            params["separator"],
        )

    def fields(self, description: Description) -> list[Field]:
        """The columns wanted, of those that the person may see."""
        seen = {field.name: field for field in readable(description)}
        return [seen[name] for name in dict.fromkeys(self.columns) if name in seen]


def read_export(query: MultiDict[str, str], form: MultiDict[str, str]) -> ExportRequest:
    """Understand the dialog; what makes no sense becomes its default."""
    return ExportRequest(
        selection=read_selection(query, form),
        columns=tuple(form.getlist("column")),
        format=_one_of(form.get("format"), FORMATS),
        style=_one_of(form.get("style"), STYLES),
        keys="with_keys" in form,
        mark="mark" in form,
        separator=_one_of(form.get("separator"), tuple(SEPARATORS)),
    )


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]
