"""Pages that somebody keeps at hand: each is an address of ours under a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from models.workspace import Favourite
from models.workspace.finding import TITLE_CHARACTERS, URL_CHARACTERS

FAVOURITES_KEPT = 50


class FavouriteError(DomainError):
    """The address is none of ours, has no name, or there are too many already."""

    code = "bad_favourite"


@dataclass(frozen=True, slots=True)
class AddFavourite:
    """``url`` is a path of this site with its query; ``title`` what the user sees."""

    url: str
    title: str


def add_favourite(command: AddFavourite, *, actor: Actor, now: dt.datetime) -> None:
    """Put the page at the end of the actor's favourites; one that is there gets the new name.

    Raises :class:`FavouriteError`.
    """
    url, title = command.url, " ".join(command.title.replace("\x00", "").split())
    if not url.startswith("/") or url.startswith("//") or len(url) > URL_CHARACTERS or not title:
        raise FavouriteError(_("This page can't be a favourite."))
    with atomic() as session:
        mine = sa.select(Favourite.url, Favourite.position).where(
            Favourite.user_id == actor.user_id
        )
        kept = {row.url: row.position for row in session.execute(mine)}
        if url not in kept and len(kept) >= FAVOURITES_KEPT:
            told = _("You have %(count)s favourites; remove one first.", count=FAVOURITES_KEPT)
            raise FavouriteError(told)
        row = {
            "user_id": actor.user_id,
            "url": url,
            "title": title[:TITLE_CHARACTERS],
            "position": max(kept.values(), default=0) + 1,
            "created_at": now,
        }
        statement = insert(Favourite).values(**row)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[Favourite.user_id, Favourite.url],
                set_={"title": statement.excluded.title},
            )
        )


def remove_favourite(url: str, *, actor: Actor, now: dt.datetime) -> None:
    """Forget the page; no error where it isn't a favourite."""
    del now
    with atomic() as session:
        session.execute(
            sa.delete(Favourite).where(Favourite.user_id == actor.user_id, Favourite.url == url)
        )


def arrange_favourites(urls: Sequence[str], *, actor: Actor, now: dt.datetime) -> None:
    """Give the actor's favourites this order; those not named come after, as they were."""
    del now
    with atomic() as session:
        statement = sa.select(Favourite).where(Favourite.user_id == actor.user_id)
        rows = session.scalars(statement.order_by(Favourite.id).with_for_update()).all()
        wanted = {url: number for number, url in enumerate(urls)}
        ordered = sorted(rows, key=lambda row: (wanted.get(row.url, len(wanted)), row.position))
        for number, row in enumerate(ordered, 1):
            row.position = number
