"""What the generic layer needs to know of a table, read once from its model.

Lists, record pages, forms, filters and the API are all derived from :class:`Field`; nothing about a
column is written twice. Labels are English msgids, translated when shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import RelationshipProperty

from app.admin.once import once
from models.base import Base, humanize

SYSTEM_COLUMNS = frozenset(
    {"created_at", "updated_at", "deleted_at", "deleted_by", "deletion_reason", "version"}
)
WIDE_KINDS = frozenset({"textarea", "json"})
TEXT_KINDS = frozenset({"text", "textarea", "email", "url"})
UNSORTABLE_KINDS = frozenset({"json", "texts", "uuids"})
NUMERIC_KINDS = frozenset({"integer", "decimal"})
FILE_KINDS = frozenset({"file", "image"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column as people and programs meet it.

    ``kind``: text, textarea, email, url, color, integer, decimal, boolean, date, datetime, choice,
    json, texts (text[]), uuids (uuid[]), inet, uuid, file, image or relation. ``required`` is
    about input: no default exists and NULL isn't allowed. ``usual`` labels values of a text column
    that aren't the only ones allowed. ``readonly`` columns are set by the system (a file's by an
    upload); ``secret`` ones appear nowhere.
    For a relation, ``relationship`` is the attribute that holds the row and ``target`` its class.
    """

    name: str
    kind: str
    label: str
    help: str
    column: sa.Column[Any]
    nullable: bool
    required: bool
    readonly: bool
    secret: bool
    choices: dict[str, str]
    usual: dict[str, str]
    minimum: Any = None
    maximum: Any = None
    scale: int = 0
    max_length: int | None = None
    relationship: str = ""
    target: type[Base] | None = None

    @property
    def wide(self) -> bool:
        return self.kind in WIDE_KINDS

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS

    @property
    def sortable(self) -> bool:
        return self.kind not in UNSORTABLE_KINDS and not self.column.info.get("unsorted")

    @property
    def plain(self) -> bool:
        """Whether the number is a name, such as a year or a key, and has no separators."""
        return bool(self.column.primary_key or self.column.info.get("plain"))

    @property
    def uploaded(self) -> bool:
        """Whether a form takes a file for it; nothing else sets such a column."""
        return self.kind in FILE_KINDS and isinstance(self.column.info["file"], dict)

    @property
    def upload_facts(self) -> dict[str, str]:
        """Columns that an upload fills in besides the key: by name, size, type and hash."""
        if not self.uploaded:
            return {}
        return {k: v for k, v in self.column.info["file"].items() if isinstance(v, str)}

    @property
    def target_kind(self) -> str:
        """Kind of the key that a relation points to: uuid or integer."""
        return "uuid" if isinstance(self.column.type, sa.Uuid) else "integer"


@dataclass(frozen=True, slots=True)
class Description:
    """A table: its fields by name in column order, key, and names for people."""

    model: type[Base]
    fields: dict[str, Field]
    keys: tuple[str, ...]
    label: str
    plural: str
    soft_delete: bool
    versioned: bool

    @property
    def resource(self) -> str:
        """Name of the table in rights and URLs, ``schema.table``."""
        return str(self.model.__table__.fullname)

    @property
    def visible(self) -> list[Field]:
        return [field for field in self.fields.values() if not field.secret]

    @property
    def writable(self) -> list[Field]:
        """Fields that a form or the API may set; the key of a link table only when adding."""
        return [field for field in self.visible if not field.readonly]

    @property
    def filled_by_the_system(self) -> list[str]:
        """Required columns that no form offers and no default fills: an operation sets them."""
        return [
            field.name
            for field in self.fields.values()
            if (field.readonly or field.secret)
            and not field.nullable
            and field.column.default is None
            and field.column.server_default is None
            and field.column.identity is None
        ]

    @property
    def uploads(self) -> list[Field]:
        return [field for field in self.visible if field.uploaded]

    @property
    def filled_by_uploads(self) -> set[str]:
        """Columns that a form sets from a file."""
        facts = (name for field in self.uploads for name in field.upload_facts.values())
        return {*(field.name for field in self.uploads), *facts}

    def title_fields(self) -> list[Field]:
        return [self.fields[name] for name in self.model.__title__ if name in self.fields]


@once
def describe(model: type[Base]) -> Description:
    """Read ``model`` once per process."""
    mapper = sa.inspect(model)
    keys = tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)
    relations = _relationships_by_column(model)
    fields = {}
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        if isinstance(column, sa.Column):
            fields[prop.key] = _field(prop.key, column, relations.get(column), keys)
    return Description(
        model=model,
        fields=fields,
        keys=keys,
        label=_words(model.__name__),
        plural=model.__plural__ or humanize(model.__table__.name),
        soft_delete="deleted_at" in fields,
        versioned=mapper.version_id_col is not None,
    )


def _words(class_name: str) -> str:
    """``InvoiceLineItem`` → ``Invoice line item``."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in class_name)
    return humanize(spaced)


def _relationships_by_column(model: type[Base]) -> dict[sa.Column[Any], RelationshipProperty[Any]]:
    found: dict[sa.Column[Any], RelationshipProperty[Any]] = {}
    for prop in sa.inspect(model).relationships:
        if prop.direction.name == "MANYTOONE" and len(prop.local_columns) == 1:
            found[next(iter(prop.local_columns))] = prop
    return found


def _field(
    name: str,
    column: sa.Column[Any],
    relation: RelationshipProperty[Any] | None,
    keys: tuple[str, ...],
) -> Field:
    kind = "relation" if relation is not None else _kind(column)
    readonly = _is_readonly(name, column, keys)
    has_default = column.default is not None or column.server_default is not None
    return Field(
        name=name,
        kind=kind,
        label=_label(name, kind),
        help=column.comment or "",
        column=column,
        nullable=bool(column.nullable),
        required=not (column.nullable or has_default or readonly or kind == "boolean"),
        readonly=readonly,
        secret=bool(column.info.get("secret")),
        choices=dict(column.info.get("choices", {})),
        usual=dict(column.info.get("usual", {})),
        minimum=column.info.get("min"),
        maximum=column.info.get("max"),
        scale=getattr(column.type, "scale", 0) or 0,
        max_length=getattr(column.type, "length", None),
        relationship=relation.key if relation is not None else "",
        target=relation.mapper.class_ if relation is not None else None,
    )


def _label(name: str, kind: str) -> str:
    name = name.removesuffix("_fk")
    if kind in FILE_KINDS:
        return humanize(name.removesuffix("url").removesuffix("path").strip("_") or kind)
    if kind == "relation":
        name = name.removesuffix("_id")
    return humanize(name)


def _is_readonly(name: str, column: sa.Column[Any], keys: tuple[str, ...]) -> bool:
    made_by_the_system = column.computed is not None or column.identity is not None
    single_key = name in keys and len(keys) == 1
    return (
        made_by_the_system
        or single_key
        or name in SYSTEM_COLUMNS
        or bool(column.info.get("file"))
        or bool(column.info.get("readonly"))
    )


def _kind(column: sa.Column[Any]) -> str:
    info, kind = column.info, column.type
    if info.get("choices"):
        return "choice"
    if file := info.get("file"):
        return "image" if isinstance(file, dict) and file.get("image") else "file"
    for flag in ("color", "url", "email"):
        if info.get(flag):
            return flag
    if isinstance(kind, pg.ARRAY):
        return "uuids" if isinstance(kind.item_type, sa.Uuid) else "texts"
    for type_, name in _KINDS:
        if isinstance(kind, type_):
            return name
    return "textarea" if info.get("multiline") else "text"


_KINDS: tuple[tuple[type[Any], str], ...] = (
    (pg.JSONB, "json"),
    (pg.INET, "inet"),
    (sa.Uuid, "uuid"),
    (sa.Boolean, "boolean"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.Integer, "integer"),
    (sa.Numeric, "decimal"),
)


@once
def unique_alone(model: type[Base]) -> frozenset[str]:
    """Names of the columns that no two rows may have the same value in, whatever the others say."""
    table: Any = model.__table__
    found = {column.name for column in table.columns if column.unique}
    for item in (*table.constraints, *table.indexes):
        unique = isinstance(item, sa.UniqueConstraint) or getattr(item, "unique", False)
        if unique and len(columns := list(item.columns)) == 1:
            found.add(columns[0].name)
    fields = describe(model).fields.values()
    return frozenset(field.name for field in fields if field.column.name in found)


@once
def marks_of_one(model: type[Base]) -> frozenset[str]:
    """Names of the boxes that only one row of its kind may have ticked: each has a unique index of
    the ticked rows."""
    wheres = {
        str(index.dialect_options["postgresql"].get("where"))
        for index in model.__table__.indexes
        if index.unique
    }
    fields = describe(model).fields.values()
    return frozenset(f.name for f in fields if f.kind == "boolean" and f.column.name in wheres)


@once
def references_to(model: type[Base]) -> tuple[tuple[type[Base], Field], ...]:
    """Every (class, foreign-key field) that points to ``model``, in order of their lists' names."""
    found = [
        (mapper.class_, field)
        for mapper in Base.registry.mappers
        for field in describe(mapper.class_).visible
        if field.target is model and field.name != "deleted_by"
    ]
    return tuple(sorted(found, key=lambda pair: (describe(pair[0]).plural, pair[1].name)))
