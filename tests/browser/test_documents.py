"""An electronic document from the list to its voiding, by keyboard; nothing that axe objects to."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.db import session
from tests.browser.axe import violations
from tests.sunat_screens.papers import accepted, issue, page_of, state_of


@pytest.fixture
def document(site_app: Flask):
    """An accepted factura on the site, and a boleta that waits for a person."""
    with site_app.app_context():
        issue(sunat_status="EXCEPTION", next_attempt_at=None, sunat_message="No certificate")
        row = accepted("01")
        session().commit()
        yield row
        session().rollback()


def test_a_document_is_found_by_its_number_and_voided_by_keyboard(
    open_page, document, site_app: Flask
) -> None:
    page = open_page("/sunat/electronic_documents/list/", "accountant")
    page.keyboard.press("/")
    page.keyboard.type(document.number)
    page.keyboard.press("Enter")
    named = page.get_by_role("link", name=document.number, exact=True)
    link = named.and_(page.locator(f"[href='{page_of(document)}']"))
    expect(link).to_be_visible()
    assert violations(page, site_app) == []
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(document.number)
    assert violations(page, site_app) == []
    page.get_by_role("link", name="Void it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    assert violations(page, site_app) == []
    page.keyboard.type("Issued to the wrong company")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Asked to void it: Issued to the wrong company")).to_be_visible()
    session().rollback()
    assert state_of(document) == "VOIDING"
    assert page.url.endswith(page_of(document))


@pytest.mark.parametrize("address", ["/sunat/day/", "/sunat/credentials/", "/sunat/note/{}"])
def test_the_other_screens_hold_for_everybody(
    open_page, document, site_app: Flask, address: str
) -> None:
    page = open_page(address.format(document.id), "accountant")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page, site_app) == []


def test_a_note_asks_for_what_its_reason_needs(open_page, document) -> None:
    page = open_page(f"/sunat/note/{document.id}", "accountant")
    amount, lines = page.get_by_label("Amount with taxes"), page.get_by_role("table")
    expect(amount).to_be_hidden()
    page.get_by_label("Reason").select_option("07-04")
    expect(amount).to_be_visible()
    expect(lines).to_be_visible()
    page.get_by_label("Reason").select_option("08-01")
    expect(amount).to_be_visible()
    expect(lines).to_be_hidden()
