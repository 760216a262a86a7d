"""Every registered address, with every method, as every role and as nobody.

Generated from the application's own list of addresses: a new one is in it by itself, and one
without a right fails until :mod:`tests.security.routes` says why it needs none.
"""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from app.db import session
from models.identity import Permission, Role, RolePermission
from tests.security.routes import ONES_OWN, PUBLIC, UNSAFE, doors
from tests.users import ROLES

JSON = {"Accept": "application/json"}
GARBAGE = ("0", "-1", "x", "9" * 30, "1~2~3", "00000000-0000-0000-0000-000000000000", "%00", "%FF")
METHODS = ("GET", "TRACE", "CONNECT", "BREW", *UNSAFE)
# Of each address this many: the next address gets the next ones.
TRIED = 2
# Each address is tried by the administrator and by a third of the other roles: by two at least.
SHARES = 3
SERVER_ERROR = 500


def rights_of(role: str) -> set[str]:
    query = (
        sa.select(Permission.slug)
        .join(RolePermission, RolePermission.permission_view_id == Permission.id)
        .join(Role, Role.id == RolePermission.role_id)
        .where(Role.name == ROLES[role])
    )
    return set(session().scalars(query))


def knock(client, door, headers, url=None):
    return client.open(url or door.url(), method=door.method, headers={**JSON, **headers})


def is_api(door) -> bool:
    return door.rule.startswith("/api/")


def leads_to_log_in(answer) -> bool:
    return answer.status_code == 302 and answer.location.split("?")[0].endswith("/login/")


def test_every_address_asks_for_a_right_or_has_a_reason_not_to(app):
    without = {door.endpoint for door in doors(app) if not door.right}
    assert without <= {*PUBLIC, *ONES_OWN}


def test_every_right_that_is_asked_for_is_one_that_can_be_given(app, db_session):
    asked = {door.right for door in doors(app) if door.right}
    assert asked <= set(session().scalars(sa.select(Permission.slug)))


def test_nobody_gets_in_without_signing_in(app, client):
    wrong = {}
    for door in doors(app):
        answer = knock(client, door, {})
        turned_away = answer.status_code == 401 or leads_to_log_in(answer)
        if answer.status_code >= SERVER_ERROR or not (turned_away or door.endpoint in PUBLIC):
            wrong[str(door)] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_in_where_it_has_the_right_and_nowhere_else(app, sign_in, token, role):
    """The administrator tries all addresses; each of the others a share, for that takes long."""
    held, header = rights_of(role), token(role)
    client, wrong, share = sign_in(role), {}, [*ROLES].index(role) % SHARES
    for number, door in enumerate(doors(app)):
        if door.endpoint == "TokenApi.refresh":
            continue  # it wants a token of another kind
        if role != "admin" and number % SHARES != share:
            continue
        opens = not door.right or door.right in held
        answer = knock(client, door, header if is_api(door) else {})
        refused = answer.status_code == 403
        if answer.status_code in (401, *range(500, 600)) or refused == opens:
            wrong[str(door)] = answer.status_code, door.right
    assert wrong == {}


def test_keys_that_nothing_has_are_not_found_and_break_nothing(app, sign_in, token):
    client, header, wrong = sign_in("admin"), token("admin"), {}
    values = itertools.cycle(GARBAGE)
    for door in doors(app):
        for value in itertools.islice(values, TRIED if door.variable else 0):
            answer = knock(client, door, header if is_api(door) else {}, door.url(value))
            if answer.status_code in (401, 403) or answer.status_code >= SERVER_ERROR:
                wrong[f"{door} {value}"] = answer.status_code
    assert wrong == {}


def test_a_method_that_an_address_does_not_have_is_refused(app, client):
    wrong, known = {}, {}
    for door in doors(app):
        known.setdefault(door.url(), set()).add(door.method)
    others = itertools.cycle(METHODS)
    for url, methods in known.items():
        for method in {*itertools.islice(others, TRIED)} - methods:
            answer = client.open(url, method=method, headers=JSON)
            if answer.status_code == 401 or leads_to_log_in(answer):
                continue  # of an address of the same form: /_info and /<pk>
            if answer.status_code != 405 or not methods & allowed(answer):
                wrong[f"{method} {url}"] = answer.status_code
    assert wrong == {}


def allowed(answer) -> set[str]:
    return set(answer.headers.get("Allow", "").split(", "))


@pytest.fixture
def with_csrf(app):
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def test_nothing_changes_without_the_token_of_a_page_of_ours(
    app, sign_in, with_csrf, count_statements
):
    client, wrong = sign_in("admin"), {}
    with count_statements() as statements:
        for door in doors(app):
            if door.method in UNSAFE:
                answer = knock(client, door, {})
                if answer.status_code != 400 or answer.json["code"] != "csrf":
                    wrong[str(door)] = answer.status_code
    assert wrong == {}
    assert writing(statements) == []


def writing(statements: list[str]) -> list[str]:
    """What changes a row, apart from the session's own note of when it was last used."""
    return [
        statement
        for statement in statements
        if statement.split()[0].upper() in ("INSERT", "UPDATE", "DELETE")
        and "user_sessions" not in statement
    ]


def test_a_token_of_somebody_elses_session_is_none(app, client, sign_in, with_csrf):
    theirs = app.test_client().get("/login/").text.split('name="csrf_token"')[1].split('"')[1]
    answer = sign_in("admin").post("/profile/", data={"csrf_token": theirs}, headers=JSON)
    assert (answer.status_code, answer.json["code"]) == (400, "csrf")


def test_a_program_with_a_header_needs_no_token(app, client, token, with_csrf):
    answer = client.post("/api/v1/crm/tags/", json={}, headers=token("admin"))
    assert answer.status_code == 422
