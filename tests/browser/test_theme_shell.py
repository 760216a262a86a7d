"""The frame of each page: navigation, theme, language, signing in and out."""

from __future__ import annotations

import re

from playwright.sync_api import expect

PHONE = 375


def test_the_chosen_theme_comes_with_the_next_page_from_the_server(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Your account").click()
    with page.expect_response("**/own/theme"):
        page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    served = page.request.get("/customers/customers/list/").text()
    assert '<html lang="en" dir="ltr" data-bs-theme="dark">' in served
    with page.expect_response("**/own/theme"):
        page.get_by_role("button", name="As the system").click()


def test_without_a_choice_the_theme_is_the_systems(open_page):
    dark = open_page("/", color_scheme="dark")
    light = open_page("/", color_scheme="light")
    brightness = "getComputedStyle(document.body).backgroundColor"
    assert dark.evaluate(brightness) != light.evaluate(brightness)
    expect(dark.locator("html")).not_to_have_attribute("data-bs-theme", re.compile(".*"))


def test_open_groups_stay_open_on_the_next_page(open_page):
    page = open_page("/")
    page.locator("summary", has_text="Catalog").click()
    page.goto("/profile/")
    expect(page.get_by_role("link", name="Brands")).to_be_visible()


def test_the_current_screen_is_marked(open_page):
    page = open_page("/catalog/brands/list/")
    expect(page.locator("#navigation [aria-current=page]")).to_have_text("Brands")


def test_on_a_phone_the_navigation_slides_in_and_closes(open_page):
    page = open_page("/", width=PHONE)
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.locator("#sidebar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).to_be_hidden()


def test_the_first_tab_stop_skips_to_the_content(open_page):
    page = open_page("/customers/customers/list/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_language_is_switched_and_told_to_the_browser(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator(".tool-user").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_signing_out_is_a_form_and_ends_the_session(chromium, site):
    from tests.users import PASSWORD

    context = chromium.new_context(base_url=site, locale="en")
    page = context.new_page()
    page.goto("/login/")
    page.fill("#username", "auditor")
    page.get_by_role("button", name="Show the password").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    page.goto("/customers/customers/list/")
    expect(page).to_have_url(re.compile("/login/"))
    context.close()
