"""Changing one cell of a list in its place."""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa

from app.db import session
from models.catalog import Brand, Product
from models.crm import Company
from tests.rows import make_row


def stamp_of(page: str) -> str:
    return re.search(r'name="stamp" value="([^"]*)"', page)[1]


def sent(name: str, value: str, stamp: str) -> dict:
    return {
        f"value-{name}": value,
        f"value-{name}-here": "1",
        "stamp": stamp,
        "columns": ["name", "base_price", "brand_id", "nonsense"],
    }


def test_a_cell_is_changed_and_its_row_comes_back(sign_in):
    brand = make_row(Brand, name="New brand")
    product = make_row(Product, name="Cell", base_price=1)
    session().commit()
    client = sign_in("admin")
    url = f"/catalog/products/inline/{product.id}"
    stamp = stamp_of(client.get(f"{url}/base_price").text)
    answer = client.post(f"{url}/base_price", data=sent("base_price", "12.5", stamp))
    assert answer.status_code == 200
    assert re.findall(r'data-column="(\w+)"', answer.text) == ["name", "base_price", "brand_id"]
    assert "12.5" in answer.text
    stamp = stamp_of(client.get(f"{url}/brand_id").text)
    answer = client.post(f"{url}/brand_id", data=sent("brand_id", str(brand.id), stamp))
    assert "New brand" in answer.text
    session().expire_all()
    assert product.base_price == dt_decimal("12.5")
    assert product.brand_id == brand.id


def dt_decimal(text: str):
    from decimal import Decimal

    return Decimal(text)


def test_a_refusal_stands_beside_the_cell(sign_in):
    make_row(Product, slug="taken")
    product = make_row(Product, base_price=1)
    session().commit()
    client = sign_in("admin")
    url = f"/catalog/products/inline/{product.id}"
    stamp = stamp_of(client.get(f"{url}/base_price").text)
    wrong = client.post(f"{url}/base_price", data=sent("base_price", "-1", stamp))
    assert wrong.status_code == 422
    assert "At least 0." in wrong.text
    assert 'value="-1"' in wrong.text, "what was typed stays"
    taken = client.post(f"{url}/slug", data=sent("slug", "taken", stamp))
    assert taken.status_code == 422
    assert "already has this value" in taken.text


def test_a_cell_that_somebody_else_changed_shows_theirs(sign_in):
    company = make_row(Company, name="Before")
    session().commit()
    client = sign_in("admin")
    url = f"/crm/companies/inline/{company.id}/name"
    stamp = stamp_of(client.get(url).text)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    session().execute(
        sa.update(Company).where(Company.id == company.id).values(name="Theirs", updated_at=later)
    )
    session().commit()
    answer = client.post(url, data=sent("name", "Mine", stamp))
    assert answer.status_code == 409
    assert 'value="Theirs"' in answer.text
    assert session().scalar(sa.select(Company.name).where(Company.id == company.id)) == "Theirs"
    again = client.post(url, data=sent("name", "Mine", stamp_of(answer.text)))
    assert again.status_code == 200


def test_only_plain_columns_that_one_may_set_have_an_input(sign_in):
    product = make_row(Product)
    session().commit()
    client = sign_in("admin")
    for name in ("id", "created_at", "attributes", "nonsense"):
        assert client.get(f"/catalog/products/inline/{product.id}/{name}").status_code == 404
    assert "data-editable=" in client.get("/catalog/products/list/").text
    assert "data-editable=" not in sign_in("auditor").get("/catalog/products/list/").text
