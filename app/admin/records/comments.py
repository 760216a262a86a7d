"""Comments as a record's page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g
from markupsafe import Markup, escape

from app.admin.records.audit_entries import EVERYBODY
from app.admin.records.record_titles import RecordTitles
from app.db import session
from app.domain.comment_text import mentions, pieces
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.rights import may
from models.identity import User
from models.workspace import Comment

COMMENTING = "workspace.comments:create"
MODERATING = "workspace.comments:delete"


@dataclass(frozen=True, slots=True)
class ShownComment:
    """``html`` is safe; ``body`` the text as its author edits it. ``mine`` may be edited, and taken
    away like one that ``may_remove``."""

    id: int
    html: Markup
    body: str
    who: str
    initials: str
    at: dt.datetime
    when: str
    edited: str
    mine: bool
    may_remove: bool


def shown_comments(comments: Sequence[Comment]) -> dict[int, ShownComment]:
    """By key; two SQL statements for the names in them."""
    people = RecordTitles(EVERYBODY)
    for comment in comments:
        if comment.author_id is not None:
            people.want(User, comment.author_id)
    people.load()
    known = _known({name for comment in comments for name in mentions(comment.body)})
    me = getattr(g.get("user"), "id", None)
    return {comment.id: _shown(comment, people, known, me) for comment in comments}


def _shown(
    comment: Comment, people: RecordTitles, known: Mapping[str, str], me: int | None
) -> ShownComment:
    who = people.of(User, comment.author_id) or _("Somebody")
    mine = comment.author_id is not None and comment.author_id == me and may(COMMENTING)
    return ShownComment(
        id=comment.id,
        html=body_html(comment.body, known),
        body=comment.body,
        who=who,
        initials=initials(who),
        at=comment.created_at,
        when=show_datetime(comment.created_at),
        edited=show_datetime(comment.edited_at) if comment.edited_at else "",
        mine=mine,
        may_remove=mine or may(MODERATING),
    )


def body_html(body: str, known: Mapping[str, str]) -> Markup:
    """The text, escaped; addresses are links, mentions of ``known`` users (full name by user name
    in lower case) are marked."""
    return Markup().join(_piece(piece.kind, piece.text, known) for piece in pieces(body))


def _piece(kind: str, text: str, known: Mapping[str, str]) -> Markup:
    if kind == "address":
        link = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>')
        return link.format(text)
    if kind == "mention":
        name = known.get(text.lower())
        mark = Markup('<span class="mention" title="{}">@{}</span>')
        return mark.format(name, text) if name else escape(f"@{text}")
    return escape(text)


def _known(names: set[str]) -> dict[str, str]:
    if not names:
        return {}
    lowered = sa.func.lower(User.username)
    rows = session().execute(sa.select(lowered, User.full_name).where(lowered.in_(names)))
    return {username: name for username, name in rows}  # noqa: C416 - a Result


def initials(name: str) -> str:
    """Of the first and last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))
