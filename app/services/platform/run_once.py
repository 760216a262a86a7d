"""Idempotency: however often a request is sent, its work is done once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from app.services.platform.errors import IdempotencyConflictError
from app.services.platform.read_setting import read_setting
from models.platform import IdempotencyKey

LATER: Final = {"later": True}
"""Metadata of a field that a command got when there were claims of it already."""


def kept_for() -> dt.timedelta:
    """How long the same request sent again is recognised."""
    return dt.timedelta(hours=read_setting("sales.idempotency_hours"))


@dataclass(frozen=True, slots=True)
class Claim:
    """``key`` is made by whoever asks, ``scope`` names the operation, ``request`` is the command
    (a dataclass): all of it and who asks must be the same for the same answer."""

    scope: str
    key: str
    request: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """``replayed`` tells that the work had been done before, and ``result`` is from then."""

    result: dict[str, Any]
    replayed: bool


def run_once(
    claim: Claim, work: Callable[[], dict[str, Any]], *, actor: Actor, now: dt.datetime
) -> Answer:
    """Do ``work`` in one transaction with its claim, or give the result it had.

    The claim is the first row of the transaction: a second request with the same key waits until
    the first has committed (and gets its result) or rolled back (and does the work). ``work``
    returns JSON values. Keys are kept for 30 days. Raises :class:`IdempotencyConflictError` when
    the key was used with another request.
    """
    with atomic():
        fingerprint = _fingerprint(claim.request, actor)
        while not (mine := _insert(claim, fingerprint, actor, now)):
            known = _stored(claim)
            if known is None:
                continue  # it expired and was removed between the two statements
            if known.request_hash != fingerprint:
                raise IdempotencyConflictError(
                    known.result if known.user_id == actor.user_id else None
                )
            return Answer(known.result or {}, replayed=True)
        result = work()
        session().execute(
            sa.update(IdempotencyKey).where(IdempotencyKey.id == mine).values(result=result)
        )
        return Answer(result, replayed=False)


def _fingerprint(request: Any, actor: Actor) -> str:
    body = json.dumps([actor.user_id, _asked(request)], sort_keys=True, default=str)
    return hashlib.sha256(body.encode()).hexdigest()


def _asked(request: Any) -> dict[str, Any]:
    """What the command asks for. A field that came :data:`LATER` counts only where it is used, so
    that a command from before is still the same when it is sent again."""
    asked = asdict(request)
    for field in fields(request):
        if field.metadata.get("later") and asked[field.name] == field.default:
            del asked[field.name]
    return asked


def _insert(claim: Claim, fingerprint: str, actor: Actor, now: dt.datetime) -> int | None:
    """The id of our claim; None when the key is taken. Waits for whoever is claiming it."""
    statement = (
        insert(IdempotencyKey)
        .values(
            scope=claim.scope,
            key=claim.key,
            request_hash=fingerprint,
            user_id=actor.user_id,
            created_at=now,
            expires_at=now + kept_for(),
        )
        .on_conflict_do_nothing(index_elements=["scope", "key"])
        .returning(IdempotencyKey.id)
    )
    return session().scalar(statement)


def _stored(claim: Claim) -> IdempotencyKey | None:
    return session().scalar(
        sa.select(IdempotencyKey).where(
            IdempotencyKey.scope == claim.scope, IdempotencyKey.key == claim.key
        )
    )
