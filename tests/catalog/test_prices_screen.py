"""The screen of bulk prices: by a rule, by a file, preview, conflict, undo, rights."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import Workbook

from app.db import session
from models.catalog import Brand, ProductVariant
from tests.catalog.goods import add_product, new_key, price_of, product_of, sku_of
from tests.exchange.importing import csv_of
from tests.rows import make_row

BASE = "/catalog/prices/"


@pytest.fixture
def variant(db_session) -> int:
    return add_product("10", brand_id=make_row(Brand).id)[0]


def asked(variant: int, **changed) -> dict:
    return {
        "key": new_key(),
        "kind": "percent",
        "value": "10",
        "brand_id": str(product_of(variant).brand_id),
        **changed,
    }


def by_file(client, content: bytes, name: str = "prices.csv"):
    data = {"key": new_key(), "how": "file", "file": (io.BytesIO(content), name)}
    return client.post(f"{BASE}prepare", data=data, content_type="multipart/form-data")


def test_prices_are_chosen_looked_at_and_changed(variant, sign_in):
    client = sign_in("manager")
    assert "No prices were changed in bulk yet" in client.get(BASE).text
    draft = client.post(f"{BASE}prepare", data=asked(variant, ending="0.90"))
    assert draft.status_code == 302, draft.text
    page = client.get(draft.location).text
    assert sku_of(variant) in page
    assert "S/ 10.90" in page
    refused = client.post(f"{draft.location}/apply", data={"justification": " "})
    assert refused.status_code == 422
    assert "Say why the prices change." in refused.text
    done = client.post(f"{draft.location}/apply", data={"justification": "Sube el dólar"})
    assert done.status_code == 302
    session().expire_all()
    assert str(price_of(variant)) == "10.9000"
    shown = client.get(draft.location).text
    assert "Sube el dólar" in shown
    assert "Sube el dólar" in client.get(BASE).text
    undo = client.post(f"{draft.location}/undo", data={"key": new_key()})
    assert "Undo of change" in client.get(undo.location).text


def test_what_was_typed_stays_after_a_refusal(variant, sign_in):
    answer = sign_in("manager").post(f"{BASE}prepare", data=asked(variant, value="much"))
    assert answer.status_code == 422
    assert 'value="much"' in answer.text
    assert "This is not a number." in answer.text


def test_a_price_changed_meanwhile_is_told_and_prepared_again(variant, sign_in):
    client = sign_in("manager")
    draft = client.post(f"{BASE}prepare", data=asked(variant)).location
    session().get_one(ProductVariant, variant).price_override = 7
    session().commit()
    answer = client.post(f"{draft}/apply", data={"justification": "My reason"})
    assert answer.status_code == 409
    assert f"{sku_of(variant)} (10.00 → 7.00)" in answer.text
    assert "My reason" in answer.text
    again = client.post(f"{draft}/again", data={"key": new_key()})
    assert "S/ 7.70" in client.get(again.location).text


def workbook(*rows: tuple) -> bytes:
    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        lambda sku: csv_of(("SKU", "Precio"), (sku, "S/ 1,234.50")),
        lambda sku: csv_of(("Código", "Nombre", "Precio nuevo"), (sku, "x", "1234,50")),
        lambda sku: workbook(("sku", "price"), (sku, 1234.5)),
    ],
)
def test_a_file_says_the_prices(variant, sign_in, content):
    client = sign_in("manager")
    draft = by_file(client, content(sku_of(variant)))
    assert draft.status_code == 302, draft.text
    assert "S/ 1,234.50" in client.get(draft.location).text


def test_every_bad_row_of_a_file_is_told_and_nothing_prepared(variant, sign_in):
    client = sign_in("manager")
    answer = by_file(
        client,
        csv_of(
            ("sku", "price"), (sku_of(variant), "5"), ("", "5"), ("A", "x"), ("B", ""), ("C", "-1")
        ),
    )
    assert answer.status_code == 422
    told = re.findall(r"<li>(Row \d+: [^<]+)</li>", answer.text)
    assert [line.split(":")[0] for line in told] == ["Row 3", "Row 4", "Row 5", "Row 6"]
    unknown = by_file(client, csv_of(("sku", "price"), ("NOT-THERE", "5")))
    assert unknown.status_code == 422
    assert "NOT-THERE" in unknown.text


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", csv_of(("name", "amount"), ("a", "1")), csv_of(("sku", "price"))]
)
def test_files_that_are_no_price_list_are_refused_in_words(variant, sign_in, content):
    answer = by_file(sign_in("manager"), content)
    assert answer.status_code == 422
    assert "alert-danger" in answer.text


def test_warnings_can_be_shown_alone_and_must_be_accepted(sign_in, db_session):
    one = add_product("10", cost_price=9)[0]
    client = sign_in("manager")
    listed = csv_of(("sku", "price"), (sku_of(one), "10.1"))
    draft = by_file(client, listed).location
    page = client.get(draft).text
    assert "accept_warnings" in page
    assert sku_of(one) in client.get(f"{draft}?only=warnings").text
    data = {"justification": "Season's end"}
    assert client.post(f"{draft}/apply", data=data).status_code == 422
    assert client.post(f"{draft}/apply", data=data | {"accept_warnings": "y"}).status_code == 302


def test_only_those_with_the_right_change_prices(variant, sign_in):
    for role in ("cashier", "warehouse"):
        client = sign_in(role)
        assert client.get(BASE).status_code in (302, 403)
        assert client.post(f"{BASE}prepare", data=asked(variant)).status_code in (302, 403)


def test_the_page_of_a_change_takes_as_many_statements_whatever_its_size(
    sign_in, db_session, count_statements
):
    client = sign_in("manager")
    numbers = []
    for size in (1, 30):
        brand = make_row(Brand)
        goods = [add_product("10", brand_id=brand.id)[0] for _ in range(size)]
        draft = client.post(f"{BASE}prepare", data=asked(goods[0])).location
        client.get(draft)
        with count_statements() as statements:
            client.get(draft)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
