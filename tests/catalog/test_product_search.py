"""What a cashier finds: by code, by words without accents, by size and colour, in a good order."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.sales.find_products import _in_code, _in_name, find_products
from models.catalog import ProductVariant
from tests.services.shop import add_location, add_variant, receive

pytestmark = pytest.mark.usefixtures("db_session")


def names(text: str, location: int | None = None) -> list[str]:
    return [found.name for found in find_products(text, location or 0)]


def test_accents_and_capitals_do_not_matter():
    add_variant("5", name="Champú Rosé")
    for text in ("champu", "CHAMPÚ rose", "rosé"):
        assert names(text) == ["Champú Rosé"], text


def test_a_code_typed_whole_comes_alone_whatever_else_holds_it():
    one = add_variant("5", name="Polo", barcode="7751234567898")
    add_variant("5", name="Caja de 7751234567898")
    [found] = find_products("7751234567898", 0)
    assert (found.variant_id, found.exact) == (one, True)
    sku = session().get_one(ProductVariant, one).sku
    assert [found.variant_id for found in find_products(sku.lower(), 0)] == [one]


def test_size_and_colour_narrow_it_down_in_any_order():
    for size, color in (("M", "Rojo"), ("L", "Rojo"), ("M", "Azul")):
        add_variant("5", name="Polo clásico", size=size, color=color)
    assert names("polo clasico m rojo") == names("polo clasico rojo m") == ["Polo clásico M Rojo"]
    assert sorted(names("polo azul")) == ["Polo clásico M Azul"]
    assert len(names("polo l")) == 1


def test_codes_that_begin_with_the_text_come_first_then_what_is_in_stock():
    place = add_location()
    add_variant("5", name="A with none of AB12")
    stocked = add_variant("5", name="B with AB12")
    coded = add_variant("5", name="C", barcode="AB12-77")
    receive(place, {stocked: 3})
    assert names("ab12", place) == ["B with AB12", "A with none of AB12", "C"] or names(
        "AB12", place
    ) == ["C", "B with AB12", "A with none of AB12"]
    assert find_products("AB12", place)[0].variant_id == coded


def test_what_is_not_for_sale_is_not_found():
    add_variant("5", name="Draftly", status="draft")
    add_variant("5", name="Draftly off", is_active=False)
    assert names("draftly") == []


@pytest.mark.parametrize("text", ["", " % ", "_", "\\", "100%", "a\x00", "'", "x" * 300])
def test_signs_mean_themselves(text):
    add_variant("5", name="Plain")
    assert names(text) in ([], ["Plain"] if text == "a\x00" else [])


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (_in_name("champú"), "ix_products_name_trgm"),
        (_in_code(ProductVariant.sku, "ab12"), "ix_product_variants_sku_trgm"),
        (_in_code(ProductVariant.barcode, "77"), "ix_product_variants_barcode_trgm"),
    ],
)
def test_it_asks_for_what_the_trigram_indexes_hold(condition, index):
    indexed = session().scalar(
        sa.text("SELECT pg_get_indexdef(CAST(:name AS regclass), 1, true)"),
        {"name": f"catalog.{index}"},
    )
    asked = str(condition.compile(session().get_bind()))
    function, column = indexed.removesuffix(")").split("(")
    assert function == "platform.folded"
    assert f".{column}) LIKE platform.folded(" in asked


def test_it_takes_few_statements_and_leaves_no_settings_behind(count_statements):
    add_variant("5", name="Polo", size="M")
    with count_statements() as statements:
        assert len(find_products("polo m", 0)) == 1
    assert len(statements) == 4
    left = session().scalar(sa.text("SELECT current_setting('enable_seqscan')"))
    assert left == "on"
