"""Who acts: passed to every operation, whether a person, a job or a command asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process behind an operation, with what the operation needs to decide.

    ``user_id`` is None for the system itself. ``rights`` are slugs such as
    ``sales.orders:update``; ``limits`` are the most generous of the user's roles (percent,
    amounts in the company's currency). ``source`` is web, api, job or cli.
    """

    user_id: int | None
    name: str
    email: str = ""
    roles: tuple[str, ...] = ()
    rights: frozenset[str] = frozenset()
    limits: dict[str, Any] = field(default_factory=dict)
    ip: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    source: str = "web"

    def may(self, right: str) -> bool:
        """Whether the actor holds the right; the system itself may do anything."""
        return self.user_id is None or right in self.rights


def system_actor(name: str = "system", source: str = "job") -> Actor:
    """The actor of cron jobs, sweepers and set-up commands."""
    return Actor(user_id=None, name=name, source=source)
