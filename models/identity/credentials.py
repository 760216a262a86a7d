"""What proves who somebody is: sessions, tokens, keys, and the attempts to sign in.

Only hashes of secrets are kept. Beyond the ERDs: ``login_attempts`` (the log-in history),
``recovery_codes`` (for a lost second factor), ``external_identities`` (single sign-on) and FAB's
``api_keys``.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship
from uuid_utils.compat import uuid4

from models.base import (
    IGNORED,
    READONLY,
    SECRET,
    Base,
    CreatedAt,
    IdentityKey,
    Inet,
    UuidKey,
    choices,
    now,
    table_args,
    trigram,
    unaudited,
)
from models.identity.accounts import User
from models.identity.rights import USERS


class ApiKey(IdentityKey, Base):
    __tablename__ = "api_keys"
    __table_args__ = table_args(
        "identity", sa.Index(None, "key_prefix"), comment="API keys of users; only hashes are kept"
    )
    __title__ = ("name",)
    __owners__ = ("user_id",)
    __plural__ = "API keys"
    uuid: Mapped[str] = mapped_column(
        unique=True, default=lambda: str(uuid4()), info=READONLY, comment="Public identifier"
    )
    name: Mapped[str] = mapped_column(comment="What the key is for")
    key_hash: Mapped[str] = mapped_column(info=SECRET, comment="Hash of the key")
    lookup_hash: Mapped[str | None] = mapped_column(
        unique=True, info=SECRET, comment="Hash that finds the key"
    )
    key_prefix: Mapped[str] = mapped_column(info=READONLY, comment="First characters of the key")
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), index=True, comment="Whose rights the key has"
    )
    user: Mapped[User] = relationship(backref=backref("api_keys", cascade="all, delete-orphan"))
    scopes: Mapped[str | None] = mapped_column(comment="Rights the key is limited to")
    active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="May be used"
    )
    created_on: Mapped[dt.datetime | None] = mapped_column(
        server_default=now, info=READONLY, comment="When the key was made"
    )
    expires_on: Mapped[dt.datetime | None] = mapped_column(comment="When the key stops working")
    revoked_on: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the key was revoked"
    )
    last_used_on: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY | IGNORED, comment="Last use"
    )

    @property
    def is_active(self) -> bool:
        live = self.active and self.revoked_on is None
        return live and (self.expires_on is None or self.expires_on > dt.datetime.now(dt.UTC))


class PasswordResetToken(UuidKey, CreatedAt, Base):
    __tablename__ = "password_reset_tokens"
    __table_args__ = table_args("identity", comment="Links to set a new password")
    __title__ = ("user",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), index=True, comment="User"
    )
    token: Mapped[str] = mapped_column(
        unique=True, info=SECRET, comment="SHA-256 of the token in the link"
    )
    expires_at: Mapped[dt.datetime] = mapped_column(comment="When the link stops working")
    used_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the link was used"
    )


class UserSession(UuidKey, CreatedAt, Base):
    __tablename__ = "user_sessions"
    __table_args__ = table_args("identity", comment="Sessions of users")
    __title__ = ("user",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), index=True, comment="User"
    )
    token_hash: Mapped[str] = mapped_column(
        unique=True, info=SECRET, comment="SHA-256 of the session's token"
    )
    ip_address: Mapped[Inet | None] = mapped_column(info=READONLY, comment="Address it came from")
    user_agent: Mapped[str | None] = mapped_column(info=READONLY, comment="Browser")
    expires_at: Mapped[dt.datetime] = mapped_column(comment="When the session ends at the latest")
    last_activity_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY | IGNORED, comment="Last request"
    )
    revoked_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the session was ended"
    )
    kind: Mapped[str] = mapped_column(
        default="web",
        server_default="web",
        info=choices("web", api="API") | READONLY,
        comment="How it is used: by a browser or by a program",
    )
    login_method: Mapped[str] = mapped_column(
        default="password",
        server_default="password",
        info=choices("password", totp="Password and code", oidc="Single sign-on") | READONLY,
        comment="How the user signed in",
    )
    idle_expires_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY | IGNORED, comment="When the session ends without further requests"
    )
    impersonator_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"),
        index=True,
        info=READONLY,
        comment="Administrator who acts as the user in this session",
    )
    revoked_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Who ended the session",
    )


class LoginAttempt(IdentityKey, CreatedAt, Base):
    __tablename__ = "login_attempts"
    __table_args__ = table_args(
        "identity",
        *trigram("login_attempts", "username"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "user_id", "created_at"),
        sa.Index(None, "ip_address", "created_at"),
        comment="Log-in history: every attempt to sign in, with its outcome",
        **unaudited("It is a log itself"),
    )
    __title__ = ("username", "outcome")
    __owners__ = ("user_id",)
    username: Mapped[str] = mapped_column(comment="Name or address that was typed")
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="User with that name, if there is one"
    )
    outcome: Mapped[str] = mapped_column(
        info=choices(
            "success",
            "locked",
            "inactive",
            unknown_user="Unknown user",
            wrong_password="Wrong password",  # noqa: S106 - a label
            wrong_code="Wrong code",
            wrong_pin="Wrong PIN",
            refused="Refused by the identity provider",
        ),
        comment="How it ended",
    )
    method: Mapped[str] = mapped_column(
        info=choices(
            "password",
            "pin",
            totp="Authenticator app",
            recovery="Recovery code",
            oidc="Single sign-on",
            api_key="API key",
            api="API",
        ),
        comment="What was tried",
    )
    ip_address: Mapped[Inet | None] = mapped_column(comment="Address it came from")
    user_agent: Mapped[str | None] = mapped_column(comment="Browser or program")


class RecoveryCode(IdentityKey, CreatedAt, Base):
    __tablename__ = "recovery_codes"
    __table_args__ = table_args(
        "identity",
        sa.UniqueConstraint("user_id", "code_hash"),
        comment="Codes that stand in for a lost authenticator app, each for one use",
    )
    __title__ = ("user",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(USERS, ondelete="CASCADE"), comment="User")
    code_hash: Mapped[str] = mapped_column(info=SECRET, comment="SHA-256 of the code")
    used_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the code was used"
    )


class ExternalIdentity(IdentityKey, CreatedAt, Base):
    __tablename__ = "external_identities"
    __table_args__ = table_args(
        "identity",
        sa.UniqueConstraint("issuer", "subject"),
        comment="Accounts at an identity provider that sign in as a user",
    )
    __title__ = ("issuer", "subject")
    __owners__ = ("user_id",)
    __plural__ = "External identities"
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), index=True, comment="User"
    )
    issuer: Mapped[str] = mapped_column(info=READONLY, comment="Identity provider")
    subject: Mapped[str] = mapped_column(info=READONLY, comment="Account there, as it names it")
    email: Mapped[str | None] = mapped_column(info=READONLY, comment="Address it told last")
    last_login_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY | IGNORED, comment="Last time signed in with it"
    )
