"""A real site and a real Chromium for tests that click."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from config import load_settings
from tests.conftest import cloned_database, database_variables
from tests.users import PASSWORD

CHROMIUM = (
    os.environ.get("QHATU_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)

# Stricter than the site's own, so that no page comes to depend on inline styles.
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one process: a browser and a site are dear."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_app(servers, template_database, environment) -> Iterator[Flask]:
    """The application on a database of its own, with CSRF protection and real commits."""
    from app.extensions import db
    from app.factory import create_app

    with cloned_database(servers, template_database) as url:
        app = create_app(load_settings(environment | database_variables(url)))
        app.appbuilder.sm.limiter.enabled = False

        @app.after_request
        def be_strict(response: Response) -> Response:
            response.headers["Content-Security-Policy"] = STRICT_POLICY
            return response

        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Iterator[str]:
    """Address of the running site, without a slash at the end."""
    server = make_server("127.0.0.1", 0, site_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, site: str) -> Callable[[str], dict]:
    """Cookies of the test user of a role, got through the log-in page once."""
    states: dict[str, dict] = {}

    def state_of(role: str) -> dict:
        if role not in states:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{site}/login/")
            page.fill("#username", role)
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(f"{site}/")
            states[role] = context.storage_state()
            context.close()
        return states[role]

    return state_of


@pytest.fixture
def open_page(chromium: Browser, site: str, signed_in) -> Iterator[Callable[..., Page]]:
    """Open an address as a role (default admin, in English) in a window of its own.

    The test fails when the page says an error on the console, breaks the content policy or asks
    another host for anything.
    """
    contexts = []
    troubles: list[str] = []

    def open_(path: str, role: str = "admin", width: int = 1440, **options) -> Page:
        context = chromium.new_context(
            base_url=site,
            storage_state=signed_in(role),
            viewport={"width": width, "height": 800},
            locale="en",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.extend(_trouble(message)))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: None if _is_ours(r.url, site) else troubles.append(r.url))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def _trouble(message: ConsoleMessage) -> list[str]:
    """Chromium reports a refused form (422, 409) as an error; that is an answer like any other."""
    refused = "status of 422" in message.text or "status of 409" in message.text
    expected = message.type != "error" or refused
    return [] if expected else [message.text]


def _is_ours(url: str, site: str) -> bool:
    return url.startswith((site, "data:"))
