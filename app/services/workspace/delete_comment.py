"""A comment is taken away."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.services.workspace.conversation_errors import CommentUnknownError, NotYourCommentError
from app.services.workspace.subjects import Subject, require_subject
from models.workspace import Comment

OTHERS = "workspace.comments:delete"


def delete_comment(comment_id: int, *, actor: Actor, now: dt.datetime) -> Subject:
    """Move the comment to the trash, from where nobody reads it on the record's page; gives the
    record it is about.

    The author may, and whoever holds ``workspace.comments:delete``, as long as they may read the
    record. Locks the comment. Raises the errors of ``conversation_errors``.
    """
    with atomic():
        comment = lock_row(sa.select(Comment).where(Comment.id == comment_id))
        if comment is None:
            raise CommentUnknownError
        subject = require_subject(comment.table_name, comment.record_id, actor=actor)
        if comment.author_id != actor.user_id and not actor.may(OTHERS):
            raise NotYourCommentError
        comment.deleted_at = now
        comment.deleted_by = actor.user_id
        return subject
