"""Questions about the current user's rights, answered from one set per request."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, has_request_context, request
from werkzeug.local import LocalProxy

from app.actor import Actor, system_actor
from app.domain.access_policy import UNLIMITED, AccessPolicy
from app.i18n import gettext as _
from models.base import Base


def person() -> Any:
    """The user of this request, signed in or not, behind flask-login's proxy: a page of cells asks
    thousands of times. None outside of a request."""
    if not has_request_context():
        return None
    kept = g._get_current_object()  # noqa: SLF001 - its only way, and once is enough
    user = kept.get("user")
    if isinstance(user, LocalProxy):
        return kept.get("_login_user") or user._get_current_object()  # noqa: SLF001 - its only way
    return user


def may(right: str) -> bool:
    """Whether the current user holds a right such as ``sales.orders:update``."""
    user = person()
    if user is None or not (user.is_authenticated and user.is_active):
        return False
    scopes = g.get("api_key_scopes")
    whose, rights = g.get("rights_of_person", (None, frozenset()))
    if whose != (user, scopes):
        rights = current_app.appbuilder.sm.rights_of_user(user)  # type: ignore[attr-defined]
        g.rights_of_person = (user, scopes), rights  # a page asks for each link
    return right in rights


def right_to_open(view: Any) -> str:
    """The right that a view's first page asks for."""
    return f"{view.class_permission_name}:{view.get_method_permission(view.default_view)}"


def may_read(model: type[Base]) -> bool:
    return may(f"{model.__table__.fullname}:read")


def access_policy() -> AccessPolicy:
    """Rows, fields and amounts of the signed-in user; nothing at all for somebody who isn't."""
    user = person()
    if user is None:
        return UNLIMITED if not has_request_context() else AccessPolicy()
    whose, policy = g.get("policy_of_person", (None, UNLIMITED))
    if whose is not user:
        policy = current_app.appbuilder.sm.policy_of(user)  # type: ignore[attr-defined]
        g.policy_of_person = user, policy  # a page asks for each cell
    return policy


def current_actor() -> Actor:
    """The actor of this request: the signed-in user with roles, rights and address."""
    user = person()
    if user is None or not user.is_authenticated:
        return system_actor(_("Nobody"), "system") if not has_request_context() else _anonymous()
    manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
    roles = manager.get_user_roles(user)
    return Actor(
        user_id=user.id,
        name=user.full_name,
        email=user.email,
        roles=tuple(sorted(role.name for role in roles)),
        rights=manager.rights_of(tuple(role.id for role in roles)),
        policy=access_policy(),
        ip=request.remote_addr,
        user_agent=request.user_agent.string[:500],
        session_id=g.get("session_id"),
        request_id=g.get("request_id"),
        impersonator_id=g.get("impersonator_id"),
        source="api" if request.path.startswith("/api/") else "screen",
    )


def _anonymous() -> Actor:
    """Somebody not signed in: holds no right at all (0 is no user's id)."""
    return Actor(
        user_id=0,
        name=_("Nobody"),
        ip=request.remote_addr,
        user_agent=request.user_agent.string[:500],
        request_id=g.get("request_id"),
        source="api" if request.path.startswith("/api/") else "screen",
    )
