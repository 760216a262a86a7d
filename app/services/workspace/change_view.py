"""Renaming, overwriting, sharing and removing saved views."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import atomic, lock_row
from app.services.workspace.keep_view import ViewContent, fill, rename, write
from app.services.workspace.view_errors import MayNotShareError, ViewNotFoundError
from models.workspace import SavedView

SHARE = "workspace.saved_views:share"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What is None stays as it is. ``is_default`` opens the list with the view for whoever has
    chosen no other; it shares the view too, and takes the place of the default there was."""

    view_id: int
    table: str
    name: str | None = None
    content: ViewContent | None = None
    is_shared: bool | None = None
    is_default: bool | None = None


def change_view(command: ChangeView, *, actor: Actor, now: dt.datetime) -> None:
    """Change a view of the actor's own; with the right to share, anybody's that is shared.

    Raises :class:`ViewNotFoundError`, :class:`MayNotShareError` where others would see the change
    and the actor lacks the right, and what ``keep_view`` raises. Locks the view.
    """
    with atomic() as session:
        row = _locked(command.view_id, command.table, actor)
        _require_share(command, row, actor)
        if command.name is not None:
            rename(row, command.name)
        if command.content is not None:
            fill(row, command.content)
        _share(session, row, command)
        row.updated_at = now
        write(session, row)


def remove_view(view_id: int, table: str, *, actor: Actor) -> None:
    """Remove a view of the actor's own; with the right to share, anybody's that is shared.

    Raises :class:`ViewNotFoundError`.
    """
    with atomic() as session:
        session.delete(_locked(view_id, table, actor))


def _locked(view_id: int, table: str, actor: Actor) -> SavedView:
    row = lock_row(
        sa.select(SavedView).where(SavedView.id == view_id, SavedView.table_name == table)
    )
    if row is None or (row.user_id != actor.user_id and not (row.is_shared and actor.may(SHARE))):
        raise ViewNotFoundError
    return row


def _require_share(command: ChangeView, row: SavedView, actor: Actor) -> None:
    """One's own view may always be taken back from the others, and renamed while it is private."""
    taking_back = command.is_shared is False and command.name is None and command.content is None
    seen_by_others = row.is_shared or command.is_shared or command.is_default
    if seen_by_others and not taking_back and not actor.may(SHARE):
        raise MayNotShareError


def _share(session: Session, row: SavedView, command: ChangeView) -> None:
    if command.is_shared is not None:
        row.is_shared = command.is_shared
        row.is_default = row.is_default and command.is_shared
    if command.is_default is None:
        return
    if command.is_default:
        session.execute(
            sa.update(SavedView)
            .where(
                SavedView.table_name == row.table_name,
                SavedView.is_default,
                SavedView.id != row.id,
            )
            .values(is_default=False)
        )
        row.is_shared = True
    row.is_default = command.is_default
