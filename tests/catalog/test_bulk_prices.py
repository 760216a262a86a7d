"""Many prices at once: what is chosen, how it is worked out, applied, refused, undone."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import atomic, session
from app.services.catalog.apply_prices import ApplyPrices, apply_prices
from app.services.catalog.errors import (
    InvalidPriceRuleError,
    JustificationError,
    NoPricesError,
    PricesChangedError,
    PriceWarningsError,
    UnknownPriceChangeError,
    UnknownSkusError,
)
from app.services.catalog.prepare_again import (
    PrepareAgain,
    UndoPrices,
    prepare_again,
    undo_prices,
)
from app.services.catalog.prepare_prices import ListedPrice, PreparePrices, prepare_prices
from app.services.catalog.price_change import find_price_change
from app.services.catalog.read_price_change import read_price_lines, read_price_totals
from models.catalog import (
    Brand,
    BulkPriceChange,
    BulkPriceLine,
    Category,
    Product,
    ProductVariant,
)
from tests.catalog.goods import (
    NOW,
    add_product,
    by,
    history,
    manager,
    new_key,
    price_of,
    product_of,
    sku_of,
)
from tests.rows import make_row

pytestmark = pytest.mark.usefixtures("db_session")


def prepare(**asked) -> int:
    command = PreparePrices(key=new_key(), **asked)
    return prepare_prices(command, actor=manager(), now=NOW).result["price_change"]


def apply(change: int, why: str = "New supplier prices", *, accept: bool = True):
    actor = manager()
    with by(actor):
        command = ApplyPrices(change, why, accept_warnings=accept)
        return apply_prices(command, actor=actor, now=NOW)


def proposed(change: int) -> dict[int, Decimal]:
    row = BulkPriceLine
    rows = sa.select(row.variant_id, row.new_price).where(row.bulk_change_id == change)
    return dict(session().execute(rows).all())


# --- which goods


def test_a_category_is_chosen_with_all_below_it():
    top, middle, low, other = (make_row(Category) for _ in range(4))
    middle.parent_id, low.parent_id = top.id, middle.id
    session().flush()
    goods = {c.id: add_product("10", category_id=c.id)[0] for c in (top, middle, low, other)}
    found = proposed(prepare(value=Decimal(10), category_id=top.id))
    assert found.keys() == {goods[top.id], goods[middle.id], goods[low.id]}


def test_brand_and_words_narrow_the_choice_together():
    brand = make_row(Brand)
    right = add_product("10", brand_id=brand.id, name="Champú Rosé")[0]
    add_product("10", brand_id=brand.id, name="Jabón")
    add_product("10", name="Champú Rosé")
    found = proposed(prepare(value=Decimal(10), brand_id=brand.id, search="champu ROSE"))
    assert found.keys() == {right}


def test_words_may_be_in_the_sku_too_and_signs_mean_themselves():
    variant = add_product("10")[0]
    assert proposed(prepare(value=Decimal(1), search=sku_of(variant))).keys() == {variant}
    with pytest.raises(NoPricesError):
        prepare(value=Decimal(1), search="100%_x")


def test_archived_products_and_deleted_ones_are_left_out():
    brand = make_row(Brand)
    add_product("10", brand_id=brand.id, status="archived")
    add_product("10", brand_id=brand.id, deleted_at=NOW)
    kept, gone = add_product("10", (None, None), brand_id=brand.id)
    session().get_one(ProductVariant, gone).deleted_at = NOW
    session().flush()
    assert proposed(prepare(value=Decimal(1), brand_id=brand.id)).keys() == {kept}


# --- the rule


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ({"value": Decimal(10)}, "10.00", "11.00"),
        ({"value": Decimal("-12.5")}, "10.00", "8.75"),
        ({"kind": "amount", "value": Decimal("0.35")}, "10.00", "10.35"),
        ({"kind": "amount", "value": Decimal(-30)}, "10.00", "0.00"),
        ({"kind": "set", "value": Decimal("7.5")}, "10.00", "7.50"),
        ({"value": Decimal(10), "ending": Decimal("0.90")}, "10.00", "10.90"),
        ({"value": Decimal(0), "ending": Decimal("0.90")}, "10.39", "9.90"),
        ({"value": Decimal(0), "ending": Decimal("0.90")}, "10.41", "10.90"),
        ({"value": Decimal(0), "ending": Decimal("0.99")}, "0.20", "0.99"),
        ({"value": Decimal(0), "ending": Decimal("0.00")}, "10.50", "11.00"),
    ],
)
def test_rules_make_the_new_price(rule, before, after):
    product = product_of(add_product(before)[0])
    [new] = proposed(prepare(product_id=product.id, **rule)).values()
    assert new == Decimal(after)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    price=st.decimals("0.01", 9999, places=2),
    percent=st.decimals(-99, 300, places=1),
    ending=st.sampled_from([None, Decimal("0.90"), Decimal("0.99"), Decimal("0.50"), Decimal(0)]),
)
def test_no_price_is_negative_and_each_ends_as_asked(price, percent, ending):
    product = product_of(add_product(str(price))[0])
    try:
        [new] = proposed(prepare(product_id=product.id, value=percent, ending=ending)).values()
    except (NoPricesError, InvalidPriceRuleError):
        return  # nothing would change
    assert new >= 0
    exact = price * (1 + percent / 100)
    assert abs(new - exact) <= (Decimal("0.005") if ending is None else Decimal(1))
    if ending is not None:
        assert new % 1 == ending


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "double"}, "kind"),
        ({"value": Decimal(0)}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": Decimal(1001)}, "value"),
        ({"kind": "set", "value": Decimal(-1)}, "value"),
        ({"value": Decimal(1), "ending": Decimal(2)}, "ending"),
        ({"prices": (ListedPrice("A", Decimal(-1)),)}, "file"),
        ({"prices": (ListedPrice("A", Decimal(1)), ListedPrice("A", Decimal(2)))}, "file"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(asked, field):
    with pytest.raises(InvalidPriceRuleError) as refused:
        prepare(**asked)
    assert field in refused.value.fields


# --- a list


def test_a_list_says_which_prices_and_unchanged_ones_are_counted():
    one, two = add_product("10", ("5", "6"))
    command = PreparePrices(
        new_key(),
        prices=(ListedPrice(sku_of(one), Decimal("5.50")), ListedPrice(sku_of(two), Decimal(6))),
    )
    result = prepare_prices(command, actor=manager(), now=NOW).result
    assert (result["prices"], result["unchanged"]) == (1, 1)
    assert proposed(result["price_change"]) == {one: Decimal("5.5")}


def test_unknown_skus_of_a_list_are_all_named():
    variant = add_product("10")[0]
    names = ("NO-1", sku_of(variant), "NO-2")
    with pytest.raises(UnknownSkusError) as refused:
        prepare(prices=tuple(ListedPrice(name, Decimal(1)) for name in names))
    assert refused.value.data["skus"] == ["NO-1", "NO-2"]
    assert session().scalar(sa.select(sa.func.count()).select_from(BulkPriceChange)) == 0


# --- applying


def test_prices_are_changed_as_one_reference_with_who_and_why():
    brand = make_row(Brand)
    follower, own = add_product("10", (None, "20"), brand_id=brand.id)
    change = prepare(value=Decimal(10), brand_id=brand.id)
    assert apply(change).prices == 2
    session().expire_all()
    assert (price_of(follower), price_of(own)) == (11, 22)
    for variant in (follower, own):
        [row] = history(variant)
        assert (row.change_type, row.reference_source, row.reference_id) == (
            "BULK",
            "bulk_change",
            str(change),
        )
        assert (row.changed_by, row.justification) == (manager().user_id, "New supplier prices")
    row = find_price_change(change)
    assert (row.status, row.applied_by, row.applied_at) == ("applied", manager().user_id, NOW)


def test_a_later_change_in_the_same_transaction_is_nobodys_bulk_change():
    variant = add_product("10")[0]
    with atomic():
        apply(prepare(value=Decimal(10), product_id=product_of(variant).id))
        session().get_one(ProductVariant, variant).price_override = Decimal(5)
        session().flush()
    assert [row.change_type for row in history(variant)] == ["BULK", "BASE"]
    assert history(variant)[1].justification is None


def test_the_products_price_changes_only_where_all_who_follow_it_get_the_same():
    one, two = add_product("10", (None, None))
    apply(prepare(value=Decimal(10), product_id=product_of(one).id))
    session().expire_all()
    assert product_of(one).base_price == 11
    assert session().get_one(ProductVariant, one).price_override is None
    apply(prepare(prices=(ListedPrice(sku_of(two), Decimal(15)),)))
    session().expire_all()
    assert product_of(one).base_price == 11
    assert (price_of(one), price_of(two)) == (11, 15)


def test_applied_twice_it_is_applied_once():
    variant = add_product("10")[0]
    change = prepare(value=Decimal(10), product_id=product_of(variant).id)
    first, second = apply(change), apply(change, "Another reason")
    assert (first.prices, first.replayed) == (1, False)
    assert (second.prices, second.replayed) == (1, True)
    assert len(history(variant)) == 1


def test_preparing_twice_with_one_key_makes_one_draft():
    variant = add_product("10")[0]
    command = PreparePrices(new_key(), value=Decimal(5), product_id=product_of(variant).id)
    first, second = (prepare_prices(command, actor=manager(), now=NOW) for _ in range(2))
    assert first.result == second.result
    assert second.replayed


def test_a_reason_is_required():
    change = prepare(value=Decimal(5), product_id=product_of(add_product("10")[0]).id)
    with pytest.raises(JustificationError) as refused:
        apply(change, "  \x00 ")
    assert "justification" in refused.value.fields
    assert find_price_change(change).status == "draft"


def test_prices_of_zero_and_below_cost_must_be_meant():
    cheap = add_product("10", cost_price=Decimal(9))[0]  # 10 with IGV brings 8.47
    brand = make_row(Brand)
    product_of(cheap).brand_id = brand.id
    free = add_product("10", brand_id=brand.id)[0]
    session().flush()
    listed = (ListedPrice(sku_of(cheap), Decimal("10.5")), ListedPrice(sku_of(free), Decimal(0)))
    change = prepare(prices=listed)
    totals = read_price_totals(find_price_change(change))
    assert (totals.below_cost, totals.zero, totals.raised, totals.lowered) == (1, 1, 1, 1)
    with pytest.raises(PriceWarningsError) as refused:
        apply(change, accept=False)
    assert refused.value.data == {"below_cost": 1, "zero": 1}
    assert apply(change, accept=True).prices == 2


def test_a_price_changed_meanwhile_is_a_conflict_that_names_it():
    one, two = add_product("10", ("5", "6"))
    change = prepare(value=Decimal(10), product_id=product_of(one).id)
    session().get_one(ProductVariant, two).price_override = Decimal(7)
    session().commit()
    with pytest.raises(PricesChangedError) as refused:
        apply(change)
    assert refused.value.status == 409
    assert sku_of(two) in refused.value.message
    assert sku_of(one) not in refused.value.message
    assert refused.value.data["prices"] == [{"sku": sku_of(two), "seen": "6.0000", "now": "7.0000"}]
    assert price_of(one) == 5


def test_goods_deleted_meanwhile_are_a_conflict_too():
    one = add_product("10")[0]
    change = prepare(value=Decimal(10), product_id=product_of(one).id)
    product_of(one).deleted_at = NOW
    session().commit()
    with pytest.raises(PricesChangedError):
        apply(change)


def test_prepared_again_it_starts_from_the_prices_of_now():
    one = add_product("10", ("5",))[0]
    old = prepare(value=Decimal(10), product_id=product_of(one).id)
    listed = prepare(prices=(ListedPrice(sku_of(one), Decimal(9)),))
    session().get_one(ProductVariant, one).price_override = Decimal(7)
    session().commit()
    made = []
    for draft in (old, listed):
        command = PrepareAgain(new_key(), draft)
        made.append(prepare_again(command, actor=manager(), now=NOW).result["price_change"])
    assert [proposed(change)[one] for change in made] == [Decimal("7.70"), Decimal(9)]
    apply(made[0])
    assert price_of(one) == Decimal("7.70")


def test_an_undo_is_another_change_with_the_old_prices():
    brand = make_row(Brand)
    one, two = add_product("10", (None, "20"), brand_id=brand.id)
    change = prepare(value=Decimal(50), brand_id=brand.id)
    apply(change)
    undo = undo_prices(UndoPrices(new_key(), change), actor=manager(), now=NOW).result
    assert (price_of(one), price_of(two)) == (15, 30)
    apply(undo["price_change"], "A mistake")
    session().expire_all()
    assert (price_of(one), price_of(two)) == (10, 20)
    assert [row.justification for row in history(one)] == ["New supplier prices", "A mistake"]


def test_what_is_a_draft_is_not_undone_and_what_is_not_there_not_found():
    change = prepare(value=Decimal(5), product_id=product_of(add_product("10")[0]).id)
    with pytest.raises(NoPricesError):
        undo_prices(UndoPrices(new_key(), change), actor=manager(), now=NOW)
    for key in (0, -1, 10**30):
        with pytest.raises(UnknownPriceChangeError):
            apply(key)


def test_a_character_that_no_text_has_does_no_harm():
    product = product_of(add_product("10", name="Plain")[0]).id
    assert prepare(value=Decimal(1), product_id=product, search="pl\x00ain")
    with pytest.raises(InvalidPriceRuleError):
        prepare(prices=(ListedPrice("A\x00", Decimal(1)),))


def test_old_drafts_of_the_same_person_go():
    product = product_of(add_product("10")[0]).id
    old = prepare(value=Decimal(5), product_id=product)
    find_price_change(old).created_at = NOW.replace(year=2025)
    session().flush()
    new = prepare(value=Decimal(6), product_id=product)
    left = set(session().scalars(sa.select(BulkPriceChange.id)))
    assert new in left
    assert old not in left


def test_the_number_of_statements_does_not_grow_with_the_prices(count_statements):
    numbers = []
    for size in (2, 40):
        brand = make_row(Brand)
        for _product in range(size):
            add_product("10", (None, "20"), brand_id=brand.id)
        session().commit()
        with count_statements() as statements:
            change = prepare(value=Decimal(10), brand_id=brand.id)
            read_price_lines(find_price_change(change))
            apply(change)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 30


def test_the_margin_is_of_the_price_without_tax():
    one = add_product("10", cost_price=Decimal(5))[0]
    change = prepare(kind="set", value=Decimal("11.80"), product_id=product_of(one).id)
    [line] = read_price_lines(find_price_change(change))
    assert line.margin == Decimal(50)
    assert not line.below_cost
    exonerated = add_product("10", cost_price=Decimal(5), tax_code="20")[0]
    change = prepare(kind="set", value=Decimal(20), product_id=product_of(exonerated).id)
    [line] = read_price_lines(find_price_change(change))
    assert line.margin == Decimal(75)


def test_deleted_followers_are_recorded_as_well():
    kept, gone = add_product("10", (None, None))
    session().get_one(ProductVariant, gone).deleted_at = NOW
    session().flush()
    apply(prepare(value=Decimal(10), product_id=product_of(kept).id))
    session().expire_all()
    assert session().get_one(Product, product_of(kept).id).base_price == 11
    assert len(history(gone)) == 1
