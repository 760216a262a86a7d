"""The permission matrix at its largest: all screens × 8 actions × 10 roles, side by side.

    python -m benchmarks.permission_matrix

Gives every screen eight actions (three of them special) and adds roles until there are ten, each
with half of the rights. Times are milliseconds at the server, one request at a time.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import gzip
import statistics
import time
from typing import Any

import sqlalchemy as sa

from benchmarks.scratch import report, scratch_app

ACTIONS = ("read", "create", "update", "delete", "export", "approve", "restore", "use")
ROLES = 10
WARM_UP, ROUNDS = 3, 20


def main() -> None:
    with scratch_app() as app:
        facts = prepare()
        client = signed_in(app)
        sent: list[str] = []
        from app.extensions import db

        sa.event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _k, statement, *_rest: sent.append(statement),
        )
        path = "/identity/matrix/?" + "&".join(f"role={role}" for role in facts.pop("role_ids"))
        times = []
        for number in range(WARM_UP + ROUNDS):
            sent.clear()
            start = time.perf_counter()
            answer = contextvars.Context().run(client.get, path)
            if number >= WARM_UP:
                times.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        report(
            "permission_matrix",
            **facts,
            boxes=answer.text.count("<input type=checkbox name=r"),
            statements=len(sent),
            p50_ms=round(statistics.median(times), 1),
            p95_ms=round(statistics.quantiles(times, n=20)[18], 1),
            kilobytes=len(answer.data) // 1024,
            kilobytes_gzip=len(gzip.compress(answer.data, 6)) // 1024,
        )


def prepare() -> dict[str, Any]:
    """Fill in the missing actions and roles; gives how many there are."""
    from app.db import atomic
    from app.security.sync import _add_rights
    from models.identity import Resource, Role, RolePermission

    with atomic() as session:
        resources = list(session.scalars(sa.select(Resource.name)))
        _add_rights(session, [(f"can_{action}", name) for name in resources for action in ACTIONS])
        names = set(session.scalars(sa.select(Role.name)))
        session.add_all(Role(name=f"Role {number}") for number in range(ROLES - len(names)))
        session.flush()  # the grants need the keys
        roles = list(session.scalars(sa.select(Role.id)))
        half = "INSERT INTO {} SELECT r.id, p.id FROM identity.roles r, identity.permissions p "
        half += "WHERE (r.id + p.id) % 2 = 0 ON CONFLICT DO NOTHING"
        session.execute(sa.text(half.format(RolePermission.__table__.fullname)))
    return {
        "screens": len(resources),
        "actions": len(ACTIONS),
        "roles": len(roles),
        "role_ids": roles,
    }


def signed_in(app: Any) -> Any:
    """A browser with the session of an administrator."""
    from app.actor import system_actor
    from app.db import atomic
    from app.security.session_token import new_token
    from app.services.identity.start_session import StartSession, start_session
    from models.identity import Role, User, UserRole

    with atomic() as session:
        user = User(username="bench", email="bench@example.com", first_name="B", last_name="M")
        session.add(user)
        session.flush()  # the role needs the key
        admin = session.scalar(sa.select(Role.id).where(Role.name == "Admin"))
        session.add(UserRole(user_id=user.id, role_id=admin))
    token = new_token(app.secret_key, signed_in=True)
    now = dt.datetime.now(dt.UTC)
    row = start_session(StartSession(user.id, token.hash), actor=system_actor(), now=now)
    client = app.test_client()
    with client.session_transaction() as store:
        store.sign_in(token, row)
        store["locale"] = "es"
    return client


if __name__ == "__main__":
    main()
