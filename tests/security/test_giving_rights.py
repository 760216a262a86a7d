"""No door lets anybody give, or become, more than they are: screens, API and matrix."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.identity import (
    Group,
    GroupRole,
    Role,
    RolePermission,
    User,
    UserGroup,
    UserRole,
)
from tests.conftest import give_session
from tests.identity.people import add_role, add_user, right_id, rights_of, role_id

CLERK = [
    f"identity.{table}:{action}"
    for table in ("users", "user_roles", "user_groups", "group_roles", "role_permissions", "roles")
    for action in ("read", "create", "update", "delete")
]
CLERK += ["identity.matrix:read", "identity.matrix:update", "identity.groups:read"]
CLERK += ["identity.groups:delete", "identity.permissions:read", "sales.orders:read"]


@pytest.fixture
def clerk(client, db_session):
    """A browser of somebody who keeps users and roles and may do little else."""
    own = add_role(db_session, "Clerk", CLERK)
    user = add_user(db_session, "clerk", own)
    give_session(client, user, locale="en")
    client.user_id = user
    return client


def key_of(session, username: str) -> int:
    return session.scalar(sa.select(User.id).where(User.username == username))


def has_role(session, user_id: int, name: str) -> bool:
    session.expire_all()
    return session.get(UserRole, (user_id, role_id(session, name))) is not None


def test_nobody_makes_themselves_administrator(clerk, db_session):
    data = {"user_id": clerk.user_id, "role_id": role_id(db_session, "Admin")}
    answer = clerk.post("/identity/user_roles/add", data=data)
    assert answer.status_code == 403
    assert "Nobody can give what they don" in answer.text
    assert not has_role(db_session, clerk.user_id, "Admin")


def test_who_holds_all_of_a_role_may_give_it(clerk, db_session):
    add_role(db_session, "Reader", ["sales.orders:read"])
    cashier = key_of(db_session, "cashier")
    data = {"user_id": cashier, "role_id": role_id(db_session, "Reader")}
    assert clerk.post("/identity/user_roles/add", data=data).status_code == 302
    assert has_role(db_session, cashier, "Reader")
    given = db_session.get(UserRole, (cashier, data["role_id"]))
    assert given.assigned_by == clerk.user_id


def test_who_gave_a_role_can_not_be_forged(clerk, db_session):
    add_role(db_session, "Reader", ["sales.orders:read"])
    cashier = key_of(db_session, "cashier")
    data = {"user_id": cashier, "role_id": role_id(db_session, "Reader")}
    data["assigned_by"] = key_of(db_session, "admin")
    clerk.post("/identity/user_roles/add", data=data)
    assert db_session.get(UserRole, (cashier, data["role_id"])).assigned_by == clerk.user_id


def test_nobody_joins_a_team_that_has_more_rights(clerk, db_session):
    team = Group(name="Chiefs")
    db_session.add(team)
    db_session.flush()
    db_session.add(GroupRole(group_id=team.id, role_id=role_id(db_session, "Manager")))
    db_session.commit()
    data = {"user_id": clerk.user_id, "group_id": team.id}
    assert clerk.post("/identity/user_groups/add", data=data).status_code == 403
    assert db_session.get(UserGroup, (clerk.user_id, team.id)) is None


def test_nobody_gives_their_team_a_higher_role(clerk, db_session):
    team = Group(name="Clerks")
    db_session.add(team)
    db_session.flush()
    db_session.add(UserGroup(group_id=team.id, user_id=clerk.user_id))
    db_session.commit()
    data = {"group_id": team.id, "role_id": role_id(db_session, "Admin")}
    assert clerk.post("/identity/group_roles/add", data=data).status_code == 403


def test_nobody_adds_a_right_to_a_role_that_they_lack(clerk, db_session):
    data = {
        "role_id": role_id(db_session, "Clerk"),
        "permission_view_id": right_id(db_session, "platform.settings:update"),
    }
    assert clerk.post("/identity/role_permissions/add", data=data).status_code == 403
    assert data["permission_view_id"] not in rights_of(db_session, "Clerk")


def test_the_matrix_refuses_and_names_what_is_lacking(clerk, db_session):
    own = role_id(db_session, "Clerk")
    seen = rights_of(db_session, "Clerk")
    from views.identity.matrix_draft import mask

    wanted = seen | {right_id(db_session, "crm.deals:read")}
    form = {"shown": own, f"seen-{own}": mask(seen), f"wanted-{own}": mask(wanted)}
    answer = clerk.post("/identity/matrix/save", data=form)
    assert answer.status_code == 403
    assert "Deals: Read" in answer.text


def test_a_policy_gets_no_more_generous_than_the_editors_own(clerk, db_session):
    own = role_id(db_session, "Clerk")
    role = db_session.get(Role, own)
    form = {"seen": role.updated_at.isoformat(), "scope.*": "all", "limits.refund_amount": "500"}
    answer = clerk.post(f"/identity/roles/{own}/policy", data=form)
    assert answer.status_code == 403
    assert "Highest refund" in answer.text


def test_the_policy_is_in_no_form_and_refused_by_the_api(sign_in, token, db_session):
    cashier = role_id(db_session, "Cashier")
    assert 'name="policy"' not in sign_in("admin").get(f"/identity/roles/edit/{cashier}").text
    answer = sign_in("admin").put(
        f"/api/v1/identity/roles/{cashier}", json={"policy": {}}, headers=token("admin")
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/identity/users/edit/{pk}", "/identity/users/delete/{pk}", "/identity/users/password/{pk}"],
)
def test_nobody_touches_the_account_of_somebody_who_may_do_more(clerk, db_session, path):
    admin = key_of(db_session, "admin")
    before = db_session.get(User, admin).password
    page = clerk.get(path.format(pk=admin)).text
    stamp = page.split('name="record_stamp"')[-1].split('value="')[-1].split('"')[0]
    form = {
        "username": "admin",
        "email": "mine@example.com",
        "first_name": "A",
        "last_name": "B",
        "timezone": "America/Lima",
        "language": "en",
        "active": "y",
        "record_stamp": stamp,
        "password": "a very long passphrase 17",
        "again": "a very long passphrase 17",
    }
    clerk.post(path.format(pk=admin), data=form)
    db_session.expire_all()
    row = db_session.get(User, admin)
    assert (row.email, row.password, row.deleted_at) == ("admin@example.com", before, None)


def test_the_last_who_may_give_rights_can_not_be_switched_off_or_lose_the_role(client, db_session):
    everything = [slug for slug in CLERK if slug.startswith("identity.")]
    rights = [*everything, "identity.matrix:read", "identity.matrix:update"]
    add_role(db_session, "Steward", dict.fromkeys(rights))
    other = add_user(db_session, "other", role_id(db_session, "Admin"))
    give_session(client, other, locale="en")
    admin = key_of(db_session, "admin")
    db_session.execute(sa.update(User).where(User.id == other).values(active=True))
    assert client.post(f"/identity/users/delete/{admin}").status_code == 302
    db_session.expire_all()
    # Now the other is the last: the own role stays, and the role's rights do.
    client.post(f"/identity/user_roles/delete/{other}~{role_id(db_session, 'Admin')}")
    assert has_role(db_session, other, "Admin")
    lost = right_id(db_session, "identity.roles:update")
    admin_role = role_id(db_session, "Admin")
    client.post(f"/identity/role_permissions/delete/{admin_role}~{lost}")
    assert db_session.get(RolePermission, (admin_role, lost)) is not None


def test_the_name_admin_is_neither_given_up_nor_taken(sign_in, db_session):
    client = sign_in("admin")
    admin_role = db_session.get(Role, role_id(db_session, "Admin"))
    form = {"name": "Chief", "record_stamp": str(admin_role.updated_at)}
    answer = client.post(f"/identity/roles/edit/{admin_role.id}", data=form)
    assert "keeps its name" in answer.text
    db_session.delete(db_session.get(Role, role_id(db_session, "Auditor")))
    db_session.commit()
    answer = client.post("/identity/roles/add", data={"name": "Auditor"})
    assert "can make it again" in answer.text


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_reading_the_matrix_is_not_changing_it(sign_in, db_session, role):
    client = sign_in(role)
    page = client.get("/identity/matrix/")
    assert page.status_code == 200
    assert "disabled" in page.text
    assert "/identity/matrix/save" not in page.text
    for path in ("review", "save", "draft"):
        answer = client.post(f"/identity/matrix/{path}", data={})
        assert answer.status_code == 200 if path == "draft" else answer.status_code in (302, 403)


@pytest.mark.parametrize("role", ["cashier", "seller", "warehouse", "technician", "accountant"])
def test_others_see_neither_matrix_nor_what_colleagues_may_do(sign_in, db_session, role):
    client = sign_in(role)
    for path in ("/identity/matrix/", f"/identity/users/{key_of(db_session, 'admin')}/access"):
        assert client.get(path).status_code in (302, 403, 404), path
