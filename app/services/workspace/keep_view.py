"""Keeping the filters, columns and order of a list under a name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import atomic
from app.errors import ConflictError
from app.i18n import lazy_gettext as _
from app.services.workspace.view_errors import (
    ViewNameError,
    ViewNameTakenError,
    ViewNotFoundError,
    ViewTooLargeError,
)
from models.workspace import SavedView
from models.workspace.views import QUERY_CHARACTERS

NAME_CHARACTERS = 100
MAX_VIEWS = 200
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class ViewContent:
    """``query`` is a query string without ``columns``; no columns: those of each reader."""

    query: str = ""
    columns: tuple[str, ...] = ()
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class KeepView:
    """``table`` is ``schema.table``."""

    table: str
    name: str
    content: ViewContent


def keep_view(command: KeepView, *, actor: Actor, now: dt.datetime) -> int:
    """Keep a view of the actor's own; gives its id.

    Raises :class:`ViewNameError`, :class:`ViewNameTakenError` and :class:`ViewTooLargeError`.
    """
    if not actor.user_id:
        raise ViewNotFoundError
    with atomic() as session:
        _check_number(session, command.table, actor.user_id)
        row = SavedView(user_id=actor.user_id, table_name=command.table, created_at=now)
        rename(row, command.name)
        fill(row, command.content)
        row.updated_at = now
        session.add(row)
        write(session, row)
        return row.id


def rename(row: SavedView, text: str) -> None:
    """Call the view so, without spaces around it; raises :class:`ViewNameError`."""
    row.name = text.replace("\x00", "").strip()
    if not 0 < len(row.name) <= NAME_CHARACTERS:
        raise ViewNameError


def fill(row: SavedView, content: ViewContent) -> None:
    """Put the content into the row; raises :class:`ViewTooLargeError`."""
    if len(content.query) > QUERY_CHARACTERS or len(content.columns) > MAX_COLUMNS:
        raise ViewTooLargeError
    row.query = content.query.replace("\x00", "")
    row.columns = [name.replace("\x00", "") for name in content.columns] or None
    row.kind = content.kind


def write(session: Session, row: SavedView) -> None:
    """Send the view to the database; raises :class:`ViewNameTakenError`, and
    :class:`ConflictError` when somebody else has just made another view the default."""
    name = row.name
    try:
        session.flush()  # the unique indexes decide, and the caller opens the view by its key
    except IntegrityError as error:
        if "uq_saved_views_name" in str(error.orig):
            raise ViewNameTakenError(name) from None
        raise ConflictError(_("Somebody else changed this meanwhile.")) from None


def _check_number(session: Session, table: str, user_id: int) -> None:
    mine = sa.and_(SavedView.user_id == user_id, SavedView.table_name == table)
    count = session.scalar(sa.select(sa.func.count()).select_from(SavedView).where(mine))
    if (count or 0) >= MAX_VIEWS:
        raise ViewTooLargeError
