"""Take the pictures of the documentation from a running Qhatu with demo data.

    .venv/bin/python -m tests.docs.screenshots http://127.0.0.1:8080

Opens a cash session for the demo's cashier when there is none, and sells nothing. Needs Chromium
(``QHATU_CHROMIUM`` names one that isn't in the path).
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.demo.people import PASSWORD

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
SIZE = {"width": 1440, "height": 900}
COLOURS = 128
SEARCHES = ("arroz", "aceite", "leche")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of the running Qhatu")
    address = parser.parse_args().address.rstrip("/")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome")
        path = os.environ.get("QHATU_CHROMIUM") or next(filter(None, map(shutil.which, names)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with _signed_in(browser, address, "manager@demo.pe") as page:
            _list_of_orders(page)
        with _signed_in(browser, address, "cashier@demo.pe") as page:
            _till(page)
        browser.close()


@contextmanager
def _signed_in(browser: Browser, address: str, name: str) -> Iterator[Page]:
    """A window in English with the session of that user."""
    context = browser.new_context(base_url=address, viewport=SIZE, locale="en")
    page = context.new_page()
    page.goto("/lang/en")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
    yield page
    context.close()


def _list_of_orders(page: Page) -> None:
    page.goto("/sales/orders/list/?_flt_eq_channel=pos")
    _save(page, "list.png")


def _till(page: Page) -> None:
    page.goto("/pos/")
    if page.locator("#till").count() == 0:
        page.fill("[name=starting_cash]", "100")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/pos/")
    for text in SEARCHES:
        page.fill("#till-search", text)
        page.locator("#till-results [role=option]").first.click()
    page.fill("#till-cash", "100")
    page.fill("#till-search", SEARCHES[0])
    page.locator("#till-results [role=option]").first.wait_for()
    _save(page, "till.png")


def _save(page: Page, name: str) -> None:
    """A PNG of few colours, which is all that a page of text has."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
