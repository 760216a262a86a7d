"""Lists of rows that point to a record: which there are, and how long they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for

from app.admin.access import may_see, rows_for
from app.admin.describe import Field, describe, references_to
from app.admin.endpoints import endpoint_of
from app.admin.pages import RelatedList
from app.db import session
from app.i18n import gettext as _
from app.security.rights import may_read
from models.base import Base

COUNTED = 100
"""Longer lists are said to have more than this."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """A column of another table that points here."""

    model: type[Base]
    field: Field
    endpoint: str

    @property
    def name(self) -> str:
        return f"{self.model.__table__.fullname}.{self.field.name}"


def pointing_lists(view: Any) -> list[Pointing]:
    """Of the tables that the user may read, by the names of their lists."""
    screens = view_icons()
    found = []
    for model, field in references_to(view.description.model):
        endpoint = endpoint_of(model)
        if endpoint in screens and may_read(model) and may_see(field):
            found.append(Pointing(model, field, endpoint))
    return found


def related_lists(view: Any, pk: str) -> tuple[RelatedList, ...]:
    screens = view_icons()
    times = Counter(model for model, _field in references_to(view.description.model))

    def label(one: Pointing) -> str:
        plural = _(describe(one.model).plural)
        return f"{plural} ({_(one.field.label)})" if times[one.model] > 1 else plural

    return tuple(
        RelatedList(
            label(one),
            screens[one.endpoint],
            url_for(f"{one.endpoint}.related", name=one.field.name, pk=pk),
            one.name,
        )
        for one in pointing_lists(view)
    )


def count_related(view: Any, key: Any) -> dict[str, int]:
    """Rows that point to the record with that key and that the person may read, by
    ``schema.table.column``; counted up to one more than :data:`COUNTED`. One SQL statement."""
    lists = pointing_lists(view)
    if not lists:
        return {}
    counts = [_count(one, key).label(f"n{number}") for number, one in enumerate(lists)]
    row = session().execute(sa.select(*counts)).one()
    return {one.name: count for one, count in zip(lists, row, strict=True)}


def _count(one: Pointing, key: Any) -> Any:
    column = getattr(one.model, one.field.name)
    rows = rows_for(one.model, sa.select(sa.literal(1).label("one")).select_from(one.model))
    rows = rows.where(column == key)
    if describe(one.model).soft_delete:
        rows = rows.where(one.model.deleted_at.is_(None))
    some = rows.limit(COUNTED + 1).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def view_icons() -> dict[str, str]:
    """Icon of each generated view by endpoint."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    return {view.endpoint: view.table.icon for view in views if hasattr(view, "table")}


def find_view(endpoint: str) -> Any:
    """The generated view of that name, None without one."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    return next((v for v in views if v.endpoint == endpoint and hasattr(v, "table")), None)
