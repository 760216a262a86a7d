"""Receipts: made once, whatever happens; and what is on them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import storage
from app.actor import system_actor
from app.db import atomic, session
from app.services.sales import make_receipt as making
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.make_receipt import make_receipt, retry_receipt, waiting_receipts
from app.services.sales.read_receipt import read_receipt
from models.sales import Order
from models.sunat import IssuingCompany
from reports.receipts.pdf import receipt_pdf
from tests.services.shop import NOW, Shop, add_variant, open_shop, receive


@pytest.fixture
def files(tmp_path: Path, app) -> Path:
    storage.configure(tmp_path)
    yield tmp_path
    storage.configure(app.config["STORAGE_DIR"])


@pytest.fixture
def shop(db_session, files: Path) -> Shop:
    return open_shop()


@pytest.fixture
def sale(shop: Shop):
    variant = add_variant("10.37", name="Café de altura", size="250 g")
    receive(shop.location, {variant: 5})
    return shop.sell({variant: 2}, "20.74", "50")


def order(sale) -> Order:
    session().expire_all()
    return session().get_one(Order, sale.order_id)


def kept(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def test_the_receipt_is_stored_and_the_order_says_where(sale, files: Path) -> None:
    assert make_receipt(sale.order_id) == "ready"
    made = order(sale)
    assert (made.receipt_status, made.receipt_attempts) == ("ready", 1)
    assert storage.storage().get(made.receipt_url).startswith(b"%PDF")


def test_made_twice_it_is_one_file_and_the_second_does_nothing(sale, files: Path) -> None:
    make_receipt(sale.order_id)
    first = kept(files)[0].read_bytes()
    assert make_receipt(sale.order_id) == "none"
    with atomic() as current:  # as if the first worker died before it could tell
        current.execute(sa.update(Order).values(receipt_status="pending"))
    assert make_receipt(sale.order_id) == "ready"
    assert [path.read_bytes() for path in kept(files)] == [first]


def test_a_failure_is_counted_and_the_fifth_is_the_last(sale, monkeypatch) -> None:
    def fail(_order_id: int) -> None:
        raise RuntimeError("printer on fire")

    monkeypatch.setattr(making, "read_receipt", fail)
    outcomes = [make_receipt(sale.order_id) for _ in range(6)]
    assert outcomes == ["pending"] * 4 + ["failed", "none"]
    assert order(sale).receipt_attempts == 5


def test_an_order_that_killed_its_workers_is_given_up(sale) -> None:
    with atomic() as current:
        current.execute(sa.update(Order).values(receipt_attempts=5))
    assert make_receipt(sale.order_id) == "failed"


def test_a_failed_receipt_can_be_asked_for_again(sale, shop: Shop) -> None:
    with atomic() as current:
        current.execute(sa.update(Order).values(receipt_status="failed", receipt_attempts=5))
    retry_receipt(sale.order_id, actor=shop.actor)
    assert make_receipt(sale.order_id) == "ready"
    retry_receipt(sale.order_id, actor=shop.actor)
    assert order(sale).receipt_status == "ready"
    with pytest.raises(OrderNotFoundError):
        retry_receipt(2**40, actor=shop.actor)


def test_the_sweeper_finds_what_waits_too_long(sale) -> None:
    assert waiting_receipts(older_than=NOW) == []
    assert waiting_receipts(older_than=NOW + dt.timedelta(minutes=1)) == [sale.order_id]


def test_the_receipt_says_what_the_sale_was(sale) -> None:
    with atomic() as current:
        company = IssuingCompany(ruc="20512333797", raz_social="Comercial S.A.C.")
        current.add(company)
    ticket = read_receipt(sale.order_id, actor=system_actor())
    assert (ticket.business.name, ticket.business.ruc) == ("Comercial S.A.C.", "20512333797")
    assert ticket.number == sale.order_number
    assert ticket.base + ticket.tax == ticket.total == Decimal("20.74")
    assert ticket.total + ticket.cash_rounding == ticket.to_pay == Decimal("20.70")
    assert (ticket.tendered, ticket.change) == (Decimal("50.00"), Decimal("29.30"))
    assert ticket.in_words == "veinte con 70/100 soles"
    assert ticket.lines[0].description == "Café de altura 250 g"
    assert f"{ticket.sold_at:%d/%m/%Y %H:%M}" == "15/06/2026 10:00"


def test_the_paper_is_as_wide_as_the_printers_and_as_long_as_needed(sale) -> None:
    from dataclasses import replace

    ticket = read_receipt(sale.order_id, actor=system_actor())
    short = _size(receipt_pdf(ticket))
    long = _size(receipt_pdf(replace(ticket, lines=ticket.lines * 30)))
    assert short[0] == long[0] == pytest.approx(226.77, abs=0.1)  # 80 mm
    assert long[1] > short[1] + 29 * 20


def test_the_same_sale_gives_the_same_bytes(sale) -> None:
    ticket = read_receipt(sale.order_id, actor=system_actor())
    assert receipt_pdf(ticket) == receipt_pdf(ticket)


@pytest.mark.parametrize("name", ["漢字 ☕ <b>&amp;</b>", "x" * 300, "a\nb\tc", ""])
def test_any_name_of_goods_can_be_printed(sale, name: str) -> None:
    from dataclasses import replace

    ticket = read_receipt(sale.order_id, actor=system_actor())
    line = replace(ticket.lines[0], description=name)
    assert receipt_pdf(replace(ticket, lines=(line,), cashier=name, number=name or "1"))


def _size(pdf: bytes) -> tuple[float, float]:
    box = pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()
    return float(box[2]), float(box[3])
