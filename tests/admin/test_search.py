"""The search over everything: what is found, in which order, and who finds it."""

from __future__ import annotations

import pytest

from app.db import session
from models.catalog import Product, ProductVariant
from models.crm import Company, Deal, Lead
from models.customers import Customer
from models.sales import Order
from tests.rows import make_row, owned_row
from tests.security.scoped_rows import add_people


def find(client, typed: str) -> str:
    answer = client.get("/search/results", query_string={"q": typed})
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def shop(db_session) -> None:
    make_row(Customer, full_name="Rosa Quispe", doc_number="44332211")
    make_row(Customer, full_name="Pedro Rosas", doc_number="44332212")
    make_row(Customer, full_name="José Huamán", doc_number="44332213")
    make_row(Company, name="Rosales del Sur")
    product = make_row(Product, name="Té de rosa mosqueta")
    make_row(ProductVariant, product_id=product.id, sku="ROSA-01")
    make_row(Order, order_number="LIM1-00000042")
    session().commit()


def test_records_of_all_tables_are_found_by_any_of_their_words(shop, sign_in):
    found = find(sign_in("admin"), "rosa")
    for title in ("Rosa Quispe", "Pedro Rosas", "Rosales del Sur", "Té de rosa", "ROSA-01"):
        assert title in found


def test_what_is_typed_in_full_comes_first(shop, sign_in):
    for typed, title in (
        ("rosa-01", "ROSA-01"),
        ("LIM1-00000042", "LIM1-00000042"),
        ("44332212", "Pedro Rosas"),
    ):
        first = find(sign_in("admin"), typed).split('role="option"')[1]
        assert title in first, typed


def test_what_begins_with_the_words_comes_before_what_holds_them(shop, sign_in):
    found = find(sign_in("admin"), "customer: rosa")
    assert found.index("Rosa Quispe") < found.index("Pedro Rosas")


def test_a_kind_before_a_colon_looks_in_that_table_only(shop, sign_in):
    found = find(sign_in("admin"), "Customers: rosa")
    assert "Rosa Quispe" in found
    assert "Rosales del Sur" not in found


def test_accents_left_out_still_find_exactly(shop, sign_in):
    found = find(sign_in("admin"), "jose huaman")
    assert "José Huamán" in found
    assert "Nothing holds exactly that" not in found


@pytest.mark.parametrize(("typed", "title"), [("rosaa quispi", "Rosa"), ("jos huamam", "José")])
def test_letters_mistyped_still_find(shop, sign_in, typed, title):
    found = find(sign_in("admin"), typed)
    assert "Nothing holds exactly that" in found
    assert title in found


def test_every_word_must_be_there(shop, sign_in):
    assert "Pedro Rosas" not in find(sign_in("admin"), "rosa quispe")


@pytest.mark.parametrize("typed", ["%", "_", "'", '"', "\\", ":", "x:", ":x", "a" * 500, "\x00"])
def test_anything_may_be_typed(shop, sign_in, typed):
    find(sign_in("admin"), typed)


def test_deleted_records_are_not_found(shop, sign_in):
    import datetime as dt

    company = session().query(Company).filter_by(name="Rosales del Sur").one()
    company.deleted_at = dt.datetime.now(dt.UTC)
    session().commit()
    assert "Rosales" not in find(sign_in("admin"), "rosales")


def test_tables_that_one_may_not_read_are_not_searched(shop, sign_in):
    assert "Rosales" not in find(sign_in("cashier"), "rosales")
    assert "Rosa Quispe" in find(sign_in("cashier"), "rosa quispe")


def test_rows_out_of_reach_are_not_found(client, sign_in):
    people = add_people({"scope": {"*": "all", "crm.leads": "own", "crm.deals": "team"}})
    for name, user_id in people.items():
        owned_row(Lead, user_id).title = f"Lead zumaque {name}"
        owned_row(Deal, user_id).name = f"Deal zumaque {name}"
    session().commit()
    for typed in ("zumaque", "zumaqe", "leads: zumaque"):
        found = find(sign_in("ana"), typed)
        assert "Lead zumaque ana" in found
        assert "Lead zumaque ben" not in found
        assert "zumaque carla" not in found
    assert "Deal zumaque ben" in find(sign_in("ana"), "zumaque")


def test_hidden_columns_are_neither_searched_nor_shown(shop, sign_in):
    add_people({"hidden_fields": {"customers.customers": ["doc_number"]}})
    assert "Rosa Quispe" not in find(sign_in("ana"), "44332211")
    found = find(sign_in("ana"), "rosa quispe")
    assert "Rosa Quispe" in found
    assert "44332211" not in found


def test_screens_and_actions_are_found_as_far_as_one_may_use_them(sign_in):
    found = find(sign_in("admin"), "categ prod")
    assert "Product categories" in found
    assert "New: Customer" in find(sign_in("cashier"), "new customer")
    assert "New: Company" not in find(sign_in("cashier"), "new company")
    assert "Permission matrix" not in find(sign_in("cashier"), "matrix")
    assert "Dark theme" in find(sign_in("cashier"), "> dark")


def test_the_number_of_statements_does_not_depend_on_what_is_found(shop, sign_in, count_statements):
    client = sign_in("admin")
    find(client, "rosa")
    with count_statements() as few:
        find(client, "rosa")
    for number in range(30):
        make_row(Customer, full_name=f"Rosa {number}")
    session().commit()
    with count_statements() as many:
        find(client, "rosa")
    assert len(many) == len(few)
    assert len(many) <= 4 + 3 + 2 * 6


def test_the_page_of_the_search_works_without_scripts(shop, sign_in):
    page = sign_in("admin").get("/search/?q=rosa").text
    assert "Rosa Quispe" in page
    assert "/crm/companies/show/" in page


def test_what_takes_too_long_is_given_up_and_said(shop, sign_in, monkeypatch):
    monkeypatch.setattr("app.search.find.BUDGET_MS", 1)
    monkeypatch.setattr(
        "app.search.statement._rank", lambda _names: "(SELECT 1 FROM pg_sleep(0.05))"
    )
    from app.search import statement

    statement._holding.cache_clear()
    found = find(sign_in("admin"), "rosa")
    statement._holding.cache_clear()
    assert "took too long" in found
