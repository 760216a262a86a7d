"""Somebody says something about a record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.actor import Actor
from app.db import atomic
from app.services.messaging.notify import notify
from app.services.workspace.followers import note_followers, read_followers
from app.services.workspace.mentioned_people import require_mentioned, require_text
from app.services.workspace.subjects import Subject, require_subject
from models.workspace import Comment


@dataclass(frozen=True, slots=True)
class AddComment:
    """``table`` is ``schema.table``, ``key`` the record's key as URLs write it; ``body`` is plain
    text in which ``@name`` mentions a user."""

    table: str
    key: str
    body: str


def add_comment(command: AddComment, *, actor: Actor, now: dt.datetime) -> int:
    """Keep the comment and tell those who are mentioned and those who follow; gives its key.

    The author and those mentioned become followers of the record, unless they have stopped or never
    want to. Raises the errors of ``conversation_errors``.
    """
    with atomic() as current:
        subject = require_subject(command.table, command.key, actor=actor)
        body = require_text(command.body)
        mentioned = {person.user_id for person in require_mentioned(body, subject)}
        comment = Comment(
            table_name=subject.table,
            record_id=subject.key,
            body=body,
            author_id=actor.user_id,
            created_at=now,
        )
        current.add(comment)
        current.flush()  # its key is in what people are told
        followers = {one.user_id for one in read_followers(subject)} - mentioned
        note_followers(subject, {actor.user_id} if actor.user_id else (), "commented")
        note_followers(subject, mentioned, "mentioned")
        tell_of_comment(subject, comment.id, mentioned, "mentioned", actor=actor, now=now)
        tell_of_comment(subject, comment.id, followers, "commented", actor=actor, now=now)
        return comment.id


def tell_of_comment(  # noqa: PLR0913 - both tellings of a comment differ in these only
    subject: Subject,
    comment_id: int,
    user_ids: set[int],
    event: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Tell users of a comment; nobody twice, and nobody who may not read the record."""
    payload = {
        "table": subject.table,
        "record_id": subject.key,
        "comment": comment_id,
        "who": actor.name,
    }
    notify(
        user_ids,
        event,
        payload,
        link=f"{subject.path}#comment-{comment_id}",
        actor=actor,
        now=now,
        event_key=f"comment:{comment_id}",
    )
