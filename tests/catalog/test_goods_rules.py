"""Slugs, barcodes, the category tree, primary pictures, and what can't be deleted."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.db import session
from models.catalog import Brand, Category, Product, ProductImage, ProductVariant
from tests.background.conftest import work_on  # noqa: F401 - a fixture
from tests.catalog.goods import add_product, product_of, sku_of
from tests.exchange.importing import Import, csv_of
from tests.processes import at_once
from tests.rows import make_row
from tests.services.shop import open_shop, receive

# --- slugs


def product(name: str, **values) -> Product:
    row = Product(name=name, base_price=Decimal(1), **values)
    session().add(row)
    session().flush()
    return row


def test_a_slug_is_made_of_the_name_and_numbered_where_it_is_taken(db_session):
    slugs = [product("  Polo Niño — Algodón 50% ").slug for _ in range(3)]
    assert slugs == ["polo-nino-algodon-50", "polo-nino-algodon-50-2", "polo-nino-algodon-50-3"]
    assert product("品").slug == "item"


def test_a_slug_that_is_typed_gets_its_form_and_stays(db_session):
    row = product("Polo", slug="Mi Polo Ñ")
    session().refresh(row)
    assert row.slug == "mi-polo-n"
    row.name = "Other"
    session().flush()
    session().refresh(row)
    assert row.slug == "mi-polo-n"


def test_rows_of_one_statement_get_slugs_of_their_own(db_session):
    session().execute(
        sa.text("INSERT INTO catalog.categories (name) SELECT 'Same' FROM generate_series(1, 60)")
    )
    slugs = session().scalars(sa.select(Category.slug).where(Category.name == "Same")).all()
    assert len(set(slugs)) == 60


def test_form_and_api_make_slugs_and_say_which_are_taken(sign_in, client, token):
    answer = sign_in("manager").post(
        "/catalog/products/add",
        data={"name": "Taza azul", "base_price": "5", "cost_price": "1", "tax_code": "10",
              "unit_code": "NIU", "status": "active", "attributes": "{}", "slug": ""},
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    assert (
        session().scalar(sa.select(Product.slug).where(Product.name == "Taza azul")) == "taza-azul"
    )
    body = {"name": "Taza azul", "base_price": "5"}
    made = client.post("/api/v1/catalog/products/", json=body, headers=token("manager"))
    assert made.status_code == 201, made.text
    taken = client.post(
        "/api/v1/catalog/products/", json=body | {"slug": "Taza Azul"}, headers=token("manager")
    )
    assert taken.status_code == 422
    assert "slug" in taken.text


# --- barcodes


@pytest.mark.parametrize(
    "code", ["4006381333931", "96385074", "036000291452", "ABC-1", "123", None]
)
def test_right_barcodes_and_codes_of_ones_own_are_taken(client, token, db_session, code):
    variant = add_product("1")[0]
    url = f"/api/v1/catalog/product_variants/{variant}"
    answer = client.patch(url, json={"barcode": code}, headers=token("manager"))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("code", "digit"), [("4006381333932", "1"), ("96385075", "4"), ("036000291453", "2")]
)
def test_a_wrong_check_digit_is_refused_beside_the_field(client, token, db_session, code, digit):
    variant = add_product("1")[0]
    url = f"/api/v1/catalog/product_variants/{variant}"
    answer = client.patch(url, json={"barcode": code}, headers=token("manager"))
    assert answer.status_code == 422
    assert f"would have to be {digit}" in str(answer.json["fields"]["barcode"])


def test_an_import_of_variants_tells_every_bad_row(sign_in, work_on):  # noqa: F811
    parent = product("Imported")
    taken = sku_of(add_product("1")[0])
    one = Import(sign_in("manager"), work_on, "/catalog/product_variants/import")
    one.send(
        csv_of(
            ("sku", "barcode", "product_id", "price_override"),
            ("NEW-1", "4006381333931", parent.slug, "5.50"),
            ("NEW-2", "4006381333932", parent.slug, "5.50"),
            (taken, "", parent.slug, "1"),
            ("NEW-3", "", "no-such-product", "1"),
            ("NEW-4", "", parent.slug, "cheap"),
            ("NEW-5", "", parent.slug, "-1"),
            ("", "", parent.slug, "1"),
            ("NEW-1", "", parent.slug, "1"),
        )
    )
    batch = one.step("check")
    assert (batch.created, batch.failed) == (1, 7)
    assert sorted({row for row, _label, _text in batch.mistakes}) == [3, 4, 5, 6, 7, 8, 9]
    assert one.step("run").state == "failed"
    assert (
        session().scalar(sa.select(ProductVariant.id).where(ProductVariant.sku == "NEW-1")) is None
    )
    batch = one.step("run", mode="good") if batch.state == "checked" else batch


def test_an_import_of_products_makes_slugs_and_finds_brand_and_category(sign_in, work_on):  # noqa: F811
    brand, category = make_row(Brand, name="Gloria"), make_row(Category, name="Lácteos")
    one = Import(sign_in("manager"), work_on, "/catalog/products/import")
    batch = one.all(
        csv_of(
            ("name", "base_price", "brand_id", "category_id", "status"),
            ("Leche", "4.50", "gloria", "LÁCTEOS", "active"),
            ("Leche", "4.60", "Gloria", "Lácteos", "Activo"),
        )
    )
    assert (batch.state, batch.created) == ("done", 2), batch.mistakes
    rows = session().scalars(sa.select(Product).where(Product.name == "Leche").order_by(Product.id))
    made = [(row.slug, row.brand_id, row.category_id, row.status) for row in rows]
    assert made == [
        ("leche", brand.id, category.id, "active"),
        ("leche-2", brand.id, category.id, "active"),
    ]


# --- the tree


def test_a_category_is_never_below_itself(client, token, db_session):
    top, middle, low = (make_row(Category) for _ in range(3))
    middle.parent_id, low.parent_id = top.id, middle.id
    session().commit()
    url = f"/api/v1/catalog/categories/{top.id}"
    answer = client.patch(url, json={"parent_id": low.id}, headers=token("manager"))
    assert answer.status_code == 422
    assert "below itself" in answer.text
    with pytest.raises(DBAPIError), session().begin_nested():
        session().execute(
            sa.text("UPDATE catalog.categories SET parent_id = :low WHERE id = :top"),
            {"low": low.id, "top": top.id},
        )


def test_two_moves_at_once_close_no_circle(real_app):
    one, other = make_row(Category), make_row(Category)
    keys = (one.id, other.id)
    session().commit()
    both_moved = threading.Barrier(2, timeout=1)

    def move(child: int, parent: int):
        def work() -> None:
            session().execute(
                sa.update(Category).where(Category.id == child).values(parent_id=parent)
            )
            with suppress(threading.BrokenBarrierError):  # the other may wait for our commit
                both_moved.wait()
            session().commit()

        return work

    found = at_once(real_app, [move(*keys), move(*reversed(keys))])
    assert sum(isinstance(one, DBAPIError) for one in found) == 1


# --- pictures


def images(of: Product) -> dict[str, bool]:
    session().execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    session().execute(sa.text("SET CONSTRAINTS ALL DEFERRED"))
    session().expire_all()
    rows = sa.select(ProductImage).where(ProductImage.product_id == of.id)
    return {row.url: row.is_primary for row in session().scalars(rows)}


@pytest.fixture
def pictured(db_session) -> Product:
    row = product("Pictured")
    for number, url in enumerate("abc"):
        session().add(ProductImage(product_id=row.id, url=url, display_order=number))
    session().flush()
    return row


def picture(url: str) -> ProductImage:
    return session().scalars(sa.select(ProductImage).where(ProductImage.url == url)).one()


def test_the_first_picture_is_the_primary_one(pictured):
    assert images(pictured) == {"a": True, "b": False, "c": False}


def test_the_flag_moves_to_the_picture_that_gets_it(pictured):
    images(pictured)
    picture("c").is_primary = True
    session().flush()
    assert images(pictured) == {"a": False, "b": False, "c": True}


def test_the_next_takes_over_when_the_primary_one_goes_or_loses_the_flag(pictured):
    images(pictured)
    picture("a").is_primary = False
    session().flush()
    assert images(pictured) == {"a": False, "b": True, "c": False}
    session().delete(picture("b"))
    session().flush()
    assert images(pictured) == {"a": True, "c": False}


def test_a_picture_that_moves_to_another_product_leaves_both_with_one(pictured):
    images(pictured)
    other = product("Other")
    picture("a").product_id = other.id
    session().flush()
    assert images(pictured) == {"b": True, "c": False}
    assert images(other) == {"a": True}


def test_in_the_form_a_picture_is_dragged_first_and_gets_the_flag_at_once(pictured, sign_in):
    images(pictured)
    session().commit()
    client = sign_in("manager")
    url = f"/catalog/products/edit/{pictured.id}"
    page = client.get(url).text

    def value(name: str) -> str:
        return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]

    rows = ("2", "0", "1")  # the third is dragged to the first place
    sent = {
        "name": "Pictured", "slug": pictured.slug, "base_price": "1", "cost_price": "0",
        "tax_code": "10", "unit_code": "NIU", "status": "draft", "attributes": "{}",
        "record_stamp": value("record_stamp"), "product_images-sent": "1",
    }  # fmt: skip
    for row in rows:
        for name in ("pk", "digest"):
            sent[f"product_images-{row}-{name}"] = value(f"product_images-{row}-{name}")
    for row in ("0", "2"):  # the first still has its tick
        sent[f"product_images-{row}-is_primary"] = "y"
    answer = client.post(url, data=sent)
    assert answer.status_code == 302, re.findall(r"invalid-feedback[^<]*<[^<]*", answer.text)
    assert images(pictured) == {"a": False, "b": False, "c": True}
    order = {url: picture(url).display_order for url in "abc"}
    assert order == {"c": 0, "a": 1, "b": 2}


# --- deleting


def delete(client, variant: int | None = None, product: int | None = None):
    table, key = ("product_variants", variant) if variant else ("products", product)
    return client.post(f"/catalog/{table}/delete/{key}", follow_redirects=True).text


def test_goods_that_nobody_used_go_to_the_trash(sign_in):
    variant = add_product("1")[0]
    client = sign_in("manager")
    assert "was deleted" in delete(client, variant)
    assert "was deleted" in delete(client, product=product_of(add_product("1")[0]).id)


@pytest.mark.parametrize("use", ["sold", "stocked", "priced"])
def test_goods_in_use_are_archived_not_deleted(sign_in, use):
    variant = add_product("10")[0]
    shop = open_shop()
    if use != "priced":
        receive(shop.location, {variant: 1})
    if use == "sold":
        shop.sell({variant: 1}, "10.00", "10.00")
    if use == "priced":
        session().get_one(ProductVariant, variant).price_override = Decimal(5)
        session().commit()
    client = sign_in("manager")
    assert "switch off" in delete(client, variant)
    product_key = product_of(variant).id
    assert "archive it" in delete(client, product=product_key)
    session().expire_all()
    assert session().get_one(ProductVariant, variant).deleted_at is None
    assert session().get_one(Product, product_key).deleted_at is None


def test_a_category_with_goods_is_switched_off_not_deleted(sign_in):
    category = make_row(Category)
    add_product("1", category_id=category.id)
    page = sign_in("manager").post(
        f"/catalog/categories/delete/{category.id}", follow_redirects=True
    )
    assert "switch off" in page.text
