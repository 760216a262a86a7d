"""Forgetting a password, from the log-in page to the new one, and being signed out elsewhere."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from app import mail
from app.mail.fake import FakeMailer
from app.services.messaging.send_email import due_emails, send_email
from tests.users import PASSWORD, add_user

NEW = "una llama verde canta"


@pytest.fixture
def newest_link(site_app, monkeypatch):
    """Send what waits and give the path of the link in the last message."""
    mailer = FakeMailer()
    monkeypatch.setattr(mail, "_mailer", mailer)

    def read() -> str:
        with site_app.app_context():
            for email in due_emails(now=dt.datetime.now(dt.UTC)):
                send_email(email, now=dt.datetime.now(dt.UTC))
        return re.findall(r"http://[^/]+(/\S+)", mailer.sent[-1].text)[-1]

    return read


@pytest.fixture
def forgetful(site_app) -> str:
    """Somebody of this test alone: the browsers of the others stay signed in."""
    with site_app.app_context():
        add_user("forgetful", "Warehouse")
    return "forgetful"


def test_a_forgotten_password_is_replaced_and_other_browsers_are_out(
    open_page, chromium, site, newest_link, forgetful
):
    elsewhere = open_page("/profile/sessions/", role=forgetful)
    expect(elsewhere.get_by_text("This one")).to_be_visible()

    context = chromium.new_context(locale="en", base_url=site)
    page = context.new_page()
    page.goto("/login/")
    page.get_by_role("link", name="Forgotten password?").click()
    page.get_by_label("User name or e-mail address").fill(f"{forgetful}@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("main .alert")).to_contain_text("on its way")

    page.goto(newest_link())
    page.fill("#password", "password123456")
    page.fill("#again", "password123456")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("lists of stolen passwords")).to_be_visible()
    page.fill("#password", NEW)
    page.fill("#again", NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page.locator("main .alert")).to_contain_text("Sign in with it")

    elsewhere.reload()
    expect(elsewhere).to_have_url(re.compile("/login/"))

    for password, heading in ((PASSWORD, "Sign in"), (NEW, "Home")):
        page.goto("/login/")
        page.fill("#username", forgetful)
        page.fill("#password", password)
        page.press("#password", "Enter")
        page.wait_for_load_state()
        assert (page.url == f"{site}/") == (heading == "Home")
    context.close()


def test_ending_a_session_from_another_browser_signs_it_out(open_page, chromium, site):
    context = chromium.new_context(locale="en", base_url=site)
    page = context.new_page()
    page.goto("/login/")
    page.fill("#username", "technician")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{site}/")

    here = open_page("/profile/sessions/", role="technician")
    here.get_by_role("button", name="End all others").click()
    here.get_by_role("dialog").get_by_role("button", name="End all others").click()
    expect(here.locator("main .alert")).to_contain_text("ended")
    expect(here.get_by_text("This one")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(re.compile("/login/"))
    context.close()


def test_my_sessions_fit_on_a_phone(open_page):
    page = open_page("/profile/sessions/", role="cashier", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
