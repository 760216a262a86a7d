"""Every kind of page, on a desk in English and on a phone in Spanish and in the dark: nothing that
axe complains about, nothing wider than the window, nothing heavy, no error on the console."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.axe import violations

BUDGET = 250_000
"""Bytes of a page on the wire, beyond files of the packages, which browsers keep."""
PLACES = {
    "desk": {"width": 1440, "locale": "en", "color_scheme": "light"},
    "phone": {"width": 360, "locale": "es", "color_scheme": "dark"},
}
PAGES = {
    "home": "/",
    "list": "/crm/companies/list/",
    "list with nothing": "/crm/companies/list/?q=zzzzzz",
    "list with filters": "/crm/deals/list/?_flt_gte_amount=0&q=Axe",
    "trash of a list": "/crm/companies/list/?trash=1",
    "cards": "/crm/deals/board/",
    "calendar": "/crm/activities/calendar/",
    "tree": "/catalog/categories/tree/",
    "gallery": "/catalog/product_images/gallery/",
    "chart": "/crm/deals/chart/",
    "record": "/crm/deals/show/{deal}",
    "add form": "/crm/companies/add",
    "form with rows of another table": "/crm/deals/edit/{deal}",
    "delete": "/crm/deals/delete/{deal}",
    "export": "/crm/deals/export",
    "import": "/crm/companies/import",
    "trash": "/platform/trash/",
    "jobs": "/platform/jobs/",
    "own work": "/work/",
    "notifications": "/notifications/",
    "favourites": "/favourites/",
    "permission matrix": "/identity/matrix/",
    "effective access": "/identity/users/1/access",
    "settings": "/settings/",
    "audit": "/platform/audit/",
    "profile": "/profile/",
    "sessions": "/profile/sessions/",
    "first steps": "/setup/",
    "till": "/pos/",
    "cash": "/cash/",
    "mail": "/mail/",
    "interface reference": "/swagger/v1",
    "nothing there": "/crm/deals/show/00000000-0000-0000-0000-000000000000",
}
EXPECTED_ERRORS = {"nothing there"}
HEAVY = {"interface reference"}
"""Hold the description of the whole API, which is sent as it is."""


@dataclass
class Visit:
    """A page that was opened, and the bytes that it took."""

    page: Page
    bytes_taken: int


@pytest.fixture(scope="module")
def rows(site_app) -> dict[str, Any]:
    """A few rows that the pages show."""
    from app.db import session
    from models.catalog import Category
    from models.crm import Activity, Company, Deal
    from tests.rows import make_row

    with site_app.app_context():
        make_row(Company, name="Axe S.A.C.")
        top = make_row(Category, name="Axe")
        make_row(Category, name="Axe below", parent_id=top.id)
        make_row(Activity, subject="Axe", start_time=dt.datetime.now(dt.UTC))
        deal = make_row(Deal, name="Axe deal")
        session().commit()
        return {"deal": deal.id}


@pytest.fixture
def visit(chromium, site, signed_in, rows):
    """Open a kind of page at a place."""
    contexts = []
    troubles: list[str] = []

    def open_(name: str, place: str) -> Visit:
        facts = dict(PLACES[place])
        width = facts.pop("width")
        context = chromium.new_context(
            base_url=site,
            storage_state=signed_in("admin"),
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
            **facts,
        )
        contexts.append(context)
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright wants a function of Python
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if name not in EXPECTED_ERRORS:
            page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.goto(PAGES[name].format(**rows))
        page.wait_for_load_state("networkidle")
        own = [answer for answer in answers if "/static/vendor/" not in answer.url]
        taken = sum(answer.request.sizes()["responseBodySize"] for answer in own)
        return Visit(page, taken)

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody_fits_and_is_light(visit, site_app, name, place):
    seen = visit(name, place)
    expect(seen.page.locator("h1").first).to_be_visible()
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(seen.page, site_app) == []
    assert seen.bytes_taken <= BUDGET or name in HEAVY
