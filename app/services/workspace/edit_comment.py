"""The author of a comment changes its words."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.services.workspace.add_comment import tell_of_comment
from app.services.workspace.conversation_errors import CommentUnknownError, NotYourCommentError
from app.services.workspace.followers import note_followers
from app.services.workspace.mentioned_people import require_mentioned, require_text
from app.services.workspace.subjects import Subject, require_subject
from models.workspace import Comment


def edit_comment(comment_id: int, body: str, *, actor: Actor, now: dt.datetime) -> Subject:
    """Put ``body`` in place of the words and say so; gives the record it is about.

    Those mentioned who weren't before are told. Locks the comment. Only its author may, as long as
    the author may read the record. Raises the errors of ``conversation_errors``.
    """
    with atomic():
        comment = lock_row(sa.select(Comment).where(Comment.id == comment_id))
        if comment is None:
            raise CommentUnknownError
        subject = require_subject(comment.table_name, comment.record_id, actor=actor)
        if comment.author_id != actor.user_id:
            raise NotYourCommentError
        text = require_text(body)
        if text != comment.body:
            mentioned = {person.user_id for person in require_mentioned(text, subject)}
            comment.body = text
            comment.edited_at = now
            note_followers(subject, mentioned, "mentioned")
            # Who was told of the comment before isn't told again.
            tell_of_comment(subject, comment.id, mentioned, "mentioned", actor=actor, now=now)
        return subject
