"""The link to set a new password: its token exists in the e-mail and nowhere else."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid

import sqlalchemy as sa

from app.db import atomic
from app.site import address_of
from models.identity import PasswordResetToken

PATH = "/password-reset/"
TOKEN_BYTES = 32


def make_reset_link(token_id: str, now: dt.datetime) -> str | None:
    """A link for a request that is neither used nor replaced nor too old; else None.

    Only the SHA-256 of its token is kept. Making it again (the e-mail is sent a second time)
    replaces the token.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    renewed = (
        sa.update(PasswordResetToken)
        .where(PasswordResetToken.id == uuid.UUID(token_id))
        .where(PasswordResetToken.used_at.is_(None), PasswordResetToken.expires_at > now)
        .values(token=token_hash(token))
        .returning(PasswordResetToken.id)
        .execution_options(synchronize_session=False)
    )
    with atomic() as current:
        known = current.scalar(renewed)
    return address_of(PATH + token) if known else None


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
