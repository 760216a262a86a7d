"""Any cart that can be priced becomes a document that SUNAT takes, to the céntimo."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.domain.money import line_total
from app.domain.promotions.cart import Offer
from app.domain.promotions.conditions import read_conditions
from app.services.sales import price_cart as pricing
from app.services.sales.live_offers import Offers
from app.services.sales.order_rows import items_of
from app.services.sales.price_cart import Cart, SaleLine, price_with
from app.services.sales.price_list import PricedVariant
from app.services.sunat.document_of_order import document_of_order
from app.services.sunat.read_issuing import Issuing, customer_of
from app.sunat import Address, Issuer, totals, validate
from app.sunat.catalogs import TaxScheme
from models.sales import Order, OrderItem, OrderPayment

NOW = dt.datetime(2026, 6, 16, 3, 30, tzinfo=dt.UTC)
ISSUER = Issuer(
    "20100066603", "MERCADO QHATU S.A.C.", "Qhatu", Address("Av. Larco 345", "150122"), "0002"
)
COMPANY = customer_of("6", "20600995805", "COMERCIAL LOS ANDES E.I.R.L.", "Jr. Unión 1, Lima")
PERSON = customer_of("1", "46237547", "ROSA QUISPE MAMANI")
OFFERS = (
    ("percent", "33.33", {}),
    ("percent", "100", {}),
    ("fixed_amount", "7.77", {}),
    ("buy_x_get_y", "100", {"buy": 2, "get": 1}),
    ("nth_item", "50", {"nth": 2}),
)
PRICES = st.decimals("0", "900", places=4) | st.sampled_from(
    [Decimal(one) for one in ("0", "0.0049", "0.01", "0.05", "9.9999", "10", "7.5055", "1180")]
)
PERCENT = st.sampled_from([Decimal(one) for one in ("0", "0", "10", "33.33", "99.99", "100")])
LINES = st.tuples(PRICES, st.integers(1, 9) | st.just(1000), PERCENT)


@st.composite
def carts(draw: st.DrawFn) -> dict[str, object]:
    rice = draw(st.integers(0, 9)) == 0
    codes = st.just("17") if rice else st.sampled_from(("10", "10", "20", "30", "40"))
    return {
        "lines": draw(st.lists(st.tuples(LINES, codes), min_size=1, max_size=6)),
        "sale": draw(PERCENT),
        "shipping": Decimal(0) if rice else draw(st.sampled_from((Decimal(0), Decimal("9.90")))),
        "offers": draw(st.lists(st.sampled_from(OFFERS), max_size=2)),
        "kind": draw(st.sampled_from(("01", "03"))),
        "igv": draw(st.sampled_from((Decimal(18), Decimal(18), Decimal(10)))),
        "on_credit": draw(st.booleans()),
    }


def order_of(drawn: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> Order:
    """The order that the price engine makes of it."""
    lines = drawn["lines"]
    variants = {
        n: PricedVariant(n, f"SKU-{n}", f"Goods {n}", price, Decimal(1), code, n, None, None)
        for n, ((price, _quantity, _percent), code) in enumerate(lines)
    }
    offers = tuple(
        Offer(n, kind, kind, Decimal(value), n, read_conditions(more, kind), None)
        for n, (kind, value, more) in enumerate(drawn["offers"])
    )
    monkeypatch.setattr(pricing, "read_prices", lambda _pieces: variants)
    rules = {
        "tax.igv_rate": drawn["igv"],
        "sales.cash_rounding": Decimal("0.10"),
    }
    monkeypatch.setattr(pricing, "read_setting", rules.__getitem__)
    sold = tuple(SaleLine(n, one[0][1], one[0][2]) for n, one in enumerate(lines))
    cart = Cart(1, sold, discount_percent=drawn["sale"], shipping=drawn["shipping"])
    priced = price_with(cart, Offers(offers), now=NOW)
    tax = pricing.price_sale(
        [pricing.LineToPrice(1, priced.shipping, "10")], pricing.SaleRules(igv=drawn["igv"])
    ).tax
    total = priced.to_pay
    owed = total if drawn["on_credit"] else Decimal(0)
    return Order(
        order_number="LIM1-00000042",
        currency="PEN",
        items=items_of(priced),
        shipping_cost=priced.shipping,
        tax_total=priced.totals.tax + tax,
        grand_total=total,
        payments=[OrderPayment(method="credit", amount=owed, status="completed")] if owed else [],
    )


def total_of(item: OrderItem) -> Decimal:
    return line_total(item.quantity, item.unit_price) - item.discount_amount


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=carts())
def test_a_document_comes_to_what_the_sale_came_to(drawn, db_session, monkeypatch):
    with monkeypatch.context() as patch:
        order = order_of(drawn, patch)
    # A line of IVAP (4 %) below twelve céntimos has none, which SUNAT doesn't take: there are none.
    assume(all(one.tax_code != "17" or one.tax_amount or not total_of(one) for one in order.items))
    customer = COMPANY if drawn["kind"] == "01" else PERSON
    issuing = Issuing(1, 1, ISSUER, frozenset({"01", "03"}), customer, 15)
    with monkeypatch.context() as patch:
        patch.setattr(
            "app.services.sunat.document_of_order.read_setting",
            {"tax.igv_rate": drawn["igv"]}.__getitem__,
        )
        document = document_of_order(order, drawn["kind"], issuing, {}, now=NOW)
    found = totals(document)
    assert found.payable == order.grand_total
    assert found.of(TaxScheme.IGV).amount + found.of(TaxScheme.IVAP).amount == order.tax_total
    numbered = replace(document, series="F001" if drawn["kind"] == "01" else "B001", number=1)
    assert validate(numbered) == ()
    assert document.issued_on == dt.date(2026, 6, 15)
