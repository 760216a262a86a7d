"""Boards by keyboard and mouse: a card moves on, an event gets another day, a bar leads to rows."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from playwright.sync_api import expect

from app.db import atomic, session
from models.catalog import Category
from models.crm import Deal, DealStage
from models.services import Task
from tests.rows import make_row

_numbers = itertools.count()


@pytest.fixture
def deal(site_app):
    """A deal in the first stage, by its name; and the names of the first two stages."""
    with site_app.app_context(), atomic():
        stages = session().query(DealStage).order_by(DealStage.display_order).limit(2).all()
        if not stages:
            stages = [make_row(DealStage, display_order=n) for n in range(2)]
        name = f"Deal to move {next(_numbers)}"
        make_row(Deal, name=name, stage_id=stages[0].id)
        return name, stages[0].name, stages[1].name


def lane(page, name):
    return page.locator("[data-lane]").filter(has=page.get_by_role("heading", name=name))


def test_a_card_moves_by_keyboard_and_stays_where_it_was_put(open_page, deal):
    name, first, second = deal
    page = open_page("/crm/deals/board/")
    expect(lane(page, first).get_by_role("link", name=name)).to_be_visible()
    lane(page, first).get_by_role("link", name=name).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-announce]")).to_contain_text(second)
    page.reload()
    expect(lane(page, second).get_by_role("link", name=name)).to_be_visible()


def test_a_column_goes_on_as_one_scrolls(open_page, site_app):
    with site_app.app_context(), atomic():
        stage = session().query(DealStage).order_by(DealStage.display_order).first()
        stage = stage or make_row(DealStage)
        name = f"Scrolled {next(_numbers)}"
        for number in range(15):
            make_row(Deal, name=f"{name} {number}", stage_id=stage.id)
        heading = stage.name
    page = open_page(f"/crm/deals/board/?q={name}")
    cards = lane(page, heading).get_by_role("link", name=name)
    expect(cards).to_have_count(12)
    cards.last.scroll_into_view_if_needed()
    page.mouse.move(*_middle(cards.last))
    page.mouse.wheel(0, 2000)
    expect(cards).to_have_count(15)


def _middle(card) -> tuple[float, float]:
    box = card.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_card_moves_by_its_menu(open_page, deal):
    name, _first, second = deal
    page = open_page("/crm/deals/board/", width=390)
    page.get_by_role("button", name=f"Move “{name}”").click()
    page.locator("#move-dialog").get_by_role("button", name=second, exact=True).click()
    expect(page.locator("[data-announce]")).to_contain_text(second)


def test_an_event_moves_to_the_next_day_by_keyboard(open_page, site_app):
    name = f"Task to move {next(_numbers)}"
    with site_app.app_context(), atomic():
        make_row(Task, title=name, due_date=dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC))
    page = open_page("/services/tasks/calendar/?span=week&day=2026-03-04")
    page.locator('[data-day="2026-03-04"]').get_by_role("link", name=name).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator('[data-day="2026-03-05"]').get_by_role("link", name=name)).to_be_visible()
    expect(page.locator("[data-announce]")).to_contain_text(name)


def test_a_branch_opens_by_keyboard(open_page, site_app):
    number = next(_numbers)
    with site_app.app_context(), atomic():
        top = make_row(Category, name=f"Top {number}")
        make_row(Category, name=f"Below {number}", parent_id=top.id)
    page = open_page("/catalog/categories/tree/")
    page.get_by_role("link", name=f"Top {number}").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name=f"Below {number}")).to_be_visible()


def test_a_chart_is_drawn_and_its_table_leads_to_the_rows(open_page, deal):
    name, first, _second = deal
    page = open_page("/crm/deals/chart/?x=stage_id")
    expect(page.locator("[data-chart] canvas").first).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=first))
    row.get_by_role("link").first.click()
    page.wait_for_url("**/crm/deals/list/**")
    expect(page.get_by_role("link", name=name)).to_be_visible()
