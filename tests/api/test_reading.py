"""Lists and rows of the API: filters, columns, relations, pages, ETags; what nobody may see."""

from __future__ import annotations

import pytest

from app.admin.describe import describe
from app.admin.rest.arguments import IGNORED, PLAIN
from app.admin.rest.reading import MOST_IN_A_LIST
from app.admin.rest.relations import relations_of
from app.db import session
from models.catalog import Brand, Product, ProductVariant
from models.sales import Order, OrderItem
from tests.api.resources import TABLES, path_of
from tests.rows import key_of, make_row
from tests.security.scoped_rows import add_people

PRODUCTS, BRANDS = path_of("catalog.products"), path_of("catalog.brands")


@pytest.fixture
def ask(client, token, db_session):
    """GET as the administrator; the answer."""
    header = token("admin")

    def get(path: str, headers=(), **arguments):
        session().commit()
        given = {
            name.replace("__", "[") + ("]" if "__" in name else ""): value
            for name, value in arguments.items()
        }
        headers = {**header, **dict(headers)}
        return client.get(path, query_string=given or None, headers=headers)

    return get


@pytest.fixture(params=sorted(TABLES))
def resource(request) -> str:
    return request.param


def test_every_table_answers_with_filters_columns_and_relations_in_a_fixed_number_of_statements(
    ask, resource, count_statements
):
    description = describe(TABLES[resource].model)
    relations = list(relations_of(description.model))[:3]
    key, field = description.keys[0], description.visible[-1].name
    counts = []
    for _ in range(2):
        rows = [make_row(description.model) for _ in range(2)]
        session().commit()
        with count_statements() as statements:
            answer = ask(
                path_of(resource),
                fields=",".join([key, field, *relations]),
                expand=",".join(relations),
                sort=f"-{key}",
                limit="3",
                **{f"{key}__in": ",".join(str(getattr(row, key)) for row in rows)},
            )
        assert answer.status_code == 200, answer.text[:500]
        for row in answer.json["result"]:
            assert set(row) >= {key, field, *relations}
        counts.append(len(statements))
        assert key_of(rows[0]) in answer.json["ids"]
    assert counts[0] + 3 >= counts[1], statements  # of rows that have relations at all


def test_no_column_has_the_name_of_an_argument(resource):
    names = set(describe(TABLES[resource].model).fields)
    assert not names & {*PLAIN, *IGNORED}
    assert not names & set(relations_of(TABLES[resource].model))


def test_a_column_alone_means_equal_and_operators_stand_in_brackets(ask):
    for number in range(3):
        make_row(Product, name=f"Rice {number}", base_price=10 * number, status="active")
    names = lambda answer: sorted(row["name"] for row in answer.json["result"])  # noqa: E731
    assert names(ask(PRODUCTS, name="Rice 1")) == ["Rice 1"]
    found = ask(
        PRODUCTS, status="active", name__ct="rice", base_price__gte="10", base_price__lt="20"
    )
    assert names(found) == ["Rice 1"]
    assert names(ask(PRODUCTS, name__sw="RICE", sort="-name", limit="2")) == ["Rice 1", "Rice 2"]


def test_conditions_stand_in_groups(ask):
    for number in range(3):
        make_row(Brand, name=f"Group {number}")
    either = '{"or":[["name","eq","Group 0"],{"and":[["name","sw","Group"],["name","ew","2"]]}]}'
    found = ask(BRANDS, filter=either, sort="name").json["result"]
    assert [row["name"] for row in found] == ["Group 0", "Group 2"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"filter": "{"},
        {"filter": '["nothing","eq","1"]'},
        {"filter": '["name","nothing","1"]'},
        {"nothing": "1"},
        {"name__nothing": "1"},
        {"name[ct": "1"},
        {"base_price": "x"},
        {"sort": "nothing"},
        {"fields": "nothing"},
        {"fields": "brand.nothing"},
        {"expand": "nothing"},
        {"expand": "name"},
        {"expand": "brand.products.variants.order_items"},
        {"expand": "variants.order_items"},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"limit": "٣"},
        {"count": "maybe"},
        {"cursor": "damaged"},
        {"search": "rice", "q": "(("},
    ],
    ids=str,
)
def test_what_is_not_offered_is_refused_and_not_left_out(ask, arguments):
    answer = ask(PRODUCTS, **arguments)
    assert answer.status_code == 400, answer.text
    assert answer.json["type"] == f"/problems/{answer.json['code']}"


def test_only_the_columns_asked_for_are_answered(ask):
    brand = make_row(Brand, name="Costeño")
    make_row(Product, name="Rice", brand_id=brand.id)
    (row,) = ask(PRODUCTS, fields="name,brand.name", name="Rice").json["result"]
    assert row == {"name": "Rice", "brand": {"name": "Costeño"}}
    one = ask(f"{BRANDS}{brand.id}", fields="name,products.name").json["result"]
    assert one == {"name": "Costeño", "products": [{"name": "Rice"}], "products_next": None}


def test_related_rows_come_along_two_steps_away(ask):
    brand = make_row(Brand, name="Costeño")
    product = make_row(Product, name="Rice", brand_id=brand.id)
    make_row(ProductVariant, product_id=product.id, sku="ARR-5")
    (row,) = ask(PRODUCTS, expand="brand,variants", name="Rice").json["result"]
    assert row["brand"]["name"] == "Costeño"
    assert [variant["sku"] for variant in row["variants"]] == ["ARR-5"]
    assert {"name", "base_price"} <= set(row)
    variants = path_of("catalog.product_variants")
    (variant,) = ask(variants, fields="sku,product.brand.name", sku="ARR-5").json["result"]
    assert variant["product"] == {"id": product.id, "brand": {"name": "Costeño"}}
    (alone,) = ask(PRODUCTS, expand="brand", name="Rice", fields="name").json["result"]
    assert set(alone) == {"name", "brand"}


def test_a_long_collection_is_cut_and_says_where_the_rest_is(ask):
    brand = make_row(Brand)
    total = MOST_IN_A_LIST + 5
    for number in range(total):
        make_row(Product, name=f"Rice {number}", brand_id=brand.id)
    make_row(Product, name="Nobody's")
    (row,) = ask(BRANDS, id=str(brand.id), fields="products.name").json["result"]
    assert len(row["products"]) == MOST_IN_A_LIST
    rest = ask(row["products_next"]).json["result"]
    names = [item["name"] for item in (*row["products"], *rest)]
    assert names == [f"Rice {number}" for number in range(total)]
    assert len(ask(f"{BRANDS}{brand.id}", fields="products").json["result"]["products"]) == total


def test_relations_cost_one_statement_each_however_many_rows(ask, count_statements):
    counts = []
    for _ in range(2):
        for _ in range(5):
            order = make_row(Order)
            make_row(OrderItem, order_id=order.id)
        with count_statements() as statements:
            answer = ask(path_of("sales.orders"), expand="customer,items.variant", limit="200")
        assert answer.status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10, statements


def test_deleted_rows_are_not_related(ask, sign_in):
    brand = make_row(Brand, name="Costeño")
    product = make_row(Product, name="Rice", brand_id=brand.id)
    product.deleted_at = product.created_at
    assert ask(f"{BRANDS}{brand.id}", expand="products").json["result"]["products"] == []
    variant = make_row(ProductVariant, product_id=product.id)
    path = path_of("catalog.product_variants")
    assert ask(f"{path}{variant.id}", expand="product").json["result"]["product"] is None


def test_pages_follow_each_other_by_the_link(ask):
    for number in range(5):
        make_row(Brand, name=f"Page {number}")
    seen, answer = [], ask(BRANDS, name__sw="Page", sort="-name", limit="2", count="none")
    while True:
        seen += [row["name"] for row in answer.json["result"]]
        if answer.json["next"] is None:
            break
        assert answer.headers["Link"] == f'<{answer.json["next"]}>; rel="next"'
        answer = ask(answer.json["next"].removeprefix("http://localhost"))
    assert seen == [f"Page {number}" for number in reversed(range(5))]
    assert "Link" not in answer.headers
    assert answer.json["count"] is None


def test_the_count_is_exact_when_asked_for(ask, monkeypatch):
    monkeypatch.setattr("app.admin.lists.listing.EXACT_COUNT_LIMIT", 1)
    for number in range(5):
        make_row(Brand, name=f"Count {number}")
    exact = ask(BRANDS, name__sw="Count", count="exact", limit="1").json
    assert (exact["count"], exact["count_is_estimate"]) == (5, False)
    assert ask(BRANDS, name__sw="Count", limit="1").json["count_is_estimate"]


def test_what_is_known_is_not_sent_again(ask):
    brand = make_row(Brand, name="Before")
    address = f"{BRANDS}{brand.id}"
    for arguments in ({}, {"fields": "name"}, {"expand": "products"}):
        first = ask(address, **arguments)
        known = {"If-None-Match": first.headers["ETag"]}
        again = ask(address, known, **arguments)
        assert (again.status_code, again.data) == (304, b"")
    page = ask(BRANDS)
    assert ask(BRANDS, {"If-None-Match": page.headers["ETag"]}).status_code == 304
    brand.name = "After"
    assert ask(address, known, expand="products").status_code == 200
    assert ask(BRANDS, {"If-None-Match": page.headers["ETag"]}).status_code == 200


def test_a_related_row_out_of_reach_is_not_shown(client, token, db_session):
    """Ana reads her own and her team's only: of Carla's order not even its key's content."""
    from models.crm import Company, Contact

    people = add_people({"scope": {"*": "own"}})
    hers = make_row(Company, owner_id=people["ana"], name="Hers")
    others = make_row(Company, owner_id=people["carla"], name="Carlas")
    mine = make_row(Contact, owner_id=people["ana"], company_id=others.id, first_name="Mine")
    make_row(Contact, owner_id=people["carla"], company_id=hers.id, first_name="Theirs")
    session().commit()
    header = token("ana")
    contact = client.get(f"{path_of('crm.contacts')}{mine.id}?expand=company", headers=header)
    assert contact.json["result"]["company"] is None
    company = client.get(f"{path_of('crm.companies')}{hers.id}?expand=contacts", headers=header)
    assert company.json["result"]["contacts"] == []


def test_a_table_without_the_right_is_not_shown_with_another(client, token, db_session):
    order = make_row(Order)
    session().commit()
    url = f"{path_of('sales.orders')}{order.id}"
    for argument in ("expand=payments", "fields=id,payments.id", "expand=items.refunds"):
        refused = client.get(f"{url}?{argument}", headers=token("warehouse"))
        assert refused.status_code in (400, 403), argument
    assert client.get(f"{url}?expand=payments", headers=token("warehouse")).status_code == 403


def test_a_hidden_column_is_nobodys_of_a_related_row(client, token, db_session):
    variant = make_row(ProductVariant)
    session().commit()
    url = f"{path_of('catalog.product_variants')}{variant.id}"
    shown = client.get(f"{url}?expand=product", headers=token("cashier")).json["result"]
    assert "base_price" in shown["product"]
    assert "cost_price" not in shown["product"]
    named = client.get(f"{url}?fields=product.cost_price", headers=token("cashier"))
    assert named.status_code == 400


def test_a_page_of_ours_may_use_its_session(sign_in, db_session):
    brand = make_row(Brand)
    session().commit()
    browser = sign_in("manager")
    assert browser.get(f"{BRANDS}{brand.id}").status_code == 200
    wrong = {"Authorization": "Bearer x.y.z"}
    assert browser.get(f"{BRANDS}{brand.id}", headers=wrong).status_code in (401, 422)
