"""Which column of a file goes into which column of a table, and what finds an existing record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.admin.access import readable
from app.admin.describe import FILE_KINDS, Description, Field
from app.admin.exchange.convert import folded
from app.admin.forms.form import writable
from app.i18n import force_locale
from app.i18n import gettext as _

TITLE, KEY = ".title", " (key)"
Key = tuple[str, ...]


def importable(view: Any) -> dict[str, Field]:
    """Columns that the person may fill from a file, by name; with the right to change records the
    key of the table too, which only finds a record."""
    description: Description = view.description
    fields = {field.name: field for field in writable(description, adding=True)}
    if view.may("edit"):
        fields |= {field.name: field for field in writable(description, adding=False)}
        seen = {field.name for field in readable(description)}
        own = [name for name in description.keys if name in seen]
        fields |= {name: description.fields[name] for name in own if name not in fields}
    return {name: field for name, field in fields.items() if field.kind not in FILE_KINDS}


def guess(
    headings: Sequence[str], fields: Mapping[str, Field], known: Mapping[str, str]
) -> list[str]:
    """The column of each heading, "" for none: as remembered, else by name or label in either
    language. No column twice."""
    words = _words(fields)
    taken: set[str] = set()
    found = []
    for heading in headings:
        name = known.get(folded(heading)) or words.get(_bare(heading), "")
        if name not in fields or name in taken:
            name = ""
        taken.add(name)
        found.append(name)
    return found


def unique_keys(view: Any) -> list[Key]:
    """Sets of columns that no two records share: the table's key first, then its constraints and
    whole or live-rows-only indexes."""
    if not view.may("edit"):
        return []
    fields = importable(view)
    table = view.description.model.__table__
    columns: list[Iterable[Any]] = [table.primary_key.columns]
    columns += [c.columns for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    columns += [i.columns for i in table.indexes if i.unique and _plain_index(i)]
    by_column = {f.column.name: name for name, f in view.description.fields.items()}
    found = [tuple(by_column.get(c.name, "") for c in group) for group in columns]
    return [key for key in dict.fromkeys(found) if key and all(name in fields for name in key)]


def key_label(view: Any, key: Key) -> str:
    """What the key is called on pages."""
    return " + ".join(_label(view.description.fields[name]) for name in key)


def _label(field: Field) -> str:
    return _(field.label)


def _plain_index(index: sa.Index) -> bool:
    return all(isinstance(expression, sa.Column) for expression in index.expressions)


def _words(fields: Mapping[str, Field]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "es"):
        with force_locale(language):
            for name, field in fields.items():
                found.setdefault(folded(_label(field)), name)
    return found | {folded(name): name for name in fields}


def _bare(heading: str) -> str:
    """Without what an export adds to the heading of a relation, or a person in brackets."""
    text = heading.removesuffix(TITLE)
    return folded(re.sub(r"\s*[\(\[*].*$", "", text) or text)
