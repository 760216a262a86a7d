"""Variants from sizes and colours."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.catalog.errors import InvalidVariantsError, SkuTakenError, UnknownProductError
from app.services.catalog.make_variants import MakeVariants, make_variants, plan_variants
from models.catalog import ProductVariant
from tests.catalog.goods import NOW, add_product, manager, new_key, product_of, sku_of

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def product(db_session) -> int:
    return product_of(add_product("10")[0]).id


def make(product: int, **asked) -> list[str]:
    command = MakeVariants(new_key(), product, **asked)
    return make_variants(command, actor=manager(), now=NOW).result["made"]


def test_each_size_is_made_in_each_colour_with_the_pattern(product):
    made = make(
        product, sizes=("S", "500 ml"), colors=("Azul añil", "Rojo"), pattern="P-{color3}-{size}"
    )
    assert made == ["P-AZU-S", "P-AZU-500ML", "P-ROJ-S", "P-ROJ-500ML"]
    row = (
        session()
        .scalars(sa.select(ProductVariant).where(ProductVariant.sku == "P-AZU-500ML"))
        .one()
    )
    assert (row.product_id, row.size, row.color, row.price_override) == (
        product,
        "500 ml",
        "Azul añil",
        None,
    )


def test_what_exists_is_skipped_whatever_its_capitals(product):
    make(product, sizes=("S", "M"))
    assert make(product, sizes=("s", "m ", "L")) == [f"{product}-L"]


def test_sent_twice_it_is_made_once_and_answers_the_same(product):
    command = MakeVariants(new_key(), product, sizes=("S",))
    first, second = (make_variants(command, actor=manager(), now=NOW) for _ in range(2))
    assert first.result == second.result == {"made": [f"{product}-S"], "existing": 0}


def test_one_of_both_may_be_empty_and_repetitions_count_once(product):
    assert make(product, colors=("Rojo", "rojo", " ")) == [f"{product}-ROJO"]
    with pytest.raises(InvalidVariantsError):
        make(product, sizes=(" ",))


def test_codes_that_are_taken_are_named_and_nothing_is_made(product):
    taken = sku_of(add_product("1")[0])
    with pytest.raises(SkuTakenError) as refused:
        make(product, sizes=("S",), pattern=taken)
    assert refused.value.data["skus"] == [taken]
    with pytest.raises(InvalidVariantsError) as refused:
        make(product, sizes=("S", "M"), pattern="SAME")
    assert "pattern" in refused.value.fields


@pytest.mark.parametrize("pattern", ["{price}", "---", "{}"])
def test_a_pattern_that_gives_nothing_is_refused(product, pattern):
    with pytest.raises(InvalidVariantsError) as refused:
        make(product, sizes=("S",), pattern=pattern)
    assert "pattern" in refused.value.fields


def test_there_must_be_such_a_product():
    with pytest.raises(UnknownProductError):
        plan_variants(MakeVariants(new_key(), 0, sizes=("S",)))


def test_the_number_of_statements_does_not_grow(product, count_statements):
    numbers = []
    for sizes in (("A", "B"), tuple(f"s{n}" for n in range(60))):
        with count_statements() as statements:
            make(product, sizes=sizes, colors=("añil", "rojo"))
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 15


def test_the_page_previews_and_makes(product, sign_in):
    client = sign_in("manager")
    url = f"/catalog/variants/?product_id={product}"
    page = client.get(url).text
    assert url.replace("/?", "/?") in client.get(f"/catalog/products/show/{product}").text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    sent = {"key": key, "sizes": "S, M", "colors": "Rojo", "pattern": "{product}-{size}-{color}"}
    preview = client.post(url, data=sent)
    assert f"{product}-M-ROJO" in preview.text
    assert "Add 2 variants" in preview.text
    made = client.post(url, data=sent | {"step": "make"})
    assert made.status_code == 302
    wrong = client.post(
        url, data=sent | {"key": new_key(), "sizes": "XL", "pattern": "{no}", "step": "make"}
    )
    assert wrong.status_code == 422
    assert 'value="{no}"' in wrong.text


def test_only_those_who_may_add_variants_do(product, sign_in):
    assert sign_in("cashier").get(f"/catalog/variants/?product_id={product}").status_code in (
        302,
        403,
    )
