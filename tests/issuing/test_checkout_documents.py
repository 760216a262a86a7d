"""Sales at the till get their boleta, factura or nota de venta."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.platform.errors import IdempotencyConflictError
from app.services.platform.run_once import _asked, _fingerprint
from app.services.sales.checkout import Checkout, checkout
from app.services.sales.price_cart import SaleLine
from app.services.sunat.document_errors import (
    CustomerNeededError,
    DocumentTypeError,
    MixedTaxesError,
    RucNeededError,
)
from app.services.sunat.errors import NoIssuerError, NoSeriesError
from app.sunat import Credit
from models.sales import Order
from models.sunat import DocumentEvent, DocumentSequence
from tests.issuing.books import (
    RUC,
    add_buyer,
    add_issuer,
    content_of,
    documents,
    sale_of,
    sums_of,
)
from tests.services.settings import change
from tests.services.shop import NOW, Shop, add_variant, on_hand, open_shop, receive


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop(establishment_code="0003")


@pytest.fixture
def goods(shop: Shop) -> int:
    variant = add_variant("11.80")
    receive(shop.location, {variant: 1000})
    return variant


def sell(shop: Shop, goods: int, total: str = "11.80", pieces: int = 1, **more: object):
    return checkout(sale_of(shop, {goods: pieces}, total, **more), actor=shop.actor, now=NOW)


def type_of(sale) -> str:
    return session().get_one(Order, sale.order_id).document_type


def test_a_sale_gets_a_boleta_with_the_next_number(shop, goods):
    add_issuer(shop.location)
    first, second = sell(shop, goods), sell(shop, goods, "23.60", 2)
    assert (first.document, second.document) == ("B001-1", "B001-2")
    row = documents(order_id=second.order_id)[0]
    assert (row.document_type, row.sunat_status, row.total_amount, row.total_igv) == (
        "03",
        "PENDING",
        Decimal("23.60"),
        Decimal("3.60"),
    )
    assert (row.customer_name, row.customer_doc_type) == ("CLIENTES VARIOS", "0")
    assert sums_of(row).payable == Decimal("23.60")
    assert content_of(row).issuer.establishment == "0003"
    assert type_of(second) == "03"
    assert session().scalar(sa.select(DocumentEvent.status).filter_by(document_id=row.id))


def test_a_document_is_of_the_day_in_peru(shop, goods):
    add_issuer(shop.location)
    late = NOW.replace(day=16, hour=4, minute=59)
    sale = checkout(sale_of(shop, {goods: 1}, "11.80"), actor=shop.actor, now=late)
    document = content_of(documents(order_id=sale.order_id)[0])
    assert (str(document.issued_on), str(document.issued_at)) == ("2026-06-15", "23:59:00")


def test_rounding_in_cash_is_not_on_the_document(shop):
    add_issuer(shop.location)
    variant = add_variant("10.37")
    receive(shop.location, {variant: 1})
    sale = sell(shop, variant, "10.37")
    assert sale.to_pay == Decimal("10.30")
    assert documents(order_id=sale.order_id)[0].total_amount == Decimal("10.37")


def test_a_factura_is_for_a_customer_with_a_ruc(shop, goods):
    add_issuer(shop.location)
    for customer in (None, add_buyer("1", "46237547")):
        with pytest.raises(RucNeededError) as refused:
            sell(shop, goods, document_type="01", customer_id=customer)
        assert set(refused.value.fields) == {"customer_id"}
    assert on_hand(shop.location, goods) == 1000
    sale = sell(shop, goods, document_type="01", customer_id=add_buyer())
    row = documents(order_id=sale.order_id)[0]
    assert (sale.document, row.document_type, row.customer_doc_number) == ("F001-1", "01", RUC)
    assert sums_of(row).payable == Decimal("11.80")
    assert type_of(sale) == "01"


def test_a_ruc_with_a_wrong_check_digit_is_none(shop, goods):
    add_issuer(shop.location)
    with pytest.raises(RucNeededError):
        sell(shop, goods, document_type="01", customer_id=add_buyer("6", "20600995806"))


def test_what_is_bought_on_credit_is_a_cuota_of_the_factura(shop, goods):
    add_issuer(shop.location)
    buyer = add_buyer(credit_limit=Decimal(500))
    tenders = (Tender("credit", Decimal("10.00")), Tender("card", Decimal("1.80"), "7"))
    sale = sell(shop, goods, document_type="01", customer_id=buyer, tenders=tenders)
    row = documents(order_id=sale.order_id)[0]
    sums_of(row)
    payment = content_of(row).payment
    assert isinstance(payment, Credit)
    assert [(one.amount, str(one.due_on)) for one in payment.installments] == [
        (Decimal("10.00"), "2026-06-30")
    ]


@pytest.mark.parametrize(("pieces", "total"), [(59, "696.20"), (60, "708.00")])
def test_above_seven_hundred_soles_the_customer_is_known(shop, goods, pieces, total):
    add_issuer(shop.location)
    if pieces == 59:
        assert sell(shop, goods, total, pieces).document == "B001-1"
        return
    for stranger in (None, add_buyer("0", None, full_name="Juan")):
        with pytest.raises(CustomerNeededError) as refused:
            sell(shop, goods, total, pieces, customer_id=stranger)
        assert set(refused.value.fields) == {"customer_id"}
    known = sell(shop, goods, total, pieces, customer_id=add_buyer("1", "46237547"))
    assert sums_of(documents(order_id=known.order_id)[0]).payable == Decimal(total)


def test_exactly_seven_hundred_soles_are_anonymous(shop):
    add_issuer(shop.location)
    variant = add_variant("700.00")
    receive(shop.location, {variant: 1})
    sale = sell(shop, variant, "700.00")
    sums_of(documents(order_id=sale.order_id)[0])


def test_a_nota_de_venta_needs_the_setting(shop, goods):
    add_issuer(shop.location)
    with pytest.raises(DocumentTypeError) as refused:
        sell(shop, goods, document_type="NV")
    assert set(refused.value.fields) == {"document_type"}
    change("sales.allow_internal_note", True)
    sale = sell(shop, goods, document_type="NV")
    assert (sale.document, type_of(sale), documents(order_id=sale.order_id)) == ("", "NV", [])


def test_without_an_issuer_a_sale_is_a_nota_de_venta(shop, goods):
    assert type_of(sell(shop, goods)) == "NV"
    assert type_of(sell(shop, goods, document_type="NV")) == "NV"
    with pytest.raises(NoIssuerError):
        sell(shop, goods, document_type="03")


def test_without_a_series_for_boletas_a_sale_is_a_nota_de_venta(shop, goods):
    add_issuer(shop.location, "01")
    assert type_of(sell(shop, goods)) == "NV"
    with pytest.raises(NoSeriesError):
        sell(shop, goods, document_type="03")


def test_a_series_of_another_location_or_out_of_use_gives_no_number(shop, goods):
    add_issuer(open_shop("manager").location)
    assert type_of(sell(shop, goods)) == "NV"
    with atomic() as current:
        current.execute(sa.update(DocumentSequence).values(location_id=None, is_active=False))
    assert type_of(sell(shop, goods)) == "NV"


def test_there_are_no_other_kinds_of_documents(shop, goods):
    add_issuer(shop.location)
    with pytest.raises(DocumentTypeError):
        sell(shop, goods, document_type="07")


def test_rice_with_ivap_is_sold_alone(shop, goods):
    add_issuer(shop.location)
    rice = add_variant("10.40", tax_code="17")
    receive(shop.location, {rice: 10})
    with pytest.raises(MixedTaxesError):
        checkout(sale_of(shop, {rice: 1, goods: 1}, "22.20"), actor=shop.actor, now=NOW)
    sale = sell(shop, rice, "10.40")
    assert sums_of(documents(order_id=sale.order_id)[0]).tax == Decimal("0.40")


def test_the_same_sale_again_has_the_same_document(shop, goods):
    add_issuer(shop.location)
    command = sale_of(shop, {goods: 1}, "11.80", document_type="03")
    first, again = (checkout(command, actor=shop.actor, now=NOW) for _ in range(2))
    assert (again.document, again.replayed) == (first.document, True)
    assert len(documents()) == 1
    with pytest.raises(IdempotencyConflictError):
        checkout(replace(command, document_type="NV"), actor=shop.actor, now=NOW)


def test_a_claim_from_before_there_were_documents_is_still_the_same_sale(shop):
    command = Checkout("a-key-of-old", 1, (SaleLine(1, 1),), Decimal(1), ())
    before = {k: v for k, v in asdict(command).items() if k != "document_type"}
    body = json.dumps([shop.actor.user_id, before], sort_keys=True, default=str)
    assert _fingerprint(command, shop.actor) == hashlib.sha256(body.encode()).hexdigest()
    assert _asked(replace(command, document_type="01"))["document_type"] == "01"


def test_a_sale_that_fails_at_its_very_end_spends_no_number(shop, goods, monkeypatch):
    add_issuer(shop.location)
    with monkeypatch.context() as patch:
        patch.delattr("app.services.sunat.write_document.record_event")
        with pytest.raises(NameError):
            sell(shop, goods)
    assert sell(shop, goods).document == "B001-1"


def test_the_document_is_written_after_all_other_locks(shop, goods, count_statements):
    add_issuer(shop.location)
    buyer = add_buyer(credit_limit=Decimal(500))
    with count_statements() as statements:
        sell(shop, goods, customer_id=buyer)
    touched = [one for one in statements if "document_sequences" in one and "UPDATE" in one[:6]]
    rest = statements[statements.index(touched[0]) + 1 :]
    assert len(touched) == 1
    assert not [one for one in rest if "loyalty" in one or "wallet" in one or "stock" in one]


def test_a_document_costs_four_statements_for_any_cart(shop, goods, count_statements):
    other = add_variant("1.00")
    receive(shop.location, {other: 10})
    counts = []
    sell(shop, goods)
    for lines, total in (
        ({goods: 1}, "11.80"),
        ({goods: 1}, "11.80"),
        ({goods: 2, other: 3}, "26.60"),
    ):
        with count_statements() as statements:
            checkout(sale_of(shop, lines, total), actor=shop.actor, now=NOW)
        counts.append(len(statements))
        if len(counts) == 1:
            add_issuer(shop.location)
    assert counts[1] == counts[2] == counts[0] + 3  # the question for the issuer is always asked
