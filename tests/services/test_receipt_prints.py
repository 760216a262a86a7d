"""A receipt printed again is a copy, says so, and leaves a trace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import storage
from app.actor import system_actor
from app.db import session
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.make_receipt import make_receipt
from app.services.sales.print_receipt import (
    PrintReceipt,
    UnknownPaperError,
    print_receipt,
    printed_receipt,
)
from app.services.sales.read_receipt import read_receipt
from models.platform import AuditLog
from models.sales import Order
from reports.receipts import a4, pdf
from tests.services.shop import NOW, Shop, add_variant, new_key, open_shop, receive


@pytest.fixture
def shop(db_session, tmp_path: Path, app) -> Shop:
    storage.configure(tmp_path)
    yield open_shop()
    storage.configure(app.config["STORAGE_DIR"])


@pytest.fixture
def sale(shop: Shop):
    variant = add_variant("10.37", name="Café de altura")
    receive(shop.location, {variant: 5})
    sale = shop.sell({variant: 2}, "20.74", "50")
    make_receipt(sale.order_id)
    return sale


def printed(shop: Shop, order: int, paper: str = "80mm", key: str = "") -> int:
    command = PrintReceipt(key or new_key(), order, paper)
    return print_receipt(command, actor=shop.actor, now=NOW).result["copy"]


def test_the_first_print_is_the_original_and_all_others_are_counted_copies(shop, sale) -> None:
    key = new_key()
    papers = ("80mm", "a4", "80mm")
    assert [printed(shop, sale.order_id, paper) for paper in papers] == [0, 1, 2]
    assert [printed(shop, sale.order_id, key=key) for _again in range(2)] == [3, 3]
    order = session().get_one(Order, sale.order_id, populate_existing=True)
    assert order.receipt_prints == 4


def test_each_print_is_in_the_audit_log(shop, sale) -> None:
    printed(shop, sale.order_id)
    printed(shop, sale.order_id, "a4")
    entries = session().execute(
        sa.select(AuditLog.user_id, AuditLog.new_values)
        .where(AuditLog.action == "print_receipt", AuditLog.record_id == str(sale.order_id))
        .order_by(AuditLog.id)
    )
    assert entries.all() == [
        (shop.actor.user_id, {"paper": "80mm", "copy": 0}),
        (shop.actor.user_id, {"paper": "a4", "copy": 1}),
    ]


def test_a_copy_says_so_in_the_language_of_the_business(sale, monkeypatch) -> None:
    ticket = read_receipt(sale.order_id, actor=system_actor())
    said: list[str] = []
    monkeypatch.setattr(pdf.Strip, "text", lambda _strip, text, **_look: said.append(text))
    monkeypatch.setattr(a4.Page, "head", lambda _page, *texts: said.extend(texts[1:]))
    for copy, language, mark in ((0, "es", ""), (2, "en", "COPY 2")):
        said.clear()
        marked = replace(ticket, copy=copy, language=language)
        pdf.receipt_pdf(marked)
        a4.receipt_a4(marked)
        assert [text for text in said if text.startswith("COP")] == ([mark] * 2 if mark else [])


def test_original_and_copies_on_both_papers_are_different_files(sale) -> None:
    files = {
        printed_receipt(sale.order_id, paper, copy, actor=system_actor())
        for paper in ("80mm", "a4")
        for copy in (0, 1, 2)
    }
    assert len(files) == 6
    assert all(file.startswith(b"%PDF") for file in files)


def test_any_goods_fit_on_a4(sale) -> None:
    ticket = read_receipt(sale.order_id, actor=system_actor())
    for name in ("漢字 ☕ <b>&amp;</b>", "x" * 300, "a\nb\tc", ""):
        line = replace(ticket.lines[0], description=name)
        assert a4.receipt_a4(replace(ticket, lines=(line,) * 60, customer=name)).startswith(b"%PDF")


def test_what_can_not_be_printed_is_refused(shop, sale) -> None:
    with pytest.raises(UnknownPaperError):
        printed(shop, sale.order_id, "a3")
    with pytest.raises(OrderNotFoundError):
        printed(shop, 2**40)


def test_a_printed_receipt_is_shown_as_a_copy_over_http(shop, sale, sign_in) -> None:
    client = sign_in("cashier")
    path = f"/pos/receipt/{sale.order_id}"
    original = client.get(f"{path}.pdf").data
    form = {"key": new_key(), "paper": "80mm"}
    assert client.post(f"{path}/print", data=form).data == original
    copy = client.post(f"{path}/print", data=form | {"key": new_key()})
    assert (copy.status_code, copy.mimetype) == (200, "application/pdf")
    assert copy.data != original
    assert client.get(f"{path}.pdf").data != original
    assert client.post(f"{path}/print", data={"key": "", "paper": "a4"}).status_code == 422
    assert sign_in("auditor").post(f"{path}/print", data=form).status_code in (302, 403)
