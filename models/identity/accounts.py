"""Users, teams, roles and rights: FAB's security models on our own tables.

FAB works with classes and attributes of fixed names (``PermissionView.view_menu``,
``User.active``); here they are mapped on the tables and columns of the ERDs.
``app.security.fab_models`` hands them to FAB in place of its own. Tables that neither ERD has are
FAB's: ``actions`` and ``resources`` are the two halves of a permission, ``groups`` (teams) carry
roles and row scope, ``registrations`` serves its self-registration, which is off.
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid_utils.compat import uuid7

from models.base import (
    EMAIL,
    ENCRYPTED,
    IGNORED,
    PICTURE,
    READONLY,
    SECRET,
    Base,
    IdentityKey,
    SoftDelete,
    choices,
    now,
    table_args,
    trigram,
)
from models.identity.rights import USERS, GroupRole, Role, UserGroup, current_user_id

LANGUAGES = choices(es="Spanish", en="English")


class User(IdentityKey, SoftDelete, Base):
    __tablename__ = "users"
    __table_args__ = table_args(
        "identity",
        sa.Index("uq_users_email_lower", sa.text("lower(email)"), unique=True),
        sa.Index("uq_users_username_lower", sa.text("lower(username)"), unique=True),
        *trigram("users", "username", "full_name", "email"),
        comment="People who sign in to the back office",
    )
    __title__ = ("full_name",)
    __owners__ = ("id",)
    public_id: Mapped[uuid.UUID] = mapped_column(
        default=uuid7,
        server_default=sa.func.gen_random_uuid(),
        unique=True,
        info=READONLY,
        comment="Public identifier; the integer key never leaves the system",
    )
    username: Mapped[str] = mapped_column(unique=True, comment="Name to sign in with")
    email: Mapped[str] = mapped_column(
        unique=True, info=EMAIL, comment="E-mail address; also signs in"
    )
    password: Mapped[str | None] = mapped_column(
        "password_hash", info=SECRET, comment="Hash of the password"
    )
    first_name: Mapped[str] = mapped_column(comment="First name")
    last_name: Mapped[str] = mapped_column(comment="Last name")
    full_name: Mapped[str] = mapped_column(
        sa.Text, sa.Computed("first_name || ' ' || last_name", persisted=True), comment="Full name"
    )
    phone: Mapped[str | None] = mapped_column(comment="Telephone")
    position: Mapped[str | None] = mapped_column(comment="Position in the business")
    avatar_url: Mapped[str | None] = mapped_column(info=PICTURE, comment="Picture")
    active: Mapped[bool] = mapped_column(
        "is_active", default=True, server_default=sa.true(), comment="May sign in"
    )
    status: Mapped[str] = mapped_column(
        sa.Text,
        sa.Computed(
            "CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN is_active THEN 'active' "
            "ELSE 'inactive' END",
            persisted=True,
        ),
        info=choices("active", "inactive", "deleted"),
        comment="State of the account",
    )
    email_verified_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the address was verified"
    )
    last_login: Mapped[dt.datetime | None] = mapped_column(
        "last_login_at", info=READONLY | IGNORED, comment="Last time signed in"
    )
    login_count: Mapped[int | None] = mapped_column(
        default=0, server_default="0", info=READONLY | IGNORED, comment="Times signed in"
    )
    fail_login_count: Mapped[int | None] = mapped_column(
        default=0, server_default="0", info=READONLY | IGNORED, comment="Failed attempts since"
    )
    locked_until: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Signing in is refused until then, after too many failed attempts"
    )
    password_changed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the password was last set"
    )
    must_change_password: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        comment="Asks for a new password at the next log-in",
    )
    totp_secret: Mapped[str | None] = mapped_column(
        info=ENCRYPTED, comment="Secret of the authenticator app, encrypted"
    )
    totp_enabled_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Since when a second factor is asked for; empty while it isn't"
    )
    totp_last_step: Mapped[int | None] = mapped_column(
        sa.BigInteger,
        info=SECRET | IGNORED,
        comment="Time step of the last code used; none works twice",
    )
    pin_hash: Mapped[str | None] = mapped_column(
        info=SECRET, comment="Hash of the PIN that approves at the till"
    )
    pin_failed_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=READONLY, comment="Wrong PINs since the last right one"
    )
    pin_locked_until: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="The PIN is refused until then"
    )
    timezone: Mapped[str] = mapped_column(
        default="America/Lima", server_default="America/Lima", comment="Time zone"
    )
    language: Mapped[str] = mapped_column(
        default="es", server_default="es", info=LANGUAGES, comment="Language"
    )
    created_on: Mapped[dt.datetime | None] = mapped_column(
        "created_at", server_default=now, info=READONLY, comment="When the user was made"
    )
    changed_on: Mapped[dt.datetime | None] = mapped_column(
        "updated_at",
        server_default=now,
        onupdate=now,
        info=READONLY,
        comment="When the user was last changed",
    )
    created_by_fk: Mapped[int | None] = mapped_column(
        "created_by",
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        default=current_user_id,
        index=True,
        info=READONLY,
        comment="Who made the user",
    )
    changed_by_fk: Mapped[int | None] = mapped_column(
        "updated_by",
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        default=current_user_id,
        onupdate=current_user_id,
        index=True,
        info=READONLY,
        comment="Who last changed the user",
    )
    created_by: Mapped[User | None] = relationship(
        foreign_keys=[created_by_fk], remote_side="User.id", backref="created"
    )
    changed_by: Mapped[User | None] = relationship(
        foreign_keys=[changed_by_fk], remote_side="User.id", backref="changed"
    )

    @classmethod
    def get_user_id(cls) -> int | None:
        return current_user_id()

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Group(IdentityKey, Base):
    __tablename__ = "groups"
    __table_args__ = table_args("identity", comment="Teams")
    __title__ = ("name",)
    __plural__ = "Teams"
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the team")
    label: Mapped[str | None] = mapped_column(comment="Name to show")
    description: Mapped[str | None] = mapped_column(comment="What the team does")
    users: Mapped[list[User]] = relationship(
        secondary=UserGroup.__table__,
        primaryjoin="Group.id == UserGroup.group_id",
        secondaryjoin="User.id == UserGroup.user_id",
        backref="groups",
        passive_deletes=True,
    )
    roles: Mapped[list[Role]] = relationship(
        secondary=GroupRole.__table__, backref="groups", passive_deletes=True
    )


class Registration(IdentityKey, Base):
    """FAB's ``RegisterUser``; self-registration is off, but FAB's manager needs the table."""

    __tablename__ = "registrations"
    __table_args__ = table_args("identity", comment="Self-registrations waiting for confirmation")
    __title__ = ("username",)
    first_name: Mapped[str] = mapped_column(comment="First name")
    last_name: Mapped[str] = mapped_column(comment="Last name")
    username: Mapped[str] = mapped_column(unique=True, comment="Name to sign in with")
    password: Mapped[str | None] = mapped_column(info=SECRET, comment="Hash of the password")
    email: Mapped[str] = mapped_column(unique=True, comment="E-mail address")
    registration_date: Mapped[dt.datetime | None] = mapped_column(
        server_default=now, info=READONLY, comment="When it was asked for"
    )
    registration_hash: Mapped[str | None] = mapped_column(info=SECRET, comment="Confirmation token")
