"""Headers of the answers: nothing inline, no frame, no cache, HTTPS only where it is there."""

from __future__ import annotations

import io

import pytest

from app import site
from app.factory import create_app
from app.headers import HEADERS
from config import load_settings

EVERY_KIND = ("/login/", "/nowhere", "/api/v1/crm/companies/", "/healthz", "/crm/companies/list/")


def policy_of(answer) -> dict[str, list[str]]:
    rules = answer.headers["Content-Security-Policy"].split(";")
    return {name: sources for name, *sources in map(str.split, rules)}


@pytest.fixture(autouse=True)
def own_address(monkeypatch):
    """Applications with another address leave that of this process as it was."""
    monkeypatch.setattr(site, "_base", site._base)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_has_every_header(client, path):
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nobody_else(client):
    policy = policy_of(client.get("/login/"))
    allowed = {source for sources in policy.values() for source in sources}
    assert allowed <= {"'self'", "'none'", "data:"}
    assert [name for name, sources in policy.items() if "data:" in sources] == ["img-src"]
    assert {"default-src", "script-src", "frame-ancestors", "base-uri", "form-action"} <= set(
        policy
    )


@pytest.mark.parametrize("path", ["/", "/crm/companies/list/", "/api/v1/crm/companies/", "/pos/"])
def test_private_pages_and_json_are_kept_by_no_cache(sign_in, token, path):
    answer = sign_in("admin").get(path, headers=token("admin") if "/api/" in path else {})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_only_the_browser_files_of_the_product_may_be_kept(app, client):
    with app.test_request_context():
        address = app.jinja_env.globals["asset_url"]("css/qhatu.css")
    answer = client.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_signing_out_clears_what_the_browser_kept_but_not_the_unfinished_sale(sign_in):
    assert sign_in("cashier").post("/logout/").headers["Clear-Site-Data"] == '"cache"'


def app_with(environment, url, **variables):
    return create_app(load_settings({**environment, "DATABASE_URL": url, **variables}))


def test_https_is_demanded_and_cookies_are_bound_to_it_where_it_is_there(
    environment, connection_url
):
    app = app_with(environment, connection_url, QHATU_SECURE_COOKIES="true")
    answer = app.test_client().get("/login/", base_url="https://localhost")
    assert int(answer.headers["Strict-Transport-Security"].removeprefix("max-age=")) > 2**24
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        attributes = {part.strip().split("=")[0].lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite", "path"} <= attributes, cookie
        assert "domain" not in attributes, cookie
        assert cookie.startswith("__Host-"), cookie


def test_on_a_machine_without_https_the_browser_is_not_sent_there(client):
    answer = client.get("/login/")
    assert "Strict-Transport-Security" not in answer.headers
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


def test_a_proxys_word_counts_only_behind_a_proxy(environment, connection_url):
    said = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    plain = app_with(environment, connection_url)
    assert plain.test_client().get("/lang/en", headers=said).status_code == 302
    behind = app_with(environment, connection_url, QHATU_BEHIND_PROXY="true")
    assert behind.test_client().get("/lang/en", headers=said).status_code == 400
    shop = {"QHATU_BEHIND_PROXY": "true", "QHATU_ALLOWED_HOSTS": "shop.example"}
    right = app_with(environment, connection_url, **shop).test_client()
    assert right.get("/lang/en", headers={"X-Forwarded-Host": "shop.example"}).status_code == 302


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("localhost:8080", True),
        ("127.0.0.1:9000", True),
        ("[::1]:8080", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example:80", False),
        ("localhost@evil.example", False),
        ("[::2]", False),
        ("a b", False),
        ("", False),
        ('"><script>', False),
    ],
)
def test_only_the_names_of_this_site_are_answered(client, host, allowed):
    answer = client.get("/login/", headers={"Host": host})
    assert answer.status_code == (200 if allowed else 400)
    if not allowed:
        assert "QHATU_ALLOWED_HOSTS" in answer.text
        assert host == "" or host not in answer.text


def test_the_base_address_and_named_hosts_are_answered(environment, connection_url):
    names = {"QHATU_BASE_URL": "https://shop.example:8443", "QHATU_ALLOWED_HOSTS": ".till.example"}
    client = app_with(environment, connection_url, **names).test_client()
    for host in ("shop.example", "one.till.example", "localhost"):
        assert client.get("/lang/en", headers={"Host": host}).status_code == 302, host
    assert client.get("/lang/en", headers={"Host": "till.examples"}).status_code == 400


def test_a_mistake_in_the_allowed_hosts_stops_the_start(environment, connection_url):
    from config import ConfigError

    for mistake in ("https://shop.example", "shop.example:80", "shop example/x"):
        with pytest.raises(ConfigError, match="QHATU_ALLOWED_HOSTS"):
            app_with(environment, connection_url, QHATU_ALLOWED_HOSTS=mistake)


def test_what_is_downloaded_can_not_run_as_a_page(client):
    answer = client.get("/login/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert io.BytesIO(answer.data).read(15).lower().startswith(b"<!doctype html>")
