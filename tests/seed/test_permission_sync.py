"""Rights follow the screens; roles get their defaults once, and then belong to the admin."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import current_app

from app.cli.seed import sync_rights
from app.security.sync import sync_permissions
from app.seed.loading import RECORD
from app.seed.roles import BuiltInRole, built_in_roles
from app.services.identity.change_role_policy import check_policy
from models.identity import Permission, Resource, Role, RolePermission, UserRole
from models.platform import SystemSetting

MOST_STATEMENTS = 16


class FakeView:
    def __init__(self, resource: str, *actions: str) -> None:
        self.class_permission_name = resource
        self.base_permissions = [f"can_{action}" for action in actions]


class FakeBuilder:
    def __init__(self, *views: FakeView) -> None:
        self.baseviews = list(views)


@pytest.fixture
def builder(app):
    """The real screens and one more."""
    return FakeBuilder(*app.appbuilder.baseviews, FakeView("sales.kiosk", "read", "use"))


def _rights(session, role: str) -> set[str]:
    return set(
        session.scalars(
            sa.select(Permission.slug)
            .join(RolePermission, RolePermission.permission_view_id == Permission.id)
            .join(Role, Role.id == RolePermission.role_id)
            .where(Role.name == role)
        )
    )


def _drop_role(session, name: str) -> None:
    """As somebody who deletes it would."""
    role = sa.select(Role.id).where(Role.name == name).scalar_subquery()
    session.execute(sa.delete(UserRole).where(UserRole.role_id == role))
    session.execute(sa.delete(Role).where(Role.name == name))
    session.commit()


def test_a_second_run_changes_nothing(db_session) -> None:
    result = sync_rights()
    assert (result.added, result.removed, result.granted, result.roles) == (0, 0, 0, ())


def test_a_new_screen_gets_rights_and_an_old_one_loses_them(db_session, app, builder) -> None:
    result = sync_permissions(builder, built_in_roles())
    assert (result.added, result.removed) == (2, 0)
    assert {"sales.kiosk:read", "sales.kiosk:use"} <= _rights(db_session, "Admin")
    assert sync_permissions(app.appbuilder, built_in_roles()).removed == 2
    assert "sales.kiosk" not in set(db_session.scalars(sa.select(Resource.name)))


def test_built_in_roles_get_their_default_rights_on_a_new_screen(db_session, builder) -> None:
    sync_permissions(builder, built_in_roles())
    assert {"sales.kiosk:read", "sales.kiosk:use"} <= _rights(db_session, "Manager")
    assert "sales.kiosk:read" in _rights(db_session, "Auditor")
    assert "sales.kiosk:use" not in _rights(db_session, "Auditor")
    assert "sales.kiosk:read" not in _rights(db_session, "Technician")


def test_what_an_admin_gave_or_took_stays(db_session, builder) -> None:
    cashier = db_session.scalar(sa.select(Role).where(Role.name == "Cashier"))
    taken, given = (
        _right(db_session, "customers.customers:update"),
        _right(db_session, "billing.invoices:read"),
    )
    db_session.execute(
        sa.delete(RolePermission).where(
            RolePermission.role_id == cashier.id, RolePermission.permission_view_id == taken
        )
    )
    db_session.add(RolePermission(role_id=cashier.id, permission_view_id=given))
    cashier.policy = {"limits": {"discount_percent": 50}}
    db_session.commit()
    sync_permissions(builder, built_in_roles())
    rights = _rights(db_session, "Cashier")
    assert "customers.customers:update" not in rights
    assert "billing.invoices:read" in rights
    db_session.expire_all()
    assert cashier.policy == {"limits": {"discount_percent": 50}}


def _right(session, slug: str) -> int:
    return session.scalar(sa.select(Permission.id).where(Permission.slug == slug))


def test_a_built_in_role_that_somebody_deleted_stays_deleted(db_session, builder) -> None:
    _drop_role(db_session, "Cashier")
    assert sync_permissions(builder, built_in_roles()).roles == ()
    assert db_session.scalar(sa.select(Role.id).where(Role.name == "Cashier")) is None


def test_a_built_in_role_of_a_newer_version_is_made_with_its_defaults(db_session) -> None:
    newer = BuiltInRole("Courier", "Delivers", {}, ("sales.orders:read",))
    assert sync_permissions(app_builder(), (*built_in_roles(), newer)).roles == ("Courier",)
    assert _rights(db_session, "Courier") == {"sales.orders:read"}


def app_builder():
    return current_app.appbuilder


def test_the_built_in_policies_name_what_there_is(db_session) -> None:
    for role in built_in_roles():
        rights = _rights(db_session, role.name)
        assert check_policy(role.policy, frozenset(rights)) == [], role.name


def test_admin_holds_every_right(db_session) -> None:
    assert _rights(db_session, "Admin") == set(db_session.scalars(sa.select(Permission.slug)))


def test_the_auditor_only_reads(db_session) -> None:
    rights = _rights(db_session, "Auditor") - {"MenuApi:get"}
    assert rights
    assert {slug.rpartition(":")[2] for slug in rights} == {"read", "export"}
    assert "identity.api_keys:read" not in rights
    assert {"identity.login_attempts:read", "platform.audit_logs:read"} <= rights


def test_only_admin_reads_mail_that_may_hold_links_to_set_a_password(db_session) -> None:
    for role in built_in_roles():
        assert ("platform.mail:read" in _rights(db_session, role.name)) == (role.name == "Admin")


def test_no_role_but_admin_touches_users_and_rights(db_session) -> None:
    for role in built_in_roles():
        if role.name != "Admin":
            writes = {
                slug
                for slug in _rights(db_session, role.name)
                if slug.startswith("identity.") and not slug.endswith(":read")
            }
            assert writes == set(), role.name


def test_a_pattern_with_an_exclamation_mark_takes_away() -> None:
    role = BuiltInRole("Test", "", {}, ("sales.*:read", "!sales.payments:*"))
    assert role.may("sales.orders:read")
    assert not role.may("sales.payments:read")
    assert not role.may("sales.orders:delete")


def test_a_first_sync_takes_few_statements(db_session, app, count_statements) -> None:
    for model in (RolePermission, Permission, Resource):
        db_session.execute(sa.delete(model))
    for role in built_in_roles():
        _drop_role(db_session, role.name)
    db_session.execute(sa.delete(SystemSetting).where(SystemSetting.setting_key == RECORD))
    with count_statements() as statements:
        result = sync_rights()
    assert result.added > 200
    assert len(statements) <= MOST_STATEMENTS
    with count_statements() as statements:
        sync_rights()
    assert len(statements) <= 6
