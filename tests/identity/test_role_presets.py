"""Built-in roles are made again and brought back to their defaults, with the difference shown."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.services.identity.recreate_role import RecreateRole, recreate_role
from app.services.identity.role_errors import (
    MoreThanYoursError,
    NotBuiltInError,
    RoleExistsError,
)
from app.services.identity.role_presets import preset
from models.identity import Role, RolePermission
from tests.identity.people import (
    actor_of,
    add_role,
    add_user,
    form_of,
    right_id,
    rights_of,
    role_id,
)

NOW = dt.datetime(2026, 6, 15, 15, tzinfo=dt.UTC)


@pytest.fixture
def without_cashier(db_session):
    db_session.execute(sa.delete(Role).where(Role.name == "Cashier"))
    db_session.commit()


def recreate(name: str, actor=None) -> int:
    return recreate_role(RecreateRole(name), actor=actor or system_actor(), now=NOW)


def test_a_deleted_role_comes_back_with_rights_and_policy(db_session, without_cashier):
    recreate("Cashier")
    assert rights_of(db_session, "Cashier") == preset("Cashier").rights
    role = db_session.get(Role, role_id(db_session, "Cashier"))
    assert role.policy == preset("Cashier").policy
    assert role.description


def test_a_role_that_is_there_or_that_nobody_built_in_is_not_made(db_session):
    with pytest.raises(RoleExistsError):
        recreate("Cashier")
    with pytest.raises(NotBuiltInError):
        recreate("Emperor")


def test_nobody_makes_a_role_that_may_do_more_than_they(db_session, without_cashier):
    add_user(db_session, "clerk", add_role(db_session, "Clerk", ["identity.matrix:update"]))
    with pytest.raises(MoreThanYoursError):
        recreate("Cashier", actor_of(db_session, "clerk"))
    assert role_id(db_session, "Cashier") is None


def test_the_matrix_offers_a_deleted_role(sign_in, db_session, without_cashier):
    client = sign_in("admin")
    assert "The built-in role “Cashier” was deleted." in client.get("/identity/matrix/").text
    answer = client.post("/identity/roles/defaults/recreate", data={"name": "Cashier"})
    assert answer.status_code == 302
    assert rights_of(db_session, "Cashier") == preset("Cashier").rights


def test_a_reset_shows_the_difference_first_and_then_undoes_it(sign_in, db_session):
    client = sign_in("admin")
    cashier = role_id(db_session, "Cashier")
    given, taken = right_id(db_session, "crm.deals:read"), right_id(db_session, "sales.till:create")
    db_session.add(RolePermission(role_id=cashier, permission_view_id=given))
    db_session.execute(
        sa.delete(RolePermission).where(
            RolePermission.role_id == cashier, RolePermission.permission_view_id == taken
        )
    )
    db_session.get(Role, cashier).policy = {"limits": {"discount_percent": "50"}}
    db_session.commit()
    page = client.get(f"/identity/roles/defaults/{cashier}").text
    for words in ("CRM / Deals", "Sales / Till", "50 %", "5 %"):
        assert words in page, words
    assert client.post(f"/identity/roles/defaults/{cashier}", data=form_of(page)).status_code == 302
    db_session.expire_all()
    assert rights_of(db_session, "Cashier") == preset("Cashier").rights
    assert db_session.get(Role, cashier).policy == preset("Cashier").policy


def test_a_reset_of_a_role_that_changed_meanwhile_is_refused(sign_in, db_session):
    client = sign_in("admin")
    cashier = role_id(db_session, "Cashier")
    before = rights_of(db_session, "Cashier")
    role = db_session.get(Role, cashier)
    form = {"rights": "1", "seen": role.updated_at.isoformat()}
    assert client.post(f"/identity/roles/defaults/{cashier}", data=form).status_code == 409
    assert rights_of(db_session, "Cashier") == before


def test_a_role_of_ones_own_has_no_defaults(sign_in, db_session):
    own = add_role(db_session, "Own", [])
    assert sign_in("admin").get(f"/identity/roles/defaults/{own}").status_code == 404


def test_the_commands_list_recreate_and_reset(app, db_session, without_cashier):
    run = app.test_cli_runner().invoke
    assert "Cashier: deleted" in run(args=["roles", "list"]).output
    made = run(args=["roles", "recreate", "Cashier"])
    assert made.exit_code == 0, made.output
    db_session.execute(
        sa.delete(RolePermission).where(RolePermission.role_id == role_id(db_session, "Cashier"))
    )
    db_session.commit()
    asked = run(args=["roles", "reset", "Cashier"], input="n\n")
    assert "+ sales.till:create" in asked.output
    assert rights_of(db_session, "Cashier") == frozenset()
    done = run(args=["roles", "reset", "Cashier", "--yes"])
    assert done.exit_code == 0, done.output
    assert rights_of(db_session, "Cashier") == preset("Cashier").rights
    assert run(args=["roles", "recreate", "Emperor"]).exit_code == 1
