"""One user per built-in role; the user name is the role's key."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from app.actor import system_actor
from app.db import atomic, session
from app.services.first_run.read_progress import finish_set_up
from models.identity import Role, User, UserRole

PASSWORD = "correct horse battery"
ROLES = {
    "admin": "Admin",
    "manager": "Manager",
    "cashier": "Cashier",
    "seller": "Sales rep",
    "warehouse": "Warehouse",
    "technician": "Technician",
    "accountant": "Accountant",
    "auditor": "Auditor",
}


def add_users() -> None:
    """Add them; the password of all is PASSWORD."""
    with atomic() as session:
        session.execute(sa.delete(UserRole))
        session.execute(sa.delete(User).where(User.username == "admin"))
        for username, role in ROLES.items():
            add_user(username, role)
    # Otherwise the start page would lead the administrator to the first steps.
    finish_set_up(actor=system_actor(), now=dt.datetime.now(dt.UTC))


def add_user(username: str, role: str) -> None:
    """Add a user with the role of that name, and with PASSWORD."""
    with atomic() as session:
        user = User(
            username=username,
            email=f"{username}@example.com",
            first_name=username.title(),
            last_name="Tester",
            password=generate_password_hash(PASSWORD, method="scrypt:1024:8:1"),
            language="en",
        )
        session.add(user)
        session.flush()  # the role needs the user's key
        role_id = session.scalar(sa.select(Role.id).where(Role.name == role))
        session.add(UserRole(user_id=user.id, role_id=role_id))


def user_id_of(username: str) -> int:
    """Key of the test user of a role."""
    return session().scalars(sa.select(User.id).where(User.username == username)).one()
