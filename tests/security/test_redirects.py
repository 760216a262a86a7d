"""Nobody gets sent to another site by an address that looks like ours."""

from __future__ import annotations

import pytest

from app.redirects import local_path

ATTACKS = [
    "",
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http://localhost@evil.example/",
    "http://localhost:80@evil.example/",
    "http://localhost.evil.example/",
    "http://evil.example#localhost",
    "http://evil.example\\@localhost",
    "http://[::1",
    "ftp://localhost/",
    "evil.example",
    "crm/companies",
    "?next=x",
    "#top",
    "http://localhost//evil.example",
    "/crm\r\nSet-Cookie: x=y",
]
GOOD = {
    "/": "/",
    "/crm/companies/list/?page=2&q=a%20b": "/crm/companies/list/?page=2&q=a%20b",
    "http://localhost/pos/?x=1": "/pos/?x=1",
    "/pos/#basket": "/pos/",
    "/a//b": "/a//b",
    "/search?next=https://evil.example": "/search?next=https://evil.example",
}


@pytest.mark.parametrize("target", ATTACKS)
def test_an_address_that_leads_elsewhere_leads_home(app, target):
    with app.test_request_context("/"):
        assert local_path(target) == "/"


@pytest.mark.parametrize("target", GOOD)
def test_an_address_of_ours_is_kept(app, target):
    with app.test_request_context("/"):
        assert local_path(target) == GOOD[target]


@pytest.mark.parametrize("target", [t for t in ATTACKS if t.isprintable()])
def test_no_page_that_goes_on_to_the_next_one_leaves_the_site(sign_in, target):
    client = sign_in("cashier")
    for page in ("/lang/en", "/login/"):
        location = client.get(page, query_string={"next": target}).location
        assert location == "/" or location.startswith("/?"), (page, location)


def test_an_address_of_ours_is_gone_to(sign_in):
    client = sign_in("cashier")
    for page in ("/lang/en", "/login/"):
        assert client.get(page, query_string={"next": "/pos/?a=1"}).location == "/pos/?a=1"
