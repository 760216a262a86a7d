"""Users, roles, rights and sessions: FAB's security models on our own tables.

FAB works with classes and attributes of fixed names (``PermissionView.view_menu``,
``User.active``); here they are mapped on the tables and columns of the ERDs.
``app.security.fab_models`` hands them to FAB in place of its own. Tables that neither ERD has are
FAB's: ``actions`` and ``resources`` are the two halves of a permission, ``groups`` (teams) carry
roles and row scope, ``registrations`` and ``api_keys`` serve its self-registration and API keys.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship
from uuid_utils.compat import uuid4, uuid7

from models.base import (
    READONLY,
    SECRET,
    Base,
    CreatedAt,
    IdentityKey,
    Inet,
    SoftDelete,
    UuidKey,
    choices,
    now,
    table_args,
    trigram,
)

USERS = "identity.users.id"
ROLES = "identity.roles.id"
LANGUAGES = choices(es="Spanish", en="English")


def current_user_id() -> int | None:
    """The signed-in user's id, or None outside a request (jobs and commands say who they are)."""
    user = g.get("user") if has_request_context() else None
    return getattr(user, "id", None)


class Action(IdentityKey, Base):
    """FAB's ``Permission``: what may be done, such as ``can_read``."""

    __tablename__ = "actions"
    __table_args__ = table_args("identity", comment="Actions that a right can allow")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name, such as can_read")

    def __repr__(self) -> str:
        return self.name


class Resource(IdentityKey, Base):
    """FAB's ``ViewMenu``: what a right is about, such as ``sales.orders``."""

    __tablename__ = "resources"
    __table_args__ = table_args("identity", comment="Tables and screens that a right is about")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Table or screen")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return self.name


class RolePermission(Base):
    __tablename__ = "role_permissions"
    __table_args__ = table_args("identity", comment="Rights of each role")
    __title__ = ("role", "permission_view")
    role_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ROLES, ondelete="CASCADE"), primary_key=True, comment="Role"
    )
    permission_view_id: Mapped[int] = mapped_column(
        "permission_id",
        sa.ForeignKey("identity.permissions.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="Right",
    )


class UserRole(CreatedAt, Base):
    __tablename__ = "user_roles"
    __table_args__ = table_args("identity", comment="Roles of each user")
    __title__ = ("user", "role")
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), primary_key=True, comment="User"
    )
    role_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ROLES, ondelete="CASCADE"), primary_key=True, index=True, comment="Role"
    )
    assigned_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        default=current_user_id,
        index=True,
        comment="Who gave the role",
    )


class UserGroup(Base):
    __tablename__ = "user_groups"
    __table_args__ = table_args("identity", comment="Teams of each user")
    __title__ = ("user", "group")
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), primary_key=True, comment="User"
    )
    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity.groups.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="Team",
    )


class GroupRole(Base):
    __tablename__ = "group_roles"
    __table_args__ = table_args("identity", comment="Roles that a team gives its members")
    __title__ = ("group", "role")
    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity.groups.id", ondelete="CASCADE"), primary_key=True, comment="Team"
    )
    role_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ROLES, ondelete="CASCADE"), primary_key=True, index=True, comment="Role"
    )


class Role(IdentityKey, Base):
    __tablename__ = "roles"
    __table_args__ = table_args("identity", comment="Roles")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the role")
    description: Mapped[str | None] = mapped_column(comment="What the role is for")
    policy: Mapped[dict[str, Any]] = mapped_column(
        "permissions",
        default=dict,
        server_default=sa.text("'{}'::jsonb"),
        comment="Row scope per table, limits, hidden and read-only fields",
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When the role was made"
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, onupdate=now, comment="When the role was last changed"
    )
    permissions: Mapped[list[Permission]] = relationship(
        secondary=RolePermission.__table__, backref="role", passive_deletes=True
    )
    user: Mapped[list[User]] = relationship(
        secondary=UserRole.__table__,
        primaryjoin=lambda: Role.id == UserRole.role_id,
        secondaryjoin=lambda: User.id == UserRole.user_id,
        backref=backref("roles"),
    )

    def __repr__(self) -> str:
        return self.name


class Permission(IdentityKey, Base):
    """FAB's ``PermissionView``: one action on one resource, such as ``sales.orders:update``."""

    __tablename__ = "permissions"
    __table_args__ = table_args(
        "identity",
        sa.UniqueConstraint("permission_id", "view_menu_id"),
        comment="Rights: one action on one table or screen",
    )
    __title__ = ("slug",)
    slug: Mapped[str] = mapped_column(
        unique=True,
        default=lambda context: _slug(context.get_current_parameters()),
        comment="Name of the right, such as sales.orders:update",
    )
    description: Mapped[str | None] = mapped_column(comment="What the right allows")
    permission_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity.actions.id"), comment="Action"
    )
    view_menu_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity.resources.id"), index=True, comment="Table or screen"
    )
    permission: Mapped[Action] = relationship(lazy="joined")
    view_menu: Mapped[Resource] = relationship(lazy="joined")

    def __repr__(self) -> str:
        return f"{str(self.permission).replace('_', ' ')} on {self.view_menu}"


def slug_of(action: str, resource: str) -> str:
    """``can_update`` on ``sales.orders`` → ``sales.orders:update``."""
    return f"{resource}:{action.removeprefix('can_')}"


def _slug(values: dict[str, Any]) -> str:
    """Fallback for rows that FAB itself adds; the permission sync gives the readable slug."""
    return f"{values['view_menu_id']}:{values['permission_id']}"


class User(IdentityKey, SoftDelete, Base):
    __tablename__ = "users"
    __table_args__ = table_args(
        "identity",
        sa.Index("uq_users_email_lower", sa.text("lower(email)"), unique=True),
        sa.Index("uq_users_username_lower", sa.text("lower(username)"), unique=True),
        *trigram("users", "full_name", "email"),
        comment="People who sign in to the back office",
    )
    __title__ = ("full_name",)
    public_id: Mapped[uuid.UUID] = mapped_column(
        default=uuid7,
        server_default=sa.func.gen_random_uuid(),
        unique=True,
        info=READONLY,
        comment="Public identifier; the integer key never leaves the system",
    )
    username: Mapped[str] = mapped_column(unique=True, comment="Name to sign in with")
    email: Mapped[str] = mapped_column(unique=True, comment="E-mail address; also signs in")
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
    avatar_url: Mapped[str | None] = mapped_column(comment="Picture")
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
        "last_login_at", info=READONLY, comment="Last time signed in"
    )
    login_count: Mapped[int | None] = mapped_column(
        default=0, server_default="0", info=READONLY, comment="Times signed in"
    )
    fail_login_count: Mapped[int | None] = mapped_column(
        default=0, server_default="0", info=READONLY, comment="Failed attempts since"
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
        secondary=UserGroup.__table__, backref="groups", passive_deletes=True
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


class ApiKey(IdentityKey, Base):
    __tablename__ = "api_keys"
    __table_args__ = table_args(
        "identity", sa.Index(None, "key_prefix"), comment="API keys of users; only hashes are kept"
    )
    __title__ = ("name",)
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
    last_used_on: Mapped[dt.datetime | None] = mapped_column(info=READONLY, comment="Last use")

    @property
    def is_active(self) -> bool:
        live = self.active and self.revoked_on is None
        return live and (self.expires_on is None or self.expires_on > dt.datetime.now(dt.UTC))


class PasswordResetToken(UuidKey, CreatedAt, Base):
    __tablename__ = "password_reset_tokens"
    __table_args__ = table_args("identity", comment="Links to set a new password")
    __title__ = ("user",)
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
        info=READONLY, comment="Last request"
    )
    revoked_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the session was ended"
    )
