"""Who acts: passed to every operation, whether a person, a job or a command asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from app.domain.access_policy import UNLIMITED, AccessPolicy


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process behind an operation, with what the operation needs to decide.

    ``user_id`` is None for the system itself, 0 for somebody not signed in. ``rights`` are slugs
    such as ``sales.orders:update``; ``policy`` says which rows, fields and amounts. ``source`` is
    one of the operation types of the audit log: screen, api, job, cli, portal or system.
    ``session_id`` and ``request_id`` are UUIDs as text; ``impersonator_id`` is the administrator
    who acts as this user.
    """

    user_id: int | None
    name: str
    email: str = ""
    roles: tuple[str, ...] = ()
    rights: frozenset[str] = frozenset()
    policy: AccessPolicy = field(default_factory=AccessPolicy)
    ip: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    impersonator_id: int | None = None
    source: str = "screen"

    def may(self, right: str) -> bool:
        """Whether the actor holds the right; the system itself may do anything."""
        return self.user_id is None or right in self.rights


def system_actor(name: str = "system", source: str = "job") -> Actor:
    """The actor of cron jobs, sweepers and set-up commands."""
    return Actor(user_id=None, name=name, source=source, policy=UNLIMITED)


_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


def acting() -> Actor | None:
    """Who acts in this job or command; None where nobody has said so (a request says it itself)."""
    return _acting.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Everything inside is done, and audited, as this actor."""
    token = _acting.set(actor)
    try:
        yield actor
    finally:
        _acting.reset(token)
