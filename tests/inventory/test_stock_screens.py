"""The screens of stock: what is typed is saved, or stays on the page with what is wrong."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa

from app.db import session
from models.catalog import Product, ProductVariant
from models.inventory import InventoryMovement, InventoryStock, StockCount, StockTransfer
from tests.inventory.warehouse import (
    adjust,
    arrive,
    begin_count,
    dispatch,
    found,
    level,
    line_of,
)
from tests.services.shop import add_location, add_variant, new_key, open_shop, receive

JSON = {"Accept": "application/json"}


@pytest.fixture
def goods(db_session) -> tuple[int, int]:
    """Ten pieces of a variant at a location."""
    place, variant = add_location(), add_variant("1", name="Chompa de alpaca", barcode=new_key())
    receive(place, {variant: 10})
    return place, variant


def form(variant: int, quantity: str, **more: object) -> dict[str, object]:
    return {"key": new_key(), "variant_id": [variant], "quantity": [quantity], **more}


def test_goods_are_received_with_their_cost_and_document(goods, sign_in) -> None:
    place, variant = goods
    sent = form(variant, "5", location_id=place, cost=["S/ 2.50"], reference_doc="G-7")
    for _click in range(2):
        assert sign_in("warehouse").post("/inventory/receive/save", data=sent).status_code == 302
    assert level(place, variant)[0] == 15
    row = session().scalars(sa.select(InventoryMovement).order_by(InventoryMovement.id.desc()))
    newest = row.first()
    assert (newest.unit_cost, newest.reference_doc) == (Decimal("2.5"), "G-7")


@pytest.mark.parametrize(("quantity", "cost"), [("many", ""), ("", ""), ("1.5", ""), ("3", "x")])
def test_a_bad_line_is_said_beside_it_and_stays_on_the_page(goods, sign_in, quantity, cost) -> None:
    place, variant = goods
    sent = form(variant, quantity, location_id=place, cost=[cost], notes="Typed before")
    answer = sign_in("warehouse").post("/inventory/receive/save", data=sent)
    assert answer.status_code == 422
    assert f'id="line-error-{variant}"' in answer.text
    assert "Typed before" in answer.text
    assert "Chompa de alpaca" in answer.text
    assert level(place, variant)[0] == 10


def test_a_correction_is_saved_with_its_reason(goods, sign_in) -> None:
    place, variant = goods
    client = sign_in("warehouse")
    sent = form(variant, "-3", location_id=place, reason="")
    answer = client.post("/inventory/adjust/save", data=sent)
    assert (answer.status_code, 'id="reason-error"' in answer.text) == (422, True)
    client.post("/inventory/adjust/save", data={**sent, "reason": "Moths"})
    assert level(place, variant)[0] == 7


def test_a_stale_correction_shows_both_values_and_may_be_saved_again(goods, sign_in) -> None:
    place, variant = goods
    version = session().scalar(sa.select(InventoryStock.version))
    sent = form(
        variant, "-3", location_id=place, reason="Moths",
        seen_version=[version], seen_on_hand=["10"],
    )  # fmt: skip
    adjust(place, {variant: -2})
    client = sign_in("warehouse")
    answer = client.post("/inventory/adjust/save", data=sent)
    assert answer.status_code == 409
    assert "You saw 10, now there are 8." in answer.text
    assert f'name="seen_version" value="{version + 1}"' in answer.text
    assert level(place, variant)[0] == 8
    again = {**sent, "key": new_key(), "seen_version": [version + 1], "seen_on_hand": ["8"]}
    assert client.post("/inventory/adjust/save", data=again).status_code == 302
    assert level(place, variant)[0] == 5


def test_products_are_found_by_code_and_by_words_with_their_stock(goods, sign_in) -> None:
    place, variant = goods
    client = sign_in("warehouse")
    barcode = session().get_one(ProductVariant, variant).barcode

    def ask(text: str) -> list[dict[str, object]]:
        said = {"q": text, "location_id": place}
        return client.get("/inventory/products/", query_string=said, headers=JSON).json["products"]

    assert [(p["variant_id"], p["exact"]) for p in ask(barcode)] == [(variant, True)]
    by_words = [p for p in ask("alpaca chompa") if p["variant_id"] == variant]
    assert [(p["on_hand"], p["available"], p["exact"]) for p in by_words] == [(10, 10, False)]
    assert (ask(""), ask("100%"), ask("\x00")) == ([], [], [])
    choices = client.get("/inventory/products/choices?q=chompa", headers=JSON).json
    assert variant in [choice["id"] for choice in choices["results"]]


def test_goods_are_sent_shown_under_way_and_received(goods, sign_in) -> None:
    place, variant = goods
    target, client = add_location(), sign_in("warehouse")
    sent = form(variant, "4", from_location_id=place, to_location_id=target)
    assert client.post("/inventory/transfers/dispatch", data=sent).status_code == 302
    transfer = session().scalars(sa.select(StockTransfer)).one()
    assert transfer.number in client.get("/inventory/transfers/").text
    url = f"/inventory/transfers/{transfer.id}"
    assert 'name="quantity"' in client.get(url).text
    short = form(variant, "3", notes="")
    answer = client.post(f"{url}/receive", data=short)
    assert (answer.status_code, 'id="notes-error"' in answer.text) == (422, True)
    assert 'value="3"' in answer.text
    client.post(f"{url}/receive", data={**short, "notes": "One was lost"})
    assert level(target, variant)[0] == 3
    page = client.get(url).text
    assert "One was lost" in page
    assert 'name="quantity"' not in page


def test_too_little_is_said_beside_its_line(goods, sign_in) -> None:
    place, variant = goods
    sent = form(variant, "40", from_location_id=place, to_location_id=add_location())
    answer = sign_in("warehouse").post("/inventory/transfers/dispatch", data=sent)
    assert answer.status_code == 409
    assert "Only 10 available" in answer.text


def test_counting_by_scan_and_by_typing(goods, sign_in) -> None:
    place, variant = goods
    client = sign_in("warehouse")
    opened = {"key": new_key(), "location_id": place, "scope": "all", "is_blind": "y"}
    url = client.post("/inventory/counts/open", data=opened).location
    assert "Scan or type a code" in client.get(url).text
    sku = session().get_one(ProductVariant, variant).sku
    for _scan in range(2):
        scanned = {"key": new_key(), "code": sku, "quantity": "3", "adds": "y"}
        lines = client.post(f"{url}/record", data=scanned, headers=JSON).text
    assert 'value="6"' in lines
    assert "data-sign" not in lines  # it is blind
    typed = {"key": new_key(), "variant_id": variant, "quantity": "9"}
    client.post(f"{url}/record", data=typed, headers=JSON)
    assert line_of(session().scalar(sa.select(StockCount.id)), variant).counted == 9
    wrong = {"key": new_key(), "code": "nothing", "quantity": "1"}
    refusal = client.post(f"{url}/record", data=wrong, headers=JSON)
    assert (refusal.status_code, refusal.json["code"]) == (422, "invalid_count")


def test_who_counts_blind_sees_no_difference_and_who_approves_does(goods, sign_in) -> None:
    place, variant = goods
    count = begin_count(place, is_blind=True)
    found(count, variant, 8)
    url = f"/inventory/counts/{count}"
    blind = sign_in("warehouse").get(f"{url}/review").text
    assert ("This count is blind" in blind, "/approve" in blind) == (True, False)
    assert sign_in("warehouse").post(f"{url}/approve", data={"key": new_key()}).status_code == 403
    manager = sign_in("manager")
    assert 'data-sign="minus">-2' in manager.get(f"{url}/review").text
    assert manager.post(f"{url}/approve", data={"key": new_key()}).status_code == 302
    assert level(place, variant)[0] == 8
    assert "Approved" in manager.get(f"{url}/review").text
    assert manager.get(url).status_code == 302  # nothing is counted any more


def test_a_count_that_cannot_be_opened_keeps_what_was_chosen(goods, sign_in) -> None:
    place, variant = goods
    sent = {"key": new_key(), "location_id": place, "scope": "category", "variant_ids": [variant]}
    answer = sign_in("warehouse").post("/inventory/counts/open", data=sent)
    assert answer.status_code == 422
    assert 'id="category_id-error"' in answer.text
    assert f'<option value="{variant}" selected>' in answer.text


def test_a_cancelled_count_leaves_the_stock(goods, sign_in) -> None:
    place, variant = goods
    count = begin_count(place)
    found(count, variant, 1)
    url = f"/inventory/counts/{count}/cancel"
    assert sign_in("warehouse").post(url, data={"key": new_key()}).status_code == 302
    assert level(place, variant)[0] == 10


@pytest.fixture
def sold(db_session) -> tuple[int, int]:
    """Three of ten pieces were sold today, at a cost of one."""
    shop, variant = open_shop(), add_variant("1", name="Quinua")
    receive(shop.location, {variant: 10})
    shop.sell({variant: 3}, "3", "3")
    now = dt.datetime.now(dt.UTC)
    row = InventoryMovement(
        variant_id=variant, movement_type="sell", quantity=6,
        from_location_id=shop.location, created_at=now,
    )  # fmt: skip
    session().add(row)
    stock = sa.update(InventoryStock).values(quantity_on_hand=1)
    session().execute(stock)
    session().commit()
    return shop.location, variant


def test_what_sells_is_proposed_for_the_days_to_cover(sold, sign_in) -> None:
    place, variant = sold  # six in the last two days, and one is left
    client, said = sign_in("manager"), {"location_id": place, "sold_days": 2, "lead_days": 10}
    page = client.get("/inventory/replenishment/", query_string=said)
    assert "<strong>29</strong>" in page.text
    file = client.get("/inventory/replenishment/file", query_string=said)
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.iter_rows(values_only=True))
    sku = session().get_one(ProductVariant, variant).sku
    assert rows[1] == (sku, "Quinua", 6, 3, 1, 0, 29)
    bad = client.get("/inventory/replenishment/", query_string={**said, "lead_days": "soon"})
    assert (bad.status_code, 'id="lead_days-error"' in bad.text) == (422, True)


def test_goods_under_way_are_shown_beside_the_proposal(sold, sign_in) -> None:
    place, variant = sold
    source = add_location()
    receive(source, {variant: 9})
    transfer = dispatch(source, place, {variant: 9})
    said = {"location_id": place, "sold_days": 2, "lead_days": 10}
    url, client = "/inventory/replenishment/file", sign_in("manager")

    def row() -> tuple[object, ...]:
        file = client.get(url, query_string=said)
        sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
        return list(sheet.iter_rows(values_only=True))[1][4:]

    assert row() == (1, 9, 29)
    arrive(transfer)
    assert row() == (10, 0, 20)


@pytest.fixture
def traded(db_session) -> dict[str, object]:
    """Ten received in June, three sold; the address of the kardex of that month."""
    shop, variant = open_shop(), add_variant("1", name="Quinua")
    session().execute(sa.update(Product).values(cost_price=Decimal("2.50")))
    receive(shop.location, {variant: 10})
    shop.sell({variant: 3}, "3", "3")
    days = {"first": "2026-06-01", "last": "2026-06-30"}
    return {"variant_id": variant, "location_id": shop.location, **days}


def test_the_kardex_has_entries_exits_and_balance(traded, sign_in) -> None:
    page = sign_in("manager").get("/inventory/kardex/", query_string=traded).text
    assert "Quinua" in page
    for amount in ("25.00", "7.50", "17.50"):
        assert amount in page
    other = {**traded, "first": "2026-07-01", "last": "2026-07-31"}
    later = sign_in("manager").get("/inventory/kardex/", query_string=other).text
    assert "17.50" in later
    assert "25.00" not in later
    wrong = {**traded, "last": "2026-05-01"}
    answer = sign_in("manager").get("/inventory/kardex/", query_string=wrong)
    assert (answer.status_code, 'id="last-error"' in answer.text) == (422, True)


def test_the_kardex_is_a_workbook_in_the_columns_of_format_13_1(traded, sign_in) -> None:
    file = sign_in("manager").get("/inventory/kardex/file/xlsx", query_string=traded)
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.iter_rows(values_only=True))
    assert len(rows[0]) == 14
    assert rows[1][4:] == ("16", *[None] * 6, 0, 0, 0)
    assert rows[2][4:] == ("02", 10, 2.5, 25, None, None, None, 10, 2.5, 25)
    assert rows[3][4:] == ("01", None, None, None, 3, 2.5, 7.5, 7, 2.5, 17.5)
    assert rows[4][5:] == (10, None, 25, 3, None, 7.5, 7, 2.5, 17.5)


def test_the_kardex_is_printed(traded, sign_in) -> None:
    answer = sign_in("manager").get("/inventory/kardex/file/pdf", query_string=traded)
    assert answer.data.startswith(b"%PDF")


def test_costs_are_shown_to_nobody_from_whom_they_are_hidden(traded, sign_in) -> None:
    from models.identity import Role

    role = session().scalars(sa.select(Role).where(Role.name == "Warehouse")).one()
    hidden = {"inventory.inventory_movements": ["unit_cost"]}
    role.policy = {**role.policy, "hidden_fields": hidden}
    session().commit()
    client = sign_in("warehouse")
    assert "25.00" not in client.get("/inventory/kardex/", query_string=traded).text
    file = client.get("/inventory/kardex/file/xlsx", query_string=traded)
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.iter_rows(values_only=True))
    assert len(rows[0]) == 8
    assert 'name="cost"' not in client.get("/inventory/receive/").text


def test_pages_take_as_many_statements_whatever_they_show(goods, sign_in, count_statements) -> None:
    place, _variant = goods
    target, client = add_location(), sign_in("manager")
    taken = []
    for number in (1, 6):
        pieces = {add_variant("1"): 5 for _ in range(number)}
        receive(place, pieces)
        transfer = dispatch(place, target, dict.fromkeys(pieces, 1))
        count = begin_count(add_location(), scope="list", variant_ids=tuple(pieces))
        for variant in pieces:
            found(count, variant, 2)
        counts = []
        for url in (
            "/inventory/transfers/",
            f"/inventory/transfers/{transfer}",
            "/inventory/counts/",
            f"/inventory/counts/{count}",
            f"/inventory/counts/{count}/review",
        ):
            client.get(url)
            with count_statements() as statements:
                assert client.get(url).status_code == 200
            counts.append(len(statements))
        taken.append(counts)
    assert taken[0] == taken[1]
