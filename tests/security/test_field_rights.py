"""Hidden and read-only fields through every door of every table."""

from __future__ import annotations

import json
from html import unescape

import pytest
from sqlalchemy.exc import SQLAlchemyError

from app.admin.describe import describe, references_to
from app.admin.forms.form import fields_of
from app.db import session
from tests.rows import as_form, as_json, column_values, key_of, make_row
from tests.security.scoped_rows import SHOWN_BY_OTHERS, add_people
from views.domains import DOMAINS

TABLES = {describe(t.model).resource: t for domain in DOMAINS for t in domain.tables}
SENTINEL = "kept-from-ana"
JSON = {"Accept": "application/json"}  # a refusal without a page is soon made
FREE_TEXT = ("text", "textarea")
WRITTEN_BY_THE_DATABASE = {"platform.audit_logs"}


def free_texts(resource: str) -> list[str]:
    """Columns that take any text, so that a value can be recognised wherever it appears."""
    description = describe(TABLES[resource].model)
    return [
        field.name
        for field in description.visible
        if field.kind in FREE_TEXT
        and field.name not in description.keys
        and field.column.computed is None
        and field.name not in SHOWN_BY_OTHERS.get(resource, ())
        and takes(description.model, field.name)
    ]


def takes(model, name: str) -> bool:
    try:
        with session().begin_nested():
            make_row(model, **{name: f"{SENTINEL}-try"})
    except SQLAlchemyError:
        return False
    return True


@pytest.fixture(params=sorted(set(TABLES) - WRITTEN_BY_THE_DATABASE))
def resource(request) -> str:
    return request.param


@pytest.fixture
def hidden(db_session, resource) -> list[str]:
    """The hidden columns: every free text, or failing that any column a form offers."""
    description = describe(TABLES[resource].model)
    others = [
        field.name
        for field in description.visible
        if field.name not in description.keys and field.kind not in FREE_TEXT
    ]
    names = free_texts(resource) or others[:1]
    if not names:
        pytest.skip("the table has no column besides its key")
    add_people({"hidden_fields": {resource: names}})
    return names


@pytest.fixture
def row(resource, hidden):
    description = describe(TABLES[resource].model)
    texts = [n for n in hidden if description.fields[n].kind in FREE_TEXT]
    made = make_row(description.model, **{name: f"{SENTINEL}-{name}" for name in texts})
    session().commit()
    return made


def test_a_hidden_field_shows_on_no_board_and_makes_no_group_of_a_chart(
    app, sign_in, resource, row, hidden
):
    client = sign_in("ana")
    base = "/" + resource.replace(".", "/")
    views = ("board", "calendar", "tree", "gallery", "chart", "chart/csv")
    there = {rule.rule for rule in app.url_map.iter_rules()}
    for view in [view for view in views if f"{base}/{view}/" in there]:
        for name in hidden:
            args = {"by": name, "x": name, "series": name, "y": name, "fn": "max"}
            answer = client.get(f"{base}/{view}/", query_string=args)
            assert answer.status_code in (200, 404), (view, name)
            assert SENTINEL not in answer.text, (view, name)


def test_a_hidden_field_shows_on_no_screen(sign_in, resource, row, hidden):
    client = sign_in("ana")
    base = "/" + resource.replace(".", "/")
    pk = key_of(row)
    pages = [f"{base}/list/", f"{base}/show/{pk}", f"{base}/history/{pk}", f"{base}/timeline/{pk}"]
    if not TABLES[resource].read_only:
        pages += [f"{base}/edit/{pk}", f"{base}/delete/{pk}"]
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert SENTINEL not in answer.text, url
    found = client.get("/search/", query_string={"q": SENTINEL})
    assert f"{base}/show/{pk}" not in found.text
    for operator in ("eq", "ct", "empty"):
        named = {f"_flt_{operator}_{name}": SENTINEL for name in hidden}
        answer = client.get(f"{base}/list/", query_string=named)
        assert unescape(answer.text).count("doesn't exist here") >= len(hidden)


def test_a_hidden_field_is_in_no_chooser_filter_or_total(sign_in, resource, row, hidden):
    client = sign_in("ana")
    base = "/" + resource.replace(".", "/")
    offered = client.get(f"{base}/list/filters").json["fields"]
    assert not set(hidden) & {field["name"] for field in offered}
    chooser = client.get(f"{base}/list/columns").text
    assert not [name for name in hidden if f'value="{name}"' in chooser]
    named = {"columns": ",".join(hidden)}
    assert SENTINEL not in client.get(f"{base}/list/", query_string=named).text
    for door in ("list/totals", "list/views"):
        text = client.get(f"{base}/{door}", query_string=named).text
        assert SENTINEL not in text
        assert not [name for name in hidden if f'name="total-{name}"' in text]
    for name in hidden:
        tree = json.dumps({"or": [[name, "ct", SENTINEL], [name, "empty"]]})
        refused = client.get(f"{base}/list/", query_string={"filter": tree}).text
        assert "doesn&#39;t exist here" in refused or "doesn't exist here" in refused


def test_a_hidden_field_is_in_no_export(sign_in, resource, row, hidden):
    form = {"all": "1", "format": "json", "style": "programs"}
    keys = [name for name in describe(TABLES[resource].model).keys if name not in hidden]
    form["column"] = [*keys, *hidden]
    url = "/" + resource.replace(".", "/") + "/export"
    answer = sign_in("ana").post(url, data=form, buffered=True)
    assert answer.status_code in (200, 302), answer.text
    assert SENTINEL not in answer.text
    assert answer.status_code == 302 or not {*hidden} & {n for one in answer.json for n in one}


def test_a_hidden_field_is_not_in_the_api(client, token, resource, row, hidden):
    header = token("ana")
    base = "/api/v1/" + resource.replace(".", "/")
    one = client.get(f"{base}/{key_of(row)}", headers=header).json["result"]
    assert not set(hidden) & set(one)
    page = client.get(f"{base}/?q=(page_size:200)", headers=header)
    assert SENTINEL not in page.text
    columns = client.get(f"{base}/_info", headers=header).json["columns"]
    assert not set(hidden) & {column["name"] for column in columns}
    name = hidden[0]
    for query in (
        f"(columns:!({name}))",
        f"(order_column:{name})",
        f"(filters:!((col:{name},opr:eq,value:x)))",
    ):
        answer = client.get(f"{base}/", query_string={"q": query}, headers=header)
        assert answer.status_code == 400, query
    for argument in (
        f"fields={name}",
        f"sort={name}",
        f"{name}={SENTINEL}",
        f"{name}[eq]={SENTINEL}",
        f'filter=["{name}","eq","{SENTINEL}"]',
    ):
        answer = client.get(f"{base}/?{argument}", headers=header)
        assert answer.status_code == 400, argument
    assert client.get(f"{base}/{key_of(row)}?fields={name}", headers=header).status_code == 400
    for model, field in references_to(describe(TABLES[resource].model).model)[:2]:
        asked = {"expand": field.relationship, "limit": 200}
        url = f"/api/v1/{describe(model).resource.replace('.', '/')}/"
        related = client.get(url, query_string=asked, headers=header)
        assert related.status_code in (200, 400), related.text  # 400: the relation is hidden too
        assert SENTINEL not in related.text
    if not TABLES[resource].read_only:
        body = as_json(column_values(describe(TABLES[resource].model)))
        body |= dict.fromkeys(hidden, SENTINEL) | {"version": getattr(row, "version", None)}
        refused = client.put(f"{base}/{key_of(row)}", headers=header, json=body)
        assert refused.status_code in (400, 422), refused.text
        many = {"rows": [{**body, "id": key_of(row)}]}
        refused = client.patch(f"{base}/bulk", headers=header, json=many)
        assert refused.status_code in (400, 422), refused.text


@pytest.fixture
def fixed(db_session, resource) -> list[str]:
    """The read-only columns: all that a form offers."""
    description = describe(TABLES[resource].model)
    names = [field.name for field in fields_of(description, adding=False)]
    if TABLES[resource].read_only or not names:
        pytest.skip("nobody changes this table by hand")
    add_people({"readonly_fields": {resource: names}})
    return names


def test_a_read_only_field_is_shown_but_never_written(sign_in, token, resource, fixed):
    description = describe(TABLES[resource].model)
    row = make_row(description.model)
    session().commit()
    before = {name: getattr(row, name) for name in fixed}
    pk, path = key_of(row), resource.replace(".", "/")
    client = sign_in("ana")
    page = client.get(f"/{path}/edit/{pk}").text
    stamp = page.split('name="record_stamp"')[1].split('value="')[1].split('"')[0]
    form = page.split("data-guard", 1)[1].split("</form>", 1)[0]
    assert not [name for name in fixed if f'name="{name}"' in form]
    forged = {**as_form(column_values(description)), "record_stamp": stamp}
    client.post(f"/{path}/edit/{pk}", data=forged)
    body = as_json(column_values(description)) | {"version": getattr(row, "version", None)}
    put = client.put(f"/api/v1/{path}/{pk}", headers=token("ana"), json=body)
    if set(body) & set(fixed):
        assert put.status_code == 422, put.text
    session().expire_all()
    assert {name: getattr(row, name) for name in fixed} == before


def test_a_read_only_field_is_set_by_no_bulk_change_and_in_no_cell(sign_in, resource, fixed):
    description = describe(TABLES[resource].model)
    row = make_row(description.model)
    session().commit()
    before = {name: getattr(row, name) for name in fixed}
    pk, path = key_of(row), resource.replace(".", "/")
    client = sign_in("ana")
    values = as_form(column_values(description))
    for name in fixed:
        assert client.get(f"/{path}/inline/{pk}/{name}", headers=JSON).status_code == 404
        value = values.get(name, "x")
        forged = {f"value-{name}": value, f"value-{name}-here": "1", "tags-add": value}
        refused = client.post(f"/{path}/inline/{pk}/{name}", data=forged, headers=JSON)
        assert refused.status_code == 404
        run = {"key": [pk], "field": name, "step": "run", "expected": "1", **forged}
        for action in ("edit", "tag"):
            client.post(f"/{path}/bulk/{action}", data=run)
    session().expire_all()
    assert {name: getattr(row, name) for name in fixed} == before
