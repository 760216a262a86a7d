"""What travels compressed, and what doesn't."""

from __future__ import annotations

import gzip

import brotli
import pytest

GZIP = {"Accept-Encoding": "gzip"}


def test_pages_are_compressed_when_the_browser_can(sign_in):
    client = sign_in("manager")
    answer = client.get("/catalog/products/list/", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(answer.data)
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = client.get("/catalog/products/list/")
    assert "Content-Encoding" not in plain.headers
    assert len(answer.data) * 3 < len(plain.data)


@pytest.mark.parametrize("name", ["css/qhatu.css", "js/list.js"])
def test_so_are_our_files(app, client, name):
    from app.assets import asset_url

    with app.test_request_context():
        address = asset_url(name)
    answer = client.get(address, headers={"Accept-Encoding": "br"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data) == client.get(address).data
    assert "immutable" in answer.headers["Cache-Control"]


def test_answers_of_the_api_are_not_for_their_etags_name_the_bytes(client, token):
    answer = client.get("/api/v1/catalog/brands/", headers={**token("manager"), **GZIP})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
