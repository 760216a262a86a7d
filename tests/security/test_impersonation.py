"""Acting as somebody else: by who may, seen on every page, audited under both names."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.db import session
from app.security.sessions import revoke_sessions
from models.catalog import Brand
from models.identity import Role, User, UserRole, UserSession
from models.platform import AuditLog
from tests.users import PASSWORD

BANNER = "You act as Cashier Tester"


def user_named(name: str) -> User:
    found = sa.select(User).where(User.username == name)
    return session().scalars(found, execution_options={"populate_existing": True}).one()


def start(client, name: str = "cashier", reason: str = "Asked for help by telephone"):
    path = f"/identity/users/impersonate/{user_named(name).id}"
    return client.post(path, data={"reason": reason})


@pytest.fixture
def acting(sign_in):
    """The browser of an administrator who acts as the cashier."""
    client = sign_in("admin")
    assert start(client).location == "/"
    return client


def entries(action: str) -> list[AuditLog]:
    return list(session().scalars(sa.select(AuditLog).where(AuditLog.action == action)))


@pytest.mark.parametrize("path", ["/", "/profile/", "/pos/", "/cash/", "/no/such/page"])
def test_every_page_says_who_acts_and_offers_to_stop(acting, path):
    page = acting.get(f"{path}?_l_=en").text
    assert BANNER in page
    assert "/impersonation/stop" in page


def test_the_administrator_has_the_rights_of_the_user_and_no_others(acting):
    assert acting.get("/identity/users/list/").status_code == 403
    assert acting.get("/pos/").status_code == 200


def test_stopping_brings_back_the_administrator(acting):
    answer = acting.post("/impersonation/stop")
    assert answer.location == f"/identity/users/show/{user_named('cashier').id}"
    page = acting.get(f"{answer.location}?_l_=en")
    assert page.status_code == 200
    assert BANNER not in page.text


def test_each_change_of_person_gets_a_new_token_and_ends_the_old_session(sign_in):
    client = sign_in("admin")
    tokens = [client.get_cookie("qhatu").value]
    start(client)
    tokens.append(client.get_cookie("qhatu").value)
    client.post("/impersonation/stop")
    tokens.append(client.get_cookie("qhatu").value)
    assert len(set(tokens)) == 3
    live = sa.select(UserSession).where(UserSession.revoked_at.is_(None))
    (row,) = session().scalars(live)
    assert (row.user_id, row.impersonator_id) == (user_named("admin").id, None)


def test_the_session_ends_when_the_administrators_own_would_have(sign_in):
    client = sign_in("admin")
    before = session().scalar(sa.select(sa.func.max(UserSession.expires_at)))
    start(client)
    client.post("/impersonation/stop")
    ends = session().scalars(sa.select(UserSession.expires_at)).all()
    assert max(ends) <= before + dt.timedelta(milliseconds=1)


def test_beginning_and_end_are_in_the_audit_log_under_both_names(acting):
    acting.post("/impersonation/stop")
    admin, cashier = user_named("admin"), user_named("cashier")
    (begun,), (ended,) = entries("impersonate"), entries("stop_impersonating")
    assert (begun.user_id, begun.record_id) == (admin.id, str(cashier.id))
    assert begun.new_values == {
        "user": "Cashier Tester",
        "impersonator": "Admin Tester",
        "reason": "Asked for help by telephone",
    }
    assert (ended.user_id, ended.impersonator_id) == (cashier.id, admin.id)


def test_what_is_done_meanwhile_is_audited_under_both_names(sign_in):
    client = sign_in("admin")
    start(client, "manager")
    client.post("/catalog/brands/add", data={"name": "Andes", "slug": "andes"})
    assert session().scalar(sa.select(sa.func.count()).where(Brand.name == "Andes")) == 1
    (entry,) = session().scalars(
        sa.select(AuditLog).where(
            AuditLog.table_name == "catalog.brands", AuditLog.action == "insert"
        )
    )
    assert entry.user_id == user_named("manager").id
    assert entry.impersonator_id == user_named("admin").id


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "\x00"])
def test_without_a_reason_it_does_not_start(sign_in, reason):
    client = sign_in("admin")
    assert start(client, reason=reason).status_code == 422
    assert BANNER not in client.get("/?_l_=en").text
    assert entries("impersonate") == []


@pytest.mark.parametrize("role", ["manager", "cashier", "auditor"])
def test_without_the_right_it_does_not_start(sign_in, role):
    assert start(sign_in(role), "seller").status_code == 403


def test_nobody_acts_as_themselves_or_as_somebody_who_may_do_more(sign_in):
    client = sign_in("admin")
    assert start(client, "admin").status_code == 403
    role = session().scalars(sa.select(Role).where(Role.name == "Manager")).one()
    session().execute(
        sa.text(
            "INSERT INTO identity.role_permissions (role_id, permission_id) SELECT :role, id"
            " FROM identity.permissions WHERE slug IN"
            " ('identity.users:impersonate', 'identity.users:read') ON CONFLICT DO NOTHING"
        ).bindparams(role=role.id)
    )
    session().commit()
    manager = sign_in("manager")
    assert start(manager, "admin").status_code == 403
    assert entries("impersonate") == []


def test_one_person_at_a_time(sign_in):
    client = sign_in("admin")
    session().add(
        UserRole(
            user_id=user_named("manager").id,
            role_id=session().scalars(sa.select(Role.id).where(Role.name == "Admin")).one(),
        )
    )
    session().commit()
    start(client, "manager")
    assert start(client, "cashier").status_code == 409


def test_somebody_switched_off_is_nobody_to_act_as(sign_in):
    user_named("cashier").active = False
    session().commit()
    assert start(sign_in("admin")).status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/password/", {"current": PASSWORD, "password": "another long one", "again": "x"}),
        ("/profile/security/second-factor/begin", {}),
        ("/profile/security/second-factor/enable", {"code": "000000"}),
        ("/profile/security/second-factor/disable", {}),
        ("/profile/security/recovery-codes", {"renew-code": "000000"}),
        ("/profile/security/pin", {"pin-password": PASSWORD, "pin": "7319"}),
        ("/profile/api-keys/", {"name": "x", "days": "1", "rights": "all", "password": PASSWORD}),
        ("/verify-email/", {}),
    ],
)
def test_what_proves_who_the_user_is_can_not_be_changed(acting, path, data):
    assert acting.post(path, data=data).status_code == 403
    user = user_named("cashier")
    assert (user.totp_secret, user.pin_hash) == (None, None)


def test_the_users_own_record_can_not_be_changed_either(sign_in):
    client = sign_in("admin")
    admin_role = session().scalars(sa.select(Role.id).where(Role.name == "Admin")).one()
    other = user_named("manager")
    session().add(UserRole(user_id=other.id, role_id=admin_role))
    session().commit()
    start(client, "manager")
    answer = client.post(f"/identity/users/password/{other.id}", data={"password": "x"})
    assert answer.status_code == 403
    client.post(f"/identity/users/edit/{other.id}", data={"email": "mine@example.com"})
    assert user_named("manager").email == "manager@example.com"


def test_stopping_without_acting_is_refused(sign_in):
    assert sign_in("cashier").post("/impersonation/stop").status_code == 409


def test_ending_the_administrators_sessions_ends_acting_too(acting, app):
    with app.test_request_context():
        assert revoke_sessions(user_named("admin").id) == 1
    assert acting.get("/profile/").status_code == 302


def test_an_administrator_switched_off_meanwhile_is_nobody_afterwards(acting):
    user_named("admin").active = False
    session().commit()
    assert acting.post("/impersonation/stop").location == "/login/"
    assert acting.get("/profile/").status_code == 302


def test_the_users_own_required_second_factor_is_not_asked_of_the_administrator(sign_in):
    role = session().scalars(sa.select(Role).where(Role.name == "Cashier")).one()
    role.policy = {**role.policy, "require_second_factor": True}
    session().commit()
    client = sign_in("admin")
    start(client)
    assert client.get("/profile/").status_code == 200
