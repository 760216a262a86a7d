"""Whether a name and a password go together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from werkzeug.security import check_password_hash, generate_password_hash

from app.actor import Actor
from app.db import atomic, session
from app.domain.passwords import LONGEST
from app.services.identity.attempts import BeginAttempt, begin_attempt, settle_attempt
from models.identity import User

# No password has this hash; comparing with it takes as long as with a real one.
NOBODYS = "scrypt:32768:8:1$nobodyspassword1$" + "0" * 128
PARAMETERS = "scrypt:32768:8:1$"


@dataclass(frozen=True, slots=True)
class LogIn:
    """``name`` is a user name or an e-mail address, in upper or lower case; ``method`` is password
    (a browser) or api (a program)."""

    name: str
    password: str = field(repr=False)
    method: str = "password"


def check_log_in(command: LogIn, *, actor: Actor, now: dt.datetime) -> User | None:
    """The user, if the password is right and the account neither locked nor switched off.

    None says nothing about the reason, and takes as long whatever it is. The attempt is counted
    before the comparison, and recorded. Nobody is signed in by this.
    """
    user = find_by_name(command.name)
    user_id = user.id if user else None
    hashed = (user.password if user else None) or NOBODYS
    active = user is not None and user.active
    failure = "wrong_password" if active else "inactive" if user else "unknown_user"
    begun = BeginAttempt(command.name, user_id, command.method, failure)
    attempt = begin_attempt(begun, actor=actor, now=now)
    # Between two transactions, for it is slow on purpose.
    right = check_password_hash(hashed, command.password[: LONGEST + 1])
    succeeded = right and active and not attempt.locked
    settle_attempt(attempt, succeeded=succeeded)
    if not succeeded or user is None:
        return None
    if not hashed.startswith(PARAMETERS):
        _hash_again(user.id, hashed, command.password)
    return user


def find_by_name(name: str) -> User | None:
    """A live user by user name or e-mail address, upper or lower case alike."""
    if not name or "\x00" in name:
        return None
    wanted = name.strip().lower()
    return session().scalar(
        sa.select(User)
        .where(sa.or_(sa.func.lower(User.username) == wanted, sa.func.lower(User.email) == wanted))
        .order_by((sa.func.lower(User.username) == wanted).desc())
        .limit(1)
    )


def _hash_again(user_id: int, old: str, password: str) -> None:
    """The hash was made with other parameters than today's; we know the password right now."""
    renewed = generate_password_hash(password)
    with atomic() as current:
        current.execute(
            sa.update(User)
            .where(User.id == user_id, User.password == old)
            .values(password=renewed, changed_on=User.changed_on, changed_by_fk=User.changed_by_fk)
            .execution_options(synchronize_session=False)
        )
