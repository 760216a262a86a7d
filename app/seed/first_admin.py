"""Somebody must be able to sign in to a new installation."""

from __future__ import annotations

import secrets
from pathlib import Path

import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from app.db import atomic
from app.seed.lock import one_at_a_time
from app.seed.logins import Login, write_logins
from models.identity import Role, User, UserRole

HEADING = "Administrator"
NAME = "admin"


def create_first_admin(logins: Path) -> Login | None:
    """Add the user ``admin`` when there is no user at all, not even a deleted one.

    The password is random and told nowhere but in the file ``logins`` and in what is returned;
    without the file (OSError) there is no user. Two at once add one.
    """
    with atomic() as session:
        one_at_a_time(session)
        anyone = sa.select(User.id).limit(1)
        if session.scalar(anyone, execution_options={"include_deleted": True}) is not None:
            return None
        login = Login(NAME, secrets.token_urlsafe(12), "change it after signing in")
        user = User(
            username=NAME,
            email="admin@localhost",
            first_name="Admin",
            last_name="Qhatu",
            password=generate_password_hash(login.password),
        )
        session.add(user)
        session.flush()  # the role needs the user's key
        role = session.scalar(sa.select(Role.id).where(Role.name == "Admin"))
        if role is not None:
            session.add(UserRole(user_id=user.id, role_id=role))
        write_logins(logins, HEADING, [login])
    return login
