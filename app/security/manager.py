"""FAB's security manager on our tables: no SQL at start, one statement for all rights of a request.

Rights are about tables and screens (``sales.orders``) with read, create, update and delete; a menu
entry is shown to who may read what it opens, so there are no menu rights to keep.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app, g, has_request_context
from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager
from sqlalchemy.orm import load_only

import app.security.fab_models  # noqa: F401 - must precede FAB's manager
from app.domain.access_policy import (
    EVERY_TABLE,
    AccessPolicy,
    GrantedRole,
    PolicyError,
    RolePolicy,
    read_policy,
)
from app.security.account_views import ProfileView, VerifyEmailView
from app.security.api_key_views import ApiKeysView, RevokeApiKeyView
from app.security.api_keys import key_of_request, sign_in_with_key
from app.security.impersonation import (
    ImpersonationView,
    StopImpersonationView,
    protect_credentials,
)
from app.security.log_in_view import LogInView
from app.security.oidc import configured_provider
from app.security.oidc_disconnect_view import DisconnectIdentityView
from app.security.oidc_views import SingleSignOnView
from app.security.password_views import ForgottenPasswordView, PasswordView, SetPasswordView
from app.security.rights import current_actor, person, right_to_open
from app.security.second_factor import require_enrolment
from app.security.second_factor_views import ResetSecondFactorView, SecondFactorView
from app.security.security_view import SecurityView
from app.security.session_views import SessionsView, UnlockView, UserSessionsView
from app.security.tokens import TokenApi, configure_tokens
from app.services.identity.log_in import LogIn, check_log_in
from models.identity import (
    GroupRole,
    Permission,
    Role,
    RolePermission,
    User,
    UserGroup,
    UserRole,
    slug_of,
)

log = structlog.get_logger(__name__)


class SecurityManager(FabSecurityManager):
    authdbview = LogInView
    security_api = TokenApi

    def create_db(self) -> None:
        """The schema and the rows are Alembic's and ``flask setup``'s."""

    def create_login_manager(self, app: Any) -> Any:
        manager = super().create_login_manager(app)
        manager.login_view = f"{self.authdbview.__name__}.login"
        manager.login_message = None
        return manager

    def create_jwt_manager(self, app: Any) -> Any:
        manager = super().create_jwt_manager(app)
        configure_tokens(manager)
        return manager

    def register_views(self) -> None:
        """Only FAB's account screens; users, roles and the rest are generated like any table."""
        builder = self.appbuilder
        builder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        builder.add_view_no_menu(self.auth_view)
        for view in (
            PasswordView,
            SetPasswordView,
            ForgottenPasswordView,
            VerifyEmailView,
            SessionsView,
            UserSessionsView,
            UnlockView,
        ):
            builder.add_view_no_menu(view())
        self.user_view = ProfileView()
        builder.add_view_no_menu(self.user_view)
        for view in (
            SecurityView,
            SecondFactorView,
            ResetSecondFactorView,
            ApiKeysView,
            RevokeApiKeyView,
            SingleSignOnView,
            DisconnectIdentityView,
            ImpersonationView,
            StopImpersonationView,
        ):
            builder.add_view_no_menu(view())

    @staticmethod
    def before_request() -> Any:
        FabSecurityManager.before_request()
        protect_credentials()
        return require_enrolment()

    @property
    def single_sign_on(self) -> str:
        """Name of the identity provider that the log-in page offers; empty without one."""
        provider = configured_provider()
        return provider.name if provider else ""

    # -- who is it

    def find_user(self, username: str | None = None, email: str | None = None) -> User | None:
        """A live user by name or address, upper or lower case alike."""
        column, value = (User.username, username) if username else (User.email, email)
        if not value or "\x00" in value:
            return None
        return self.session.scalar(sa.select(User).where(sa.func.lower(column) == value.lower()))

    def load_user(self, pk: Any) -> User | None:
        user = self.session.scalar(sa.select(User).where(User.id == int(pk)))
        return user if user is not None and user.is_active else None

    @staticmethod
    def extract_api_key_from_request() -> str | None:
        return key_of_request()

    def validate_api_key(self, api_key_string: str) -> User:
        return sign_in_with_key(api_key_string)

    def get_first_user(self) -> User | None:
        return self.session.scalar(sa.select(User).order_by(User.id).limit(1))

    def auth_user_db(self, username: str, password: str) -> User | None:
        """The log-in of programs: counted, locked and recorded like that of browsers."""
        command = LogIn(username or "", password or "", method="api")
        return check_log_in(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))

    # -- what may they do

    def get_user_roles(self, user: Any) -> list[Role]:
        """Roles given to the user and to the user's teams; read once per request."""
        if not user.is_authenticated:
            return []
        known: dict[int, list[Role]] = _request_cache("_roles")
        if user.id not in known:
            direct = sa.select(UserRole.role_id).where(UserRole.user_id == user.id)
            by_team = (
                sa.select(GroupRole.role_id)
                .join(UserGroup, UserGroup.group_id == GroupRole.group_id)
                .where(UserGroup.user_id == user.id)
            )
            roles = sa.select(Role).where(Role.id.in_(direct.union_all(by_team)))
            columns = load_only(Role.name, Role.policy)
            known[user.id] = list(self.session.scalars(roles.options(columns)))
        return known[user.id]

    def rights_by_role(self, role_ids: tuple[int, ...]) -> dict[int, frozenset[str]]:
        """Slugs of the rights of each of these roles; one statement per request."""
        key = tuple(sorted(role_ids))
        known: dict[tuple[int, ...], dict[int, frozenset[str]]] = _request_cache("_rights")
        if key not in known:
            slugs = (
                sa.select(RolePermission.role_id, sa.func.array_agg(Permission.slug))
                .join(Permission, RolePermission.permission_view_id == Permission.id)
                .where(RolePermission.role_id.in_(key))
                .group_by(RolePermission.role_id)
            )
            rows = self.session.execute(slugs).all() if key else []
            known[key] = {role_id: frozenset(found) for role_id, found in rows}
        return known[key]

    def rights_of(self, role_ids: tuple[int, ...]) -> frozenset[str]:
        """Slugs of all rights of these roles together, as far as the API key goes if one is used.

        Which rows and fields they are about stays what the roles say: see :meth:`policy_of`.
        """
        scopes = g.get("api_key_scopes") if has_request_context() else None
        known: dict[Any, frozenset[str]] = _request_cache("_all_rights")
        key = (tuple(sorted(role_ids)), scopes)
        if key not in known:
            rights: frozenset[str] = frozenset().union(*self.rights_by_role(key[0]).values())
            known[key] = rights if scopes is None else rights & scopes
        return known[key]

    def policy_of(self, user: Any) -> AccessPolicy:
        """Rows, fields and amounts that the user's roles allow; read once per request.

        A role whose policy can't be read allows own rows and no amount at all.
        """
        known: dict[Any, AccessPolicy] = _request_cache("_policies")
        roles = self.get_user_roles(user)
        if not roles:
            return AccessPolicy()
        if user.id not in known:
            rights = self.rights_by_role(tuple(role.id for role in roles))
            known[user.id] = AccessPolicy(
                tuple(
                    GrantedRole(role.name, rights.get(role.id, frozenset()), _policy_of(role))
                    for role in roles
                )
            )
        return known[user.id]

    def rights_of_user(self, user: Any) -> frozenset[str]:
        """All rights of the user, by roles of their own and of their teams."""
        return self.rights_of(tuple(role.id for role in self.get_user_roles(user)))

    def exist_permission_on_roles(
        self, view_name: str, permission_name: str, role_ids: list[int]
    ) -> bool:
        return slug_of(permission_name, view_name) in self.rights_of(tuple(role_ids))

    def get_user_permissions(self, user: Any) -> set[tuple[str, str]]:
        slugs = self.rights_of_user(user)
        return {
            (f"can_{action}", resource)
            for resource, _, action in (slug.rpartition(":") for slug in slugs)
        }

    def is_item_public(self, permission_name: str, view_name: str) -> bool:  # noqa: ARG002 - FAB's
        """Nothing is public; pages for everybody say so by having no right at all."""
        return False

    def has_access(self, permission_name: str, view_name: str) -> bool:
        if permission_name == "menu_access":
            return self._may_open(current_app.appbuilder.menu.find(view_name))  # type: ignore[attr-defined]
        user = person()
        if user is None or not user.is_authenticated:
            return bool(super().has_access(permission_name, view_name))
        known: dict[Any, bool] = _request_cache("_access")
        key = (user.get_id(), permission_name, view_name)
        if key not in known:
            known[key] = bool(super().has_access(permission_name, view_name))
        return known[key]

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        return {name for name in menu_names or [] if self.has_access("menu_access", name)}

    def _may_open(self, item: Any) -> bool:
        if item is None:
            return False
        if item.childs:
            return any(self._may_open(child) for child in item.childs)
        view = item.baseview
        if view is None:
            return bool(g.user.is_authenticated)
        return right_to_open(view) in self.rights_of_user(g.user)


def _policy_of(role: Role) -> RolePolicy:
    try:
        return read_policy(role.policy)
    except PolicyError as error:
        log.warning("the policy of a role can't be read", role=role.name, mistakes=error.args)
        return RolePolicy(scope={EVERY_TABLE: "own"})


def _request_cache(name: str) -> dict[Any, Any]:
    return g.setdefault(name, {}) if has_request_context() else {}
