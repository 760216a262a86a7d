"""FAB on our tables: same shape as FAB's own models, rights in bulk, nothing before log-in."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db import session
from app.security.sync import sync_permissions
from models.identity import Permission, User
from tests.users import PASSWORD


def fabs_own_classes() -> dict[str, set[str]]:
    """Class → attributes assigned in its body, read from FAB's source."""
    folder = Path(importlib.util.find_spec("flask_appbuilder").origin).parent
    tree = ast.parse((folder / "security" / "sqla" / "models.py").read_text())
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            names = {n.target.id for n in node.body if isinstance(n, ast.AnnAssign)}
            names |= {t.id for n in node.body if isinstance(n, ast.Assign) for t in n.targets}
            names |= {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
            found[node.name] = {name for name in names if not name.startswith("__")}
    return found


def test_our_identity_models_have_everything_fabs_have():
    from app.security import fab_models

    for name, attributes in fabs_own_classes().items():
        ours = getattr(fab_models, name)
        missing = {attribute for attribute in attributes if not hasattr(ours, attribute)}
        assert missing == set(), name


def test_starting_the_application_sends_no_sql(environment, connection_url, monkeypatch):
    from app.factory import create_app
    from config import load_settings

    def refuse(*_args, **_kwargs):
        pytest.fail("connected to the database while starting")

    monkeypatch.setattr(sa.pool.Pool, "connect", refuse)
    create_app(load_settings({**environment, "DATABASE_URL": connection_url}))


def test_syncing_rights_again_changes_nothing_in_few_statements(app, db_session, count_statements):
    with count_statements() as statements:
        result = sync_permissions(app.appbuilder)
    assert (result.added, result.removed) == (0, 0)
    assert len(statements) <= 20


def test_a_right_that_no_screen_needs_goes_and_a_missing_one_comes(app, db_session):
    known = session().scalar(sa.select(Permission).where(Permission.slug == "crm.companies:read"))
    known.slug = "crm.companies:obsolete"
    session().commit()
    result = sync_permissions(app.appbuilder)
    assert (result.added, result.removed) == (1, 1)


def test_signing_in_with_name_or_address_in_any_case(client):
    for name in ("cashier", "CASHIER", "Cashier@Example.com"):
        answer = client.post("/login/", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 302, name
        assert client.get("/profile/").status_code == 200
        client.post("/logout/")
        assert client.get("/profile/").status_code in (302, 401)


@pytest.mark.parametrize(
    ("name", "password"), [("cashier", "wrong"), ("nobody", "x"), ("\x00", "x")]
)
def test_a_failed_log_in_says_the_same_whether_the_user_exists(client, name, password):
    answer = client.post("/login/?_l_=en", data={"username": name, "password": password})
    assert "don&#39;t go together" in answer.text


def test_a_deleted_or_switched_off_user_can_not_sign_in(client, db_session):
    user = session().scalar(sa.select(User).where(User.username == "cashier"))
    user.active = False
    session().commit()
    client.post("/login/", data={"username": "cashier", "password": PASSWORD})
    assert client.get("/profile/").status_code in (302, 401)


def test_the_next_page_is_never_on_another_host(client):
    answer = client.post(
        "/login/?next=https://evil.example/", data={"username": "cashier", "password": PASSWORD}
    )
    assert answer.location == "/"


def test_nobody_deletes_or_switches_off_their_own_account(sign_in):
    client = sign_in("admin")
    me = session().scalar(sa.select(User).where(User.username == "admin"))
    answer = client.post(f"/identity/users/delete/{me.id}", follow_redirects=True)
    assert "can&#39;t delete your own account" in answer.text


def test_a_page_asks_for_rights_in_one_statement(sign_in, count_statements):
    client = sign_in("manager")
    with count_statements() as statements:
        client.get("/")
    assert sum("role_permissions" in statement for statement in statements) == 1


def test_every_answer_has_the_security_headers(client):
    headers = client.get("/login/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_need_a_session_and_writing_needs_a_token(app, db_session):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        assert client.get("/crm/companies/list/").status_code == 302
        answer = client.post("/login/", data={"username": "cashier", "password": PASSWORD})
        assert answer.status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("path", ["/login/", "/nowhere", "/"])
def test_pages_load_nothing_old_and_nothing_from_elsewhere(sign_in, path):
    text = sign_in("admin").get(path).text.lower()
    assert "jquery" not in text
    assert "select2" not in text
    assert 'src="http' not in text
    assert "<script>" not in text
    assert " onclick=" not in text
