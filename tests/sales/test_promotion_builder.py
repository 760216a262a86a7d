"""Promotions as a form, in a sentence, and tried before anybody gets them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.db import session
from app.domain.promotions.conditions import read_conditions
from app.i18n import force_locale
from models.catalog import Brand, Category, Product, ProductVariant
from models.inventory import Location
from models.sales import Promotion
from tests.rows import make_row
from tests.services.shop import NOW, add_location, add_variant
from views.sales.promotion_form import OF_TYPE, has, inputs_of, typed_conditions
from views.sales.promotion_names import Names, read_names
from views.sales.promotion_words import sentence, sentences_of

TYPES = ("percent", "fixed_amount", "buy_x_get_y", "nth_item", "bundle_price", "free_shipping")
ids = st.lists(st.integers(1, 10**9), min_size=1, max_size=3, unique=True)
counts = st.integers(1, 999_999)
amounts = st.decimals(0, 10**9, places=2).map(lambda amount: f"{amount:.2f}")
times = st.times().map(lambda time: f"{time:%H:%M}")
hours = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1])
goods = dict.fromkeys(("categories", "brands", "products", "variants"), ids)
flags = st.just(True)
ANY = {
    "min_amount": amounts,
    "max_discount": amounts,
    "min_quantity": counts,
    "segments": st.lists(st.sampled_from(["VIP", "new", "a b"]), min_size=1, unique=True),
    "channels": st.lists(st.sampled_from(["pos", "web"]), min_size=1, unique=True),
    "locations": ids,
    "weekdays": st.lists(st.integers(1, 7), min_size=1, unique=True),
    "hours": st.lists(
        hours.map(lambda pair: {"from": pair[0], "to": pair[1]}), min_size=1, max_size=2
    ),
    "first_purchase": flags,
    "coupon": flags,
    "exclusive": flags,
    "stackable": st.just(False),
}
part = st.fixed_dictionaries({"quantity": counts}, optional=goods).filter(lambda one: len(one) > 1)
NEEDED = {
    "buy_x_get_y": {"buy": counts, "get": counts},
    "nth_item": {"nth": st.integers(2, 99)},
    "bundle_price": {"bundle": st.lists(part, min_size=1, max_size=4)},
}


@st.composite
def promotions(draw) -> tuple[str, dict]:
    kind = draw(st.sampled_from(TYPES))
    optional = dict(ANY)
    if has("goods", kind):
        optional |= goods
    if has("max_times", kind):
        optional["max_times"] = counts
    return kind, draw(st.fixed_dictionaries(NEEDED.get(kind, {}), optional=optional))


@given(promotions())
def test_the_form_loses_nothing_of_what_the_engine_understands(app, promotion):
    kind, raw = promotion
    read_conditions(raw, kind)
    with app.test_request_context():
        typed = typed_conditions(inputs_of(raw), kind)
        assert typed.errors == {}
        assert typed.raw == raw
        assert sentence(kind, Decimal(10), read_conditions(raw, kind), Names()).endswith(".")


def test_inputs_of_other_types_are_left_out(app):
    raw = {"buy": 2, "get": 1, "nth": 3, "max_times": 2, "categories": [1]}
    with app.test_request_context():
        assert typed_conditions(inputs_of(raw), "percent").raw == {"categories": [1]}
        assert typed_conditions(inputs_of({}), "nth_item").errors.keys() == {"nth"}
        assert typed_conditions(inputs_of({}), "bundle_price").errors.keys() == {"bundle"}
    assert set(OF_TYPE["buy"]) <= set(TYPES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("min_amount", "much"),
        ("min_amount", "1.234"),
        ("min_quantity", "0"),
        ("max_discount", "NaN"),
    ],
)
def test_what_is_no_number_is_said_beside_its_input(app, name, text):
    sent = inputs_of({})
    sent.add(f"c-{name}", text)
    with app.test_request_context():
        assert list(typed_conditions(sent, "percent").errors) == [name]


def words(kind: str, value: str, **raw: object) -> str:
    wanted = read_conditions(raw, kind)
    with force_locale("en"):
        return sentence(kind, Decimal(value), wanted, read_names([wanted]))


def test_sentences(app, db_session):
    drinks = make_row(Category, name="Drinks").id
    brand = make_row(Brand, name="Inca").id
    place = make_row(Location, name="Lima").id
    told = {
        words("percent", "10", categories=[drinks], weekdays=[1, 2],
              hours=[{"from": "18:00", "to": "21:00"}]):
            "10 % off Drinks, Monday and Tuesday, 18:00–21:00.",
        words("percent", "12.50"): "12.5 % off everything.",
        words("fixed_amount", "5", min_amount="50.00", locations=[place], coupon=True):
            "S/ 5.00 off everything, from S/ 50.00 up, at Lima, with a coupon.",
        words("buy_x_get_y", "100", buy=2, get=1, brands=[brand], max_times=1):
            "for 2 bought of Inca, 1 more free, at most 1 time a sale.",
        words("nth_item", "50", nth=2, categories=[drinks], brands=[brand]):
            "each 2. piece of Drinks or Inca with 50 % off.",
        words("bundle_price", "20", bundle=[{"categories": [drinks], "quantity": 2},
                                            {"brands": [brand], "quantity": 1}]):
            "2 × Drinks and 1 × Inca together for S/ 20.00.",
        words("free_shipping", "0", min_quantity=3, channels=["web", "phone"], exclusive=True):
            "free delivery with everything, from 3 pieces up, for sales by Phone or Web, "
            "not with other promotions.",
        words("percent", "5", stackable=False, segments=["VIP"], first_purchase=True):
            "5 % off everything, for customers of VIP, on a first purchase, "
            "not on goods that are discounted already.",
    }  # fmt: skip
    assert {said: said for said in told} == told


def test_many_promotions_are_told_in_as_many_statements(app, db_session, count_statements):
    taken = []
    for number in (1, 6):
        rows = [
            make_row(Promotion, type="percent", value=Decimal(1),
                     conditions={"categories": [make_row(Category).id]})
            for _n in range(number)
        ]  # fmt: skip
        with count_statements() as statements:
            sentences_of(rows)
        taken.append(len(statements))
    assert taken == [1, 1]


@pytest.fixture
def client(sign_in, db_session):
    return sign_in("manager")


def form_of(kind: str = "percent", value: str = "10", **more: object) -> dict[str, object]:
    start = {"name": "Offer", "priority": "0", "is_active": "y", "start_date": "2026-01-01T00:00"}
    return {**start, "type": kind, "value": value, **more}


def test_the_builder_saves_what_was_typed_and_shows_it_again(client):
    drinks = make_row(Category, name="Drinks").id
    session().commit()
    typed = form_of(**{"c-goods": f"categories:{drinks}", "c-weekdays": ["6", "7"],
                       "c-min_amount": "1,000", "c-apart": "y"})  # fmt: skip
    saved = client.post("/sales/promotion_builder/new", data=typed)
    assert saved.status_code == 302, saved.text
    row = session().scalars(sa.select(Promotion).where(Promotion.name == "Offer")).one()
    assert row.conditions == {
        "categories": [drinks], "weekdays": [6, 7], "min_amount": "1000.00", "stackable": False,
    }  # fmt: skip
    said = "10 % off Drinks, from S/ 1,000.00 up, Saturday and Sunday"
    assert said in client.get("/sales/promotion_builder/").text
    assert said in client.get(f"/sales/promotions/show/{row.id}").text
    page = client.get(f"/sales/promotion_builder/{row.id}").text
    assert f'value="categories:{drinks}" selected' in page
    assert 'value="1000.00"' in page


def test_mistakes_stay_beside_what_was_typed(client):
    wrong = client.post(
        "/sales/promotion_builder/new",
        data=form_of("buy_x_get_y", "100", **{"c-buy": "2", "c-min_amount": "x", "name": ""}),
    )
    assert wrong.status_code == 422
    assert "This is not an amount." in wrong.text
    assert 'id="c-get-error"' in wrong.text
    assert session().scalar(sa.select(sa.func.count()).select_from(Promotion)) == 0


def test_a_promotion_that_somebody_changed_meanwhile_is_not_overwritten(client):
    row = make_row(Promotion, name="Old", type="percent", value=5, conditions={})
    session().commit()
    page = client.get(f"/sales/promotion_builder/{row.id}").text
    import re

    hidden = dict(re.findall(r'name="(record_\w+)"[^>]*value="([^"]*)"', page))
    import html

    hidden = {name: html.unescape(text) for name, text in hidden.items()}
    row.name = "Changed"
    session().commit()
    saved = client.post(f"/sales/promotion_builder/{row.id}", data=form_of() | hidden)
    assert saved.status_code == 409
    session().expire_all()
    assert session().get_one(Promotion, row.id).name == "Changed"


def test_a_try_says_what_it_takes_off_and_why_not(client):
    place, variant = add_location(), add_variant("20.00")
    session().commit()
    lines = {
        "variant_id": [variant],
        "quantity": ["3"],
        "try_location": place,
        "try_channel": "pos",
    }
    tried = client.post("/sales/promotion_builder/try", data=form_of() | lines).text
    assert "This promotion takes S/ 6.00 off." in tried
    assert "10 % off everything." in tried
    web = client.post(
        "/sales/promotion_builder/try", data=form_of(**{"c-channels": ["web"]}) | lines
    ).text
    assert "It isn&#39;t for sales of this kind." in web
    half = client.post(
        "/sales/promotion_builder/try", data=form_of("nth_item", "50", **{"c-nth": "2"}) | lines
    ).text
    assert "takes S/ 10.00 off" in half
    assert session().scalar(sa.select(sa.func.count()).select_from(Promotion)) == 0


def test_a_try_replaces_the_saved_one_and_keeps_the_others(client):
    place, variant = add_location(), add_variant("20.00")
    since = NOW - dt.timedelta(days=1)
    mine = make_row(Promotion, name="Mine", type="percent", value=50, is_active=True,
                    conditions={}, start_date=since, end_date=None, priority=1)  # fmt: skip
    make_row(Promotion, name="Other", type="fixed_amount", value=1, is_active=True,
             conditions={}, start_date=since, end_date=None, priority=2)  # fmt: skip
    session().commit()
    lines = {"variant_id": [variant], "quantity": ["1"], "try_location": place,
             "try_at": "2026-06-15T10:00", "promotion_id": mine.id}  # fmt: skip
    tried = client.post("/sales/promotion_builder/try", data=form_of() | lines).text
    assert "This promotion takes S/ 2.00 off." in tried
    assert "Other" in tried
    assert "Mine" not in tried


def test_goods_are_found_by_name_and_by_code(client):
    make_row(Category, name="Soft drinks")
    make_row(Brand, name="Drinkwell")
    variant = add_variant("1", name="Drink of maize")
    sku = session().get_one(ProductVariant, variant).sku
    session().commit()
    found = client.get("/sales/promotion_builder/goods?q=drink").json["results"]
    texts = [one["text"] for one in found]
    assert "Category: Soft drinks" in texts
    assert "Brand: Drinkwell" in texts
    assert any(text.startswith("Product: Drink of maize") for text in texts)
    assert client.get(f"/sales/promotion_builder/goods?q={sku}").json["results"] == [
        {"id": f"variants:{variant}", "text": f"Variant: {_name(variant)}"}
    ]


def _name(variant: int) -> str:
    row = session().get_one(ProductVariant, variant)
    return session().get_one(Product, row.product_id).name
