"""What a user may do, and through which role, team and policy."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.services.identity.read_access import read_access
from models.identity import Group, GroupRole, User, UserGroup, UserRole
from tests.identity.people import add_role, add_user, role_id


@pytest.fixture
def ana(db_session):
    """A cashier by a team, and sales rep directly; the administrator did both."""
    admin = db_session.scalar(sa.select(User.id).where(User.username == "admin"))
    user = add_user(db_session, "ana")
    team = Group(name="Night shift")
    db_session.add(team)
    db_session.flush()
    db_session.add_all(
        [
            UserRole(user_id=user, role_id=role_id(db_session, "Sales rep"), assigned_by=admin),
            UserGroup(user_id=user, group_id=team.id, assigned_by=admin),
            GroupRole(group_id=team.id, role_id=role_id(db_session, "Cashier")),
        ]
    )
    db_session.commit()
    return user


def test_each_role_has_the_way_it_came(db_session, ana):
    sources = {source.role: source for source in read_access(ana).sources}
    assert sources["Cashier"].team == "Night shift"
    assert sources["Sales rep"].team == ""
    assert {source.by for source in sources.values()} == {"Admin Tester"}
    assert all(source.at for source in sources.values())


def test_a_right_names_all_roles_that_give_it(db_session, ana):
    access = read_access(ana)
    assert [r.name for r in access.granting("customers.customers:update")] == [
        "Cashier",
        "Sales rep",
    ]
    assert [r.name for r in access.granting("sales.till:create")] == ["Cashier"]
    assert access.granting("identity.users:update") == ()


def test_the_page_answers_for_one_table(sign_in, db_session, ana):
    client = sign_in("admin")
    page = client.get(f"/identity/users/{ana}/access?table=crm.deals").text
    assert "own rows (Sales rep)" in page
    assert page.count("No role allows it.") == 2  # exporting, and deleting for good
    page = client.get(f"/identity/users/{ana}/access?table=platform.settings").text
    assert "No role allows it." in page


def test_the_page_has_limits_teams_and_hidden_fields(sign_in, db_session, ana):
    page = sign_in("admin").get(f"/identity/users/{ana}/access").text
    for words in ("Team Night shift", "15 %", "hidden: Cost price", "Given directly"):
        assert words in page, words


def test_a_field_that_only_one_of_two_roles_hides_is_not_hidden(sign_in, db_session, ana):
    add = add_role(db_session, "Buyer", ["catalog.products:read"])
    db_session.add(UserRole(user_id=ana, role_id=add))
    db_session.commit()
    page = sign_in("admin").get(f"/identity/users/{ana}/access?table=catalog.products").text
    assert "Hidden fields" not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"active": False}, "switched off"),
        ({"locked_until": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}, "locked until"),
        ({"deleted_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "deleted"),
    ],
)
def test_an_account_that_can_not_sign_in_is_said_first(sign_in, db_session, ana, values, words):
    client = sign_in("admin")
    db_session.execute(sa.update(User).where(User.id == ana).values(**values))
    db_session.commit()
    assert words in client.get(f"/identity/users/{ana}/access").text


def test_a_user_without_roles_may_do_nothing(sign_in, db_session):
    user = add_user(db_session, "nobody")
    assert "They may do nothing" in sign_in("admin").get(f"/identity/users/{user}/access").text


def test_the_users_page_leads_there(sign_in, ana):
    page = sign_in("admin").get(f"/identity/users/show/{ana}").text
    assert f"/identity/users/{ana}/access" in page
