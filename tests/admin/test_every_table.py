"""Every table, through every door, as every built-in role: rights hold, nothing breaks."""

from __future__ import annotations

import re

import pytest

from app.admin.build import url_of
from app.admin.describe import describe
from app.admin.registry import Table
from app.db import session
from models import all_models
from models.base import Base
from models.identity import User
from tests.rows import (
    as_form,
    as_json,
    column_values,
    filled_form,
    key_of,
    make_row,
    owned_row,
    owned_values,
)
from tests.users import ROLES, user_id_of
from views.domains import DOMAINS

TABLES = {describe(t.model).resource: t for domain in DOMAINS for t in domain.tables}


def test_every_mapped_table_has_a_screen_and_an_api(app):
    with app.app_context():
        registered = {view.endpoint for view in app.appbuilder.baseviews}
    names = [model.__name__ for model in all_models()]
    assert {f"{name}View" for name in names} <= registered
    assert {f"{name}Api" for name in names} <= registered


@pytest.fixture
def rights(app, db_session):
    """Rights of a test user's role, as the database has them."""
    from models.identity import Permission, Role, RolePermission

    def of(username: str) -> set[str]:
        query = (
            session()
            .query(Permission.slug)
            .join(RolePermission, RolePermission.permission_view_id == Permission.id)
            .join(Role, Role.id == RolePermission.role_id)
        )
        return {slug for (slug,) in query.filter(Role.name == ROLES[username])}

    return of


@pytest.fixture(params=sorted(TABLES))
def table(request) -> Table:
    return TABLES[request.param]


def excluded(app, table: Table, method: str) -> bool:
    with app.app_context():
        view = next(
            v for v in app.appbuilder.baseviews if v.endpoint == f"{table.model.__name__}View"
        )
    return method in view.exclude_route_methods


def urls(app, table: Table, pk: str) -> dict[str, str]:
    with app.test_request_context():
        found = {"list": url_of(table.model, "list"), "show": url_of(table.model, "show", pk=pk)}
        for method in ("add", "edit", "delete"):
            if not excluded(app, table, method):
                extra = {} if method == "add" else {"pk": pk}
                found[method] = url_of(table.model, method, **extra)
        return found


NEEDS = {"list": "read", "show": "read", "add": "create", "edit": "update", "delete": "delete"}


def test_screens_open_for_those_with_the_right_and_for_nobody_else(app, sign_in, rights, table):
    resource = describe(table.model).resource
    for role in ROLES:
        row = owned_row(table.model, user_id_of(role))
        session().commit()
        doors = urls(app, table, key_of(row))
        held = rights(role)
        client = sign_in(role)
        for method, url in doors.items():
            answer = client.get(url)
            if f"{resource}:{NEEDS[method]}" in held:
                assert answer.status_code == 200, (role, method, answer.text[:2000])
            else:
                assert answer.status_code in (302, 403), (role, method)


def test_a_row_is_added_edited_and_deleted_by_form(app, sign_in, table):
    client = sign_in("admin")
    description = describe(table.model)
    row = make_row(table.model)
    session().commit()
    doors = urls(app, table, key_of(row))
    if "add" in doors:
        answer = client.post(doors["add"], data=filled_form(description))
        assert answer.status_code == 302, complaints(answer)
        assert "/show/" in answer.location
    if "edit" in doors:
        page = client.get(doors["edit"])
        stamp = page.text.split('name="record_stamp"')[1].split('value="')[1].split('"')[0]
        values = as_form(column_values(description))
        changed = client.post(
            doors["edit"], data={**_current(row), **values, "record_stamp": stamp}
        )
        assert changed.status_code == 302, complaints(changed)
    if "delete" in doors:
        gone = client.post(doors["delete"], data={"reason": "test"})
        assert gone.status_code == 302
        shown = client.get(urls(app, table, key_of(row))["show"])
        assert shown.status_code == (200 if description.soft_delete else 404)


def complaints(answer) -> list[str]:
    """The messages of a form that came back."""
    found = re.findall(
        r"(?s)(?:invalid-feedback|alert-list|alert-danger).*?</(?:div|ul)>", answer.text
    )
    return [re.sub(r"<[^>]+>|\s+", " ", text) for text in found]


def _current(row: Base) -> dict[str, str]:
    """What an edit form would send unchanged."""
    description = describe(type(row))
    session().refresh(row)
    return as_form({f.name: getattr(row, f.name) for f in description.writable})


def test_the_api_follows_the_same_rights(app, client, token, rights, table):
    description = describe(table.model)
    base = f"/api/v1/{description.resource.replace('.', '/')}"
    for role in ROLES:
        user_id = user_id_of(role)
        row = make_row(User) if table.model is User else owned_row(table.model, user_id)
        new = as_json(owned_values(description, user_id))
        session().commit()
        held, header = rights(role), token(role)
        for action, method, url, body, success in api_calls(app, table, base, row, new):
            answer = client.open(url, method=method, headers=header, json=body)
            wanted = success if f"{description.resource}:{action}" in held else 403
            assert answer.status_code == wanted, (role, action, url, answer.text[:1000])


def api_calls(app, table: Table, base: str, row: Base, new: dict) -> list[tuple]:
    """(action, HTTP method, URL, JSON body, status of success) of every call there is."""
    description, url = describe(table.model), f"{base}/{key_of(row)}"
    calls = [
        ("read", "GET", f"{base}/", None, 200),
        ("read", "GET", url, None, 200),
        ("read", "GET", f"{base}/_info", None, 200),
    ]
    if not table.read_only and may_post(app, table):
        calls.append(("create", "POST", f"{base}/", new, 201))
    if not table.read_only:
        body = {"version": row.version} if description.versioned else {}
        calls.append(("update", "PUT", url, body, 200))
        calls.append(("delete", "DELETE", url, None, 200))
    return calls


def may_post(app, table: Table) -> bool:
    """Whether rows can be added by API: not those that hold a file, which is uploaded."""
    api = next(v for v in app.appbuilder.baseviews if v.endpoint == f"{table.model.__name__}Api")
    return "post" not in api.exclude_route_methods


def test_the_api_wants_a_token(client, table):
    base = f"/api/v1/{describe(table.model).resource.replace('.', '/')}"
    assert client.get(f"{base}/").status_code == 401
    assert client.get(f"{base}/1").status_code == 401


def test_a_key_that_does_not_exist_or_can_not_be_one_is_not_found(app, sign_in, table):
    client = sign_in("admin")
    impossible = "00000000-0000-0000-0000-000000000000"
    for pk in ("999999999", impossible, "x", "998~999", "1~2~3", "9" * 30, "%00"):
        base = f"/{describe(table.model).resource.replace('.', '/')}"
        assert client.get(f"{base}/show/{pk}").status_code == 404


def test_every_column_can_be_filtered_and_sorted_by_anything_without_breaking(sign_in, table):
    client = sign_in("admin")
    base = f"/{describe(table.model).resource.replace('.', '/')}/list/"
    make_row(table.model)
    session().commit()
    columns = [field.name for field in describe(table.model).visible]
    for value in ("1", "abc", "2026-01-01", "", "'; --", "\x00", "9" * 25):
        args = {f"_flt_eq_{name}": value for name in columns}
        assert client.get(base, query_string=args).status_code == 200, value
    for name in columns:
        assert client.get(base, query_string={"sort": f"-{name}"}).status_code == 200, name
