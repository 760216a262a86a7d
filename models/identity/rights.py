"""Roles, rights and who holds them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from models.base import READONLY, Base, CreatedAt, IdentityKey, now, table_args

if TYPE_CHECKING:
    from models.identity.accounts import User

USERS = "identity.users.id"
ROLES = "identity.roles.id"


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
        info=READONLY,
        comment="Who gave the role",
    )


class UserGroup(CreatedAt, Base):
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
    assigned_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        default=current_user_id,
        index=True,
        info=READONLY,
        comment="Who put the user in the team",
    )


class GroupRole(CreatedAt, Base):
    __tablename__ = "group_roles"
    __table_args__ = table_args("identity", comment="Roles that a team gives its members")
    __title__ = ("group", "role")
    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity.groups.id", ondelete="CASCADE"), primary_key=True, comment="Team"
    )
    role_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ROLES, ondelete="CASCADE"), primary_key=True, index=True, comment="Role"
    )
    assigned_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        default=current_user_id,
        index=True,
        info=READONLY,
        comment="Who gave the team the role",
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
        info=READONLY,
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
        primaryjoin="Role.id == UserRole.role_id",
        secondaryjoin="User.id == UserRole.user_id",
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
