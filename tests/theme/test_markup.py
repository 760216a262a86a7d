"""What no page may hold: scripts and styles in the markup, other hosts, what the old look used."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from app.admin.build import endpoint_of, url_of
from views.domains import DOMAINS

TABLES = [table for domain in DOMAINS for table in domain.tables]
OLD = ("jquery", "select2", "bootstrap.min", "fontawesome", "fa fa-", "glyphicon", "data-toggle=")
OTHER_PAGES = ("/", "/profile/", "/password/", "/swagger/v1", "/no/such/page")


class Offences(HTMLParser):
    """Collects what breaks a strict content policy, and forms that POST without a token."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open_form: dict[str, bool] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [
            f"{tag} {name}" for name in given if name == "style" or name.startswith("on")
        ]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"inline {tag}")
        loads = tag in ("script", "link", "img", "iframe", "form")
        for name in ("src", "href", "action"):
            if loads and given.get(name, "").startswith(("http:", "https:", "//")):
                self.found.append(f"{tag} from {given[name]}")
        self._watch_forms(tag, given)

    def _watch_forms(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open_form = {"token": False}
        elif tag == "input" and self.open_form and given.get("name") == "csrf_token":
            self.open_form["token"] = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.open_form is not None:
            if not self.open_form["token"]:
                self.found.append("form without csrf_token")
            self.open_form = None


def offences(html: str) -> list[str]:
    parser = Offences()
    parser.feed(html)
    return parser.found + [word for word in OLD if word in html.lower()]


@pytest.fixture
def with_tokens(app, monkeypatch):
    """Forms bring their token as in production."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model.__table__.fullname)
def test_generated_lists_and_forms_are_clean(app, sign_in, with_tokens, table):
    client = sign_in("admin")
    with app.test_request_context():
        offered = [
            a for a in ("list", "add") if f"{endpoint_of(table.model)}.{a}" in app.view_functions
        ]
        urls = [url_of(table.model, action) for action in offered]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert offences(answer.text) == [], url


@pytest.mark.parametrize("path", OTHER_PAGES)
def test_other_pages_are_clean(sign_in, with_tokens, path):
    assert offences(sign_in("admin").get(path).text) == []


def test_the_log_in_page_is_clean(client, with_tokens):
    answer = client.get("/login/")
    assert answer.status_code == 200
    assert offences(answer.text) == []
