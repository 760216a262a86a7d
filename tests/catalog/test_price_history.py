"""No door leads past the history of prices: each change has who, what for and from where."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.admin.describe import describe
from app.db import session
from models.catalog import PriceChange, ProductVariant
from models.identity import User
from tests.admin.test_saving import stamp_of
from tests.background.conftest import work_on  # noqa: F401 - a fixture
from tests.bulk.test_inline import sent
from tests.bulk.test_inline import stamp_of as stamp_of_cell
from tests.catalog.goods import add_product, history, product_of, sku_of
from tests.exchange.importing import Import, csv_of
from tests.rows import filled_form


@pytest.fixture
def variant(db_session) -> int:
    return add_product("10")[0]


def user(name: str) -> int:
    return session().scalar(sa.select(User.id).where(User.username == name))


def the_change(variant: int) -> PriceChange:
    session().expire_all()
    [row] = history(variant)
    assert (row.old_price, row.new_price, row.change_type) == (10, 12, "BASE")
    return row


def test_the_edit_form(variant, sign_in):
    product = product_of(variant)
    client = sign_in("manager")
    page = client.get(f"/catalog/products/edit/{product.id}").text
    data = {
        "name": product.name,
        "slug": product.slug,
        "base_price": "12",
        "cost_price": "1",
        "tax_code": "10",
        "unit_code": "NIU",
        "status": "active",
        "attributes": "{}",
        "record_stamp": stamp_of(page),
    }
    answer = client.post(f"/catalog/products/edit/{product.id}", data=data)
    assert answer.status_code == 302, answer.text
    row = the_change(variant)
    assert (row.changed_by, row.reference_source) == (user("manager"), "screen")
    assert row.reference_id


def test_the_api(variant, client, token):
    answer = client.patch(
        f"/api/v1/catalog/product_variants/{variant}",
        json={"price_override": "12"},
        headers=token("manager"),
    )
    assert answer.status_code == 200, answer.text
    row = the_change(variant)
    assert (row.changed_by, row.reference_source) == (user("manager"), "api")


def test_a_cell_of_the_list(variant, sign_in):
    client = sign_in("manager")
    url = f"/catalog/product_variants/inline/{variant}/price_override"
    data = sent("price_override", "12", stamp_of_cell(client.get(url).text))
    assert client.post(url, data=data).status_code == 200
    assert the_change(variant).changed_by == user("manager")


def test_a_bulk_edit(variant, sign_in):
    data = {
        "key": str(variant),
        "field": "price_override",
        "value-price_override": "12",
        "value-price_override-here": "1",
        "step": "run",
        "expected": "1",
    }
    answer = sign_in("manager").post("/catalog/product_variants/bulk/edit", data=data)
    assert answer.status_code == 302, answer.text
    assert the_change(variant).changed_by == user("manager")


def test_an_import(variant, sign_in, work_on):  # noqa: F811
    one = Import(sign_in("manager"), work_on, "/catalog/product_variants/import")
    batch = one.all(csv_of(("sku", "price_override"), (sku_of(variant), "12")), match="sku")
    assert (batch.state, batch.updated) == ("done", 1)
    row = the_change(variant)
    assert (row.changed_by, row.reference_source) == (user("manager"), "import")
    assert row.reference_id == str(batch.id)
    assert "rows.csv" in row.justification


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalog.products SET base_price = 12 WHERE id = :product",
        "UPDATE catalog.product_variants SET price_override = 12 WHERE id = :variant",
        """MERGE INTO catalog.product_variants AS v USING (SELECT 1) ON v.id = :variant
           WHEN MATCHED THEN UPDATE SET price_override = 12""",
    ],
)
def test_plain_sql(variant, statement):
    values = {"product": product_of(variant).id, "variant": variant}
    names = {name: key for name, key in values.items() if f":{name}" in statement}
    session().execute(sa.text(statement), names)
    the_change(variant)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE catalog.products DISABLE TRIGGER record_price",
        "DROP TRIGGER record_price ON catalog.product_variants",
        "SET session_replication_role = replica",
        "UPDATE catalog.price_change_history SET new_price = 1",
        "DELETE FROM catalog.price_change_history",
        "TRUNCATE catalog.price_change_history",
    ],
)
def test_the_application_cannot_get_the_trigger_or_the_rows_out_of_the_way(variant, statement):
    session().get_one(ProductVariant, variant).price_override = Decimal(12)
    session().flush()
    with pytest.raises(DBAPIError), session().begin_nested():
        session().execute(sa.text(statement))
    assert len(history(variant)) == 1


def test_the_history_takes_no_row_from_a_form_or_the_api(variant, sign_in, client, token):
    data = filled_form(describe(PriceChange)) if describe(PriceChange).writable else {}
    assert sign_in("admin").post("/catalog/price_change_history/add", data=data).status_code in (
        302,
        403,
        404,
        405,
    )
    answer = client.post(
        "/api/v1/catalog/price_change_history/",
        json={"variant_id": variant, "old_price": "1", "new_price": "2"},
        headers=token("admin"),
    )
    assert answer.status_code in (403, 404, 405)
    assert history(variant) == []
