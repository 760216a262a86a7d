"""Refusals: one shape (RFC 9457), whoever says no."""

from __future__ import annotations

import pytest

from app.db import session
from models.catalog import Brand
from tests.api.resources import path_of
from tests.rows import make_row

BRANDS = path_of("catalog.brands")
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "message", "fields", "data"}


def check(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert set(body) == MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"/problems/{code}"
    assert body["detail"] == body["message"] != ""
    assert body["title"]
    return body


@pytest.mark.parametrize(
    ("request_", "sent", "told"),
    [
        (("GET", f"{BRANDS}?nothing=1"), {}, (400, "bad_filter")),
        (("GET", f"{BRANDS}?q=(("), {}, (400, "bad_request")),
        (("POST", BRANDS), {"data": "{", "content_type": "application/json"}, (400, "bad_request")),
        (("GET", f"{BRANDS}0"), {}, (404, "not_found")),
        (("GET", "/api/v1/nowhere"), {}, (404, "not_found")),
        (("GET", "/api/"), {}, (404, "not_found")),
        (("PUT", BRANDS), {}, (405, "method_not_allowed")),
        (
            ("POST", BRANDS),
            {"data": "x", "content_type": "text/plain"},
            (415, "unsupported_media_type"),
        ),
        (("POST", BRANDS), {"json": {}}, (422, "invalid")),
        (("GET", f"{BRANDS}?search={'x' * 9000}"), {}, (414, "request_uri_too_long")),
        (
            ("PUT", "/api/v1/settings/company.name"),
            {"json": {"value": 3}},
            (422, "invalid_setting"),
        ),
        (("POST", "/api/v1/security/login"), {"json": {}}, (400, "bad_request")),
    ],
)
def test_each_refusal_is_a_problem(client, token, request_, sent, told):
    method, path = request_
    check(client.open(path, method=method, headers=token("admin"), **sent), *told)


def test_who_is_nobody_or_may_not_is_told_so_too(client, token, db_session):
    check(client.get(BRANDS), 401, "unauthorized")
    check(client.get(BRANDS, headers={"Authorization": "Bearer x"}), 401, "invalid_token")
    check(client.get(BRANDS, headers={"X-API-Key": "qk_wrong"}), 401, "bad_api_key")
    check(client.post(BRANDS, json={}, headers=token("auditor")), 403, "forbidden")


def test_fields_are_named_and_the_request_can_be_found(client, token, db_session):
    make_row(Brand, name="Taken")
    session().commit()
    headers = {**token("admin"), "X-Request-ID": "abc123"}
    refused = client.post(BRANDS, json={"name": "Taken"}, headers=headers)
    body = check(refused, 422, "duplicate")
    assert set(body["fields"]) == {"name"}
    assert body["instance"] == "urn:request:abc123"


def test_people_still_get_pages(client):
    assert client.get("/nowhere").mimetype == "text/html"


def test_a_method_that_is_not_there_says_which_are(client, token):
    answer = client.put(BRANDS, headers=token("admin"))
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_the_type_of_a_problem_is_a_page_that_everybody_may_read(client, token):
    refused = client.get("/api/v1/catalog/products/999999999", headers=token("admin"))
    page = client.get(refused.json["type"] + "?_l_=en")
    assert page.status_code == 200
    assert "Nothing there, or nothing you may see" in page.text
    assert client.get("/problems/no_such_code").status_code == 404


def test_the_codes_of_single_operations_are_listed_with_the_general_ones(client):
    page = client.get("/problems/?_l_=en").text
    for code in ("stale_version", "insufficient_stock", "internal_server_error"):
        assert f'href="/problems/{code}"' in page
