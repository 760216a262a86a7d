"""Browser files: right addresses, right headers, nothing else of node_modules."""

from __future__ import annotations

import re

import pytest

from app.assets import VENDOR, MissingAssetsError, asset_url, vendor_url


@pytest.fixture
def address(app):
    def of(make, name: str) -> str:
        with app.test_request_context():
            return make(name)

    return of


@pytest.mark.parametrize("name", VENDOR)
def test_every_listed_file_of_the_packages_is_served_and_kept_forever(app, address, name):
    answer = app.test_client().get(address(vendor_url, name))
    assert answer.status_code == 200
    assert {"public", "immutable", "max-age=31536000"} <= set(
        answer.headers["Cache-Control"].split(", ")
    )
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.get("Vary") == "Accept-Encoding"


def test_our_own_files_are_served_with_a_type_that_browsers_run(app, address):
    answer = app.test_client().get(address(asset_url, "js/shell.js"))
    assert answer.content_type == "text/javascript; charset=utf-8"


def test_a_file_under_an_old_address_is_served_but_not_kept(app, address):
    url = re.sub(r"/app/\w+/", "/app/0123456789abcdef/", address(asset_url, "css/qhatu.css"))
    answer = app.test_client().get(url)
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["@tabler/core/package.json", "../package.json", "echarts/dist/echarts.js"]
)
def test_other_files_of_the_packages_are_not_there(app, address, name):
    folder = address(vendor_url, "htmx.js").removesuffix("htmx.js")
    assert app.test_client().get(folder + name).status_code == 404


def test_the_icon_style_sheet_names_the_font_where_we_serve_it(app, address):
    style = app.test_client().get(address(vendor_url, "icons.css")).text
    assert 'url("./fonts/tabler-icons.woff2' in style


def test_a_mistyped_name_fails_when_the_page_is_drawn(address):
    with pytest.raises(LookupError, match=r"no browser file 'css/qhatuu\.css'"):
        address(asset_url, "css/qhatuu.css")


def test_missing_packages_are_told_with_the_command_that_brings_them(app, address, monkeypatch):
    monkeypatch.setitem(app.config, "NODE_MODULES", "/nowhere")
    with pytest.raises(MissingAssetsError, match=r"run `python run.py assets`"):
        address(vendor_url, "htmx.js")
