"""Talking about a record: mention, bell, edit, follow, walk on; seen by axe, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations


@pytest.fixture(scope="module")
def deals(site_app) -> list[str]:
    """Keys of three deals of the manager."""
    from app.db import session
    from models.crm import Deal
    from tests.rows import make_row
    from tests.users import user_id_of

    with site_app.app_context():
        owner = user_id_of("manager")
        names = ("Talk one", "Talk two", "Talk three")
        made = [make_row(Deal, name=name, owner_id=owner, description="x") for name in names]
        session().commit()
        return [str(deal.id) for deal in made]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_mention_reaches_the_bell_and_leads_back_to_the_comment(open_page, deals, width):
    words = f"Please look at this, seen from {width} pixels"
    page = open_page(f"/crm/deals/show/{deals[0]}", "manager", width)
    box = page.locator("#comment-body")
    box.fill(f"{words} @acc")
    box.press("End")
    page.keyboard.type("o")
    expect(page.get_by_role("option", name="Accountant Tester")).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_have_value(f"{words} @accountant ")
    page.keyboard.press("Control+Enter")
    said = page.locator(".moment-comment", has_text=words)
    expect(said).to_have_count(1)
    expect(said.locator(".mention")).to_have_text("@accountant")
    expect(box).to_have_value("")

    other = open_page("/", "accountant", width)
    expect(other.locator(".bell-count")).to_be_visible()
    other.locator(".bell-button").click()
    item = other.locator("#bell-menu .notification", has_text=words)
    expect(item).to_contain_text("Manager Tester mentioned you on Talk one")
    item.click()
    expect(other.locator("h1")).to_have_text("Talk one")
    target = other.locator(".moment-comment.at")
    expect(target).to_contain_text(words)
    expect(target).to_be_in_viewport()


def test_a_comment_is_refused_changed_and_taken_away(open_page, deals):
    page = open_page(f"/crm/deals/show/{deals[1]}", "manager")
    box = page.locator("#comment-body")
    box.fill("For you, @warehouse")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#comment-error")).to_contain_text("may not see this record")
    expect(box).to_have_value("For you, @warehouse")
    box.fill("First words <b>plain</b>")
    page.get_by_role("button", name="Comment", exact=True).click()
    said = page.locator(".moment-comment")
    expect(said).to_contain_text("First words <b>plain</b>")
    said.get_by_role("button", name="Edit the comment").click()
    page.locator(".moment-comment textarea").fill("Better words")
    page.locator(".moment-comment").get_by_role("button", name="Save").click()
    expect(page.locator(".comment-text")).to_have_text("Better words")
    expect(page.locator(".moment-comment")).to_contain_text("(edited)")
    page.get_by_role("button", name="Delete the comment").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".moment-comment")).to_have_count(0)


def test_one_follows_a_record_and_stops(open_page, deals):
    page = open_page(f"/crm/deals/show/{deals[1]}", "auditor")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.locator(".followers")).to_contain_text("Auditor Tester")
    page.get_by_role("button", name="Stop following").click()
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    expect(page.locator(".followers")).not_to_contain_text("Auditor Tester")


def test_one_walks_from_record_to_record_by_keys(open_page, deals):
    page = open_page("/crm/deals/list/?q=Talk&sort=name", "manager")
    page.get_by_role("link", name="Talk one", exact=True).click()
    expect(page.locator("h1")).to_have_text("Talk one")
    expect(page.locator("[data-walk-place]")).to_have_text("1 of 3")
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text("Talk three")
    expect(page.locator("[data-walk-place]")).to_have_text("2 of 3")
    page.keyboard.press("k")
    expect(page.locator("h1")).to_have_text("Talk one")


def test_related_lists_tell_their_length_and_stay_open(open_page, deals):
    page = open_page(f"/crm/deals/show/{deals[2]}", "manager")
    tasks = page.locator("details[data-fold='services.tasks.deal_id']")
    expect(tasks.locator(".fold-count")).to_have_text("0")
    tasks.locator("summary").click()
    expect(tasks).to_contain_text("Nothing here yet")
    page.reload()
    expect(tasks).to_have_attribute("open", "")
    expect(tasks).to_contain_text("Nothing here yet")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_these_pages(open_page, site_app, deals, theme, width):
    page = open_page("/notifications/choices", "manager", width, bypass_csp=True)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    page.reload()
    assert violations(page, site_app) == []
    page.goto("/notifications/")
    assert violations(page, site_app) == []
    page.goto(f"/crm/deals/show/{deals[0]}")
    expect(page.locator(".timeline li").first).to_be_visible()
    page.locator("#comment-body").fill("@m")
    page.locator("#comment-body").press("End")
    page.keyboard.type("a")
    expect(page.locator(".mention-list")).to_be_visible()
    assert violations(page, site_app) == []
    page.keyboard.press("Escape")
    page.locator(".bell-button").click()
    expect(page.locator("#bell-menu .bell-foot")).to_be_visible()
    assert violations(page, site_app, "#bell-menu") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
