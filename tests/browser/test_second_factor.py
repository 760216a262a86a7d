"""Setting up two-step sign-in, making a key and acting as a user, in a browser."""

from __future__ import annotations

import re

import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.users import PASSWORD


@pytest.fixture
def assert_accessible(site_app):
    """Nothing in the page that axe calls a violation."""

    def check(page: Page) -> None:
        assert violations(page, site_app) == []

    return check


@pytest.fixture
def without_second_factor(site_app):
    """The technician has none, before and after."""

    def forget() -> None:
        from app.db import atomic
        from models.identity import RecoveryCode, User

        with site_app.app_context(), atomic() as session:
            session.execute(sa.delete(RecoveryCode))
            session.execute(
                sa.update(User)
                .where(User.username == "technician")
                .values(totp_secret=None, totp_enabled_at=None, totp_last_step=None)
            )

    forget()
    yield
    forget()


@pytest.mark.parametrize("width", [390, 1440])
def test_two_step_sign_in_is_set_up_and_then_asked_for(
    chromium, site, width, without_second_factor, assert_accessible
):
    context = chromium.new_context(
        locale="en", base_url=site, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto("/login/?next=/profile/security/")
    page.fill("#username", "technician")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#begin-password")).to_be_visible()
    assert_accessible(page)
    page.fill("#begin-password", PASSWORD)
    page.get_by_role("button", name="Set up two-step sign-in").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    assert_accessible(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    code = pyotp.TOTP(secret)
    page.get_by_label("Code").fill(code.now())
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator(".code-list li")).to_have_count(10)
    assert_accessible(page)
    recovery = page.locator(".code-list li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".code-list")).to_have_count(0)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    context.clear_cookies()
    page.goto("/login/")
    page.fill("#username", "technician")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/login/code/"))
    assert_accessible(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("wrong or was already used")).to_be_visible()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("9 are left")).to_be_visible()
    context.close()


def test_a_key_is_made_shown_once_and_revoked(open_page, assert_accessible):
    page = open_page("/profile/api-keys/", role="seller")
    assert_accessible(page)
    page.get_by_label("Name").fill("Web shop")
    page.locator("#scopes-ts-control").click()
    page.locator("#scopes-ts-control").fill("sales.orders:read")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("#new-key").inner_text()
    assert key.startswith("qk_")
    assert_accessible(page)
    page.get_by_role("link", name="I have kept it").click()
    row = page.get_by_role("row", name="Web shop")
    expect(row).to_contain_text("1 right")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
    assert key not in page.content()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row", name="Web shop")).to_contain_text("Revoked")


@pytest.mark.parametrize("width", [390, 1440])
def test_acting_as_somebody_shows_on_each_page_until_it_stops(
    chromium, site, site_app, width, assert_accessible
):
    from app.db import session
    from models.identity import User

    with site_app.app_context():
        pk = session().scalar(sa.select(User.id).where(User.username == "accountant"))
    context = chromium.new_context(
        locale="en", base_url=site, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(f"/login/?next=/identity/users/show/{pk}")
    page.fill("#username", "admin")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Act as this user").click()
    expect(page.get_by_label("Reason")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Reason").fill("Asked for help")
    page.get_by_role("button", name="Act as this user").click()
    expect(page.locator(".acting")).to_be_visible()
    for path in ("/", "/billing/invoices/list/", "/nowhere"):
        page.goto(path)
        expect(page.locator(".acting")).to_contain_text("You act as Accountant Tester")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You are yourself again")).to_be_visible()
    expect(page.locator(".acting")).to_have_count(0)
    context.close()
