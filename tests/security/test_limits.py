"""Requests that are too large, too deep or too slow: a sentence, never a 5xx of our own making."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.admin.describe import describe
from app.db import session
from app.i18n import force_locale
from app.limits import MAX_ADDRESS, MAX_BODY, MAX_PARTS, MAX_UPLOAD
from app.strict_json import MAX_DEPTH, read_json
from models.platform import WebhookEndpoint
from tests.rows import filled_form

API = "/api/v1/crm/companies/"


def test_an_address_that_is_too_long_is_refused(client):
    assert client.get("/login/?" + "x" * MAX_ADDRESS).status_code == 414
    assert client.get("/" + "x" * (MAX_ADDRESS + 1)).status_code == 414


def test_a_form_or_document_that_is_too_large_is_refused(client, token):
    form = client.post("/login/", data={"username": "x" * (MAX_BODY + 1)})
    assert form.status_code == 413
    body = json.dumps({"name": "x" * MAX_BODY})
    answer = client.post(API, data=body, headers=token("admin"), content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "request_entity_too_large")


def test_an_upload_has_its_limit_too(client):
    answer = client.post(
        "/login/",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(MAX_UPLOAD + 1)},
    )
    assert answer.status_code == 413


def test_a_form_of_very_many_parts_is_refused(client):
    many = {f"field{number}": "x" for number in range(MAX_PARTS + 1)}
    answer = client.post("/login/", data=many, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"name": NaN}',
        '{"name": "\\ud800"}',
        '{"name": ' + "9" * 5000 + "}",
        "\xff\xfe",
        "",
        "null",
    ],
    ids=lambda body: body[:12] or "empty",
)
def test_a_document_that_no_program_would_send_is_refused(client, token, body):
    answer = client.post(API, data=body, headers=token("admin"), content_type="application/json")
    assert answer.status_code in (400, 422)
    assert {"code", "message"} <= answer.json.keys()


@pytest.mark.parametrize(
    "q",
    [
        "(" * 400,
        "!(" * 400,
        "[" * 400,
        "(filters:!(((",
        '{"a":{"a":',
        "(a:",
        "!",
        "1e",
        "(page:-1)",
    ],
)
def test_a_list_argument_that_can_not_be_read_is_refused(client, token, q):
    answer = client.get(API, query_string={"q": q}, headers=token("admin"))
    assert answer.status_code == 400
    assert {"code", "message"} <= answer.json.keys()


def test_json_may_be_as_deep_as_it_needs_to_be():
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_json(deep)[0]
    with force_locale("en"), pytest.raises(ValueError, match="deep"):
        read_json(f"[{deep}]")
    text = json.dumps({"brackets in a text": "[{" * 100, "a quote": '"[' * 100})
    assert read_json(text)["a quote"] == '"[' * 100
    assert read_json('"\\ud83d\\ude00"') == "😀"


def test_a_deep_json_value_in_a_form_is_told_at_the_field(sign_in):
    client = sign_in("admin")
    form = filled_form(describe(WebhookEndpoint)) | {"custom_headers": "[" * 5000}
    answer = client.post("/platform/webhook_endpoints/add", data=form)
    assert answer.status_code == 422
    assert "This JSON is nested too deeply." in answer.text


def test_a_statement_that_takes_too_long_is_stopped_with_a_sentence(app, client, monkeypatch):
    def slow() -> str:
        session().execute(sa.text("SET LOCAL statement_timeout = 50"))
        session().execute(sa.text("SELECT pg_sleep(30)"))
        return "done"

    monkeypatch.setitem(app.view_functions, "_health", slow)
    answer = client.get("/healthz", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "too_slow")


def test_the_web_server_gives_each_statement_its_time(environment, connection_url):
    from app.factory import create_app
    from app.local import gunicorn_hooks
    from config import load_settings

    variables = dict(line.split("=") for line in gunicorn_hooks.raw_env)
    settings = load_settings({**environment, "DATABASE_URL": connection_url, **variables})
    app = create_app(settings)
    from app.extensions import db

    with app.app_context():
        limit = session().scalar(sa.text("SHOW statement_timeout"))
        db.session.remove()
        db.engine.dispose()
    assert limit == "30s"
    assert settings.statement_seconds < gunicorn_hooks.timeout


def test_an_error_page_does_not_repeat_what_was_sent(client):
    for path in ("/nowhere<script>alert(1)</script>", "/login/?next=<script>", "/lang/<script>"):
        assert "<script>" not in client.get(path).text
        assert "alert(1)" not in client.get(path).text


def test_a_mistake_of_ours_shows_nothing_of_our_inside(app, client, monkeypatch):
    def broken() -> str:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setitem(app.view_functions, "_health", broken)
    for accept in ("text/html", "application/json"):
        answer = client.get("/healthz", headers={"Accept": accept})
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert "Traceback" not in answer.text


def test_the_menu_names_each_screen_once(app):
    """FAB's own doubles its list with each group: minutes of processor time for one request."""
    names = app.appbuilder.menu.get_flat_name_list()
    assert len(names) == len(set(names)) > 100
