"""The promotion engine: what each type takes off, and what holds for every cart."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import ZERO
from app.domain.promotions.cart import Cart, CartLine, Offer
from app.domain.promotions.conditions import ConditionsError, read_conditions
from app.domain.promotions.effects import EFFECTS, share
from app.domain.promotions.engine import REASONS, apply_promotions, explain_line

SATURDAY_EVENING = dt.datetime(2026, 11, 21, 19, 30, tzinfo=dt.UTC)


def line(key: int, quantity: int, price: str, **facts: Any) -> CartLine:
    return CartLine(key, facts.pop("variant", key), key, quantity, Decimal(price), **facts)


def offer(kind: str, value: str, *, key: int = 1, **conditions: Any) -> Offer:
    coupon = conditions.pop("coupon_id", None)
    read = read_conditions(conditions, kind)
    return Offer(key, f"Offer {key}", kind, Decimal(value), key, read, coupon)


def discounts(lines: list[CartLine], *offers: Offer, **cart: Any) -> dict[int, str]:
    facts = {"moment": SATURDAY_EVENING} | cart
    outcome = apply_promotions(Cart(tuple(lines), **facts), offers)
    return {key: str(amount) for key, amount in outcome.discounts.items() if amount}


def test_percent_is_rounded_line_by_line():
    lines = [line(1, 3, "3.33"), line(2, 1, "0.05")]
    assert discounts(lines, offer("percent", "15")) == {1: "1.50", 2: "0.01"}


def test_an_amount_is_shared_to_the_centimo():
    lines = [line(1, 1, "10.00"), line(2, 1, "10.00"), line(3, 1, "10.00")]
    assert discounts(lines, offer("fixed_amount", "10")) == {1: "3.34", 2: "3.33", 3: "3.33"}


def test_an_amount_is_never_more_than_the_goods_cost():
    assert discounts([line(1, 1, "4.00")], offer("fixed_amount", "10")) == {1: "4.00"}


def test_three_for_two_gives_the_cheapest_away():
    lines = [line(1, 1, "5.00"), line(2, 1, "9.00"), line(3, 1, "7.00")]
    assert discounts(lines, offer("buy_x_get_y", "100", buy=2, get=1)) == {1: "5.00"}


def test_an_incomplete_group_gives_nothing():
    assert discounts([line(1, 2, "5.00")], offer("buy_x_get_y", "100", buy=2, get=1)) == {}


def test_each_second_piece_at_half_price():
    lines = [line(1, 3, "10.00"), line(2, 2, "4.00")]  # 10 10* 10 4* 4
    assert discounts(lines, offer("nth_item", "50", nth=2)) == {1: "5.00", 2: "2.00"}


def test_so_many_times_at_most():
    lines = [line(1, 6, "10.00")]
    assert discounts(lines, offer("nth_item", "50", nth=2, max_times=2)) == {1: "10.00"}


def test_a_bundle_has_one_price_and_takes_the_dearest_pieces():
    lines = [
        line(1, 1, "30.00", categories=frozenset({7})),
        line(2, 1, "20.00", categories=frozenset({7})),
        line(3, 2, "5.00", variant=9),
    ]
    bundle = [{"categories": [7], "quantity": 1}, {"variants": [9], "quantity": 2}]
    # 30 and two of 5 for 35: five off, shared 30 : 10
    assert discounts(lines, offer("bundle_price", "35", bundle=bundle)) == {1: "3.75", 3: "1.25"}


def test_a_piece_is_in_one_component_of_a_bundle_only():
    part = {"variants": [1], "quantity": 2}
    bundle = offer("bundle_price", "1", bundle=[part, part])
    assert discounts([line(1, 3, "5.00")], bundle) == {}
    assert discounts([line(1, 4, "5.00")], bundle) == {1: "19.00"}


def test_a_bundle_that_costs_more_than_its_parts_is_none():
    part = [{"variants": [1], "quantity": 1}]
    assert discounts([line(1, 1, "5.00")], offer("bundle_price", "9", bundle=part)) == {}


def test_free_shipping_is_taken_off_the_shipping():
    cart = Cart((line(1, 1, "5.00"),), SATURDAY_EVENING, shipping=Decimal("12.00"))
    outcome = apply_promotions(cart, [offer("free_shipping", "0", max_discount="10.00")])
    assert (outcome.shipping_discount, outcome.total) == (Decimal("10.00"), Decimal("10.00"))


def test_goods_are_chosen_by_variant_product_brand_or_category_above():
    lines = [line(1, 1, "10"), line(2, 1, "10", brand_id=3), line(3, 1, "10")]
    half = offer("percent", "50", variants=[1], brands=[3])
    assert discounts(lines, half) == {1: "5.00", 2: "5.00"}


def test_priority_decides_and_later_ones_see_what_is_left():
    lines = [line(1, 1, "100.00")]
    first, second = offer("percent", "10", key=1), offer("fixed_amount", "95", key=2)
    assert discounts(lines, second, first) == {1: "100.00"}
    outcome = apply_promotions(Cart(tuple(lines), SATURDAY_EVENING), [second, first])
    taken = [(by.id, amount) for by, amount in explain_line(outcome, 1)]
    assert taken == [(1, Decimal("10.00")), (2, Decimal("90.00"))]


def test_what_is_not_stackable_leaves_discounted_lines_alone_and_closes_its_own():
    lines = [line(1, 1, "10"), line(2, 1, "10")]
    own = offer("percent", "10", key=1, variants=[1], stackable=False)
    later = offer("percent", "50", key=2)
    assert discounts(lines, own, later) == {1: "1.00", 2: "5.00"}
    early = offer("percent", "50", key=0, variants=[1])
    assert discounts(lines, early, own) == {1: "5.00"}


@pytest.mark.parametrize("first", [True, False])
def test_an_exclusive_one_applies_alone(first):
    exclusive = offer("percent", "10", key=1 if first else 3, exclusive=True)
    other = offer("percent", "50", key=2)
    outcome = apply_promotions(Cart((line(1, 1, "10"),), SATURDAY_EVENING), [exclusive, other])
    assert [applied.offer for applied in outcome.applied] == [exclusive if first else other]
    assert [skipped.reason for skipped in outcome.skipped] == ["exclusive"]


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"coupon": True}, "coupon"),
        ({"channels": ["web"]}, "channel"),
        ({"locations": [2]}, "location"),
        ({"segments": ["VIP"]}, "segment"),
        ({"first_purchase": True}, "first_purchase"),
        ({"weekdays": [1, 2, 3, 4, 5]}, "weekday"),
        ({"hours": [{"from": "08:00", "to": "19:30"}]}, "hours"),
        ({"variants": [99]}, "goods"),
        ({"min_quantity": 4}, "min_quantity"),
        ({"min_amount": "30.01"}, "min_amount"),
    ],
)
def test_why_a_promotion_does_not_apply(conditions, reason):
    cart = Cart((line(1, 3, "10"),), SATURDAY_EVENING, location_id=1, segment="NEW")
    [skipped] = apply_promotions(cart, [offer("percent", "10", **conditions)]).skipped
    assert skipped.reason == reason


@pytest.mark.parametrize(
    "conditions",
    [
        {"coupon": True, "coupon_id": 5},
        {"channels": ["pos"], "locations": [1], "segments": ["NEW"], "weekdays": [6]},
        {"hours": [{"from": "19:30", "to": "19:31"}]},
        {"hours": [{"from": "18:00", "to": "02:00"}]},
        {"min_quantity": 3, "min_amount": "30.00"},
    ],
)
def test_when_it_does(conditions):
    cart = Cart((line(1, 3, "10"),), SATURDAY_EVENING, location_id=1, segment="NEW")
    outcome = apply_promotions(cart, [offer("percent", "10", **conditions)])
    assert outcome.total == Decimal("3.00")


@pytest.mark.parametrize(
    ("kind", "raw", "named"),
    [
        ("percent", {"min_amount": 10}, "min_amount"),
        ("percent", {"colour": "red"}, "colour"),
        ("percent", {"hours": [{"from": "25:00", "to": "26:00"}]}, "hours"),
        ("buy_x_get_y", {"buy": 2}, "get"),
        ("nth_item", {"nth": 1}, "nth"),
        ("bundle_price", {"bundle": [{"quantity": 1}]}, "bundle"),
    ],
)
def test_conditions_that_can_not_be_used_name_the_mistake(kind, raw, named):
    with pytest.raises(ConditionsError, match=named):
        read_conditions(raw, kind)


# -- what holds for every cart

prices = st.decimals("0.01", "999.9999", places=4) | st.decimals("0.01", "999.99", places=2)
lines_of = st.lists(
    st.builds(
        lambda variant, quantity, price, category: (variant, quantity, price, category),
        st.integers(1, 4),
        st.integers(1, 12),
        prices,
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        CartLine(key, variant, variant, quantity, price, frozenset({category}))
        for key, (variant, quantity, price, category) in enumerate(rows, 1)
    ]
)
goods = st.fixed_dictionaries(
    {},
    optional={
        "variants": st.lists(st.integers(1, 4), min_size=1, max_size=2),
        "categories": st.lists(st.integers(1, 3), min_size=1, max_size=2),
        "stackable": st.booleans(),
        "exclusive": st.booleans(),
        "max_discount": st.integers(0, 300).map(lambda number: f"{number}.50"),
        "min_quantity": st.integers(1, 6),
        "max_times": st.integers(1, 3),
    },
)
component = st.fixed_dictionaries(
    {"quantity": st.integers(1, 3), "variants": st.lists(st.integers(1, 4), min_size=1)}
)
NEEDS = {
    "buy_x_get_y": st.fixed_dictionaries({"buy": st.integers(1, 3), "get": st.integers(1, 2)}),
    "nth_item": st.fixed_dictionaries({"nth": st.integers(2, 4)}),
    "bundle_price": st.fixed_dictionaries({"bundle": st.lists(component, min_size=1, max_size=2)}),
}


@st.composite
def offers_of(draw: Any) -> list[Offer]:
    found = []
    for key in range(1, draw(st.integers(1, 5)) + 1):
        kind = draw(st.sampled_from([*EFFECTS, "free_shipping"]))
        raw = draw(goods) | draw(NEEDS.get(kind, st.just({})))
        value = draw(st.decimals("0", "100", places=2))
        priority = draw(st.integers(0, 2))
        found.append(Offer(key, "", kind, value, priority, read_conditions(raw, kind)))
    return found


@given(lines_of, offers_of(), st.randoms(use_true_random=False), st.integers(0, 20))
def test_no_total_below_zero_every_centimo_explained_and_order_makes_no_difference(
    lines: list[CartLine], offers: list[Offer], shuffle: random.Random, shipping: int
):
    cart = Cart(tuple(lines), SATURDAY_EVENING, shipping=Decimal(shipping))
    outcome = apply_promotions(cart, offers)
    for each in lines:
        assert ZERO <= outcome.discounts[each.key] <= each.total
        explained = sum((amount for _by, amount in explain_line(outcome, each.key)), ZERO)
        assert explained == outcome.discounts[each.key]
        assert outcome.discounts[each.key].as_tuple().exponent == -2
    assert ZERO <= outcome.shipping_discount <= cart.shipping
    assert sum((applied.total for applied in outcome.applied), ZERO) == outcome.total
    assert len(outcome.applied) + len(outcome.skipped) == len(offers)
    assert {skipped.reason for skipped in outcome.skipped} <= set(REASONS)
    for applied in outcome.applied:
        most = applied.offer.conditions.max_discount
        assert most is None or applied.total <= most

    mixed, others = list(lines), list(offers)
    shuffle.shuffle(mixed)
    shuffle.shuffle(others)
    again = apply_promotions(Cart(tuple(mixed), SATURDAY_EVENING, shipping=cart.shipping), others)
    assert again.discounts == outcome.discounts
    assert again.shipping_discount == outcome.shipping_discount


@given(lines_of, st.integers(1, 3), st.integers(1, 2))
def test_counting_by_runs_is_counting_piece_by_piece(lines: list[CartLine], buy: int, get: int):
    pieces = sorted(
        (each for each in lines for _piece in range(each.quantity)),
        key=lambda each: (-each.unit_price, each.variant_id, each.key),
    )
    whole = len(pieces) // (buy + get) * (buy + get)
    free = [each.key for place, each in enumerate(pieces[:whole]) if place % (buy + get) >= buy]
    outcome = apply_promotions(
        Cart(tuple(lines), SATURDAY_EVENING), [offer("buy_x_get_y", "100", buy=buy, get=get)]
    )
    for each in lines:
        expected = each.total * free.count(each.key) / each.quantity
        assert abs(outcome.discounts[each.key] - expected) <= Decimal("0.005")


@given(
    st.decimals("0", "5000", places=2),
    st.dictionaries(st.integers(1, 50), st.decimals("0", "999.99", places=2), min_size=1),
)
def test_shares_add_up_and_are_fair_to_the_centimo(amount: Decimal, weights: dict[int, Decimal]):
    shares = share(amount, weights)
    whole = sum(weights.values(), ZERO)
    assert sum(shares.values(), ZERO) == min(amount, whole)
    for key, part in shares.items():
        assert ZERO <= part <= weights[key]
        assert abs(part - min(amount, whole) * weights[key] / whole) < Decimal("0.01")
