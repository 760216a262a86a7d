"""Lists: keyset pages in every order, counts, a fixed number of statements, filters, search."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from app.admin.describe import describe
from app.admin.lists.filters import FilterError
from app.admin.lists.listing import Listing, Order
from app.db import session
from models.catalog import Brand, Product
from models.crm import Company
from models.sales import Order as SalesOrder
from tests.conftest import give_session
from tests.rows import make_row

DAY = dt.date(2026, 3, 1)


@pytest.fixture
def companies(db_session) -> list[Company]:
    """Eleven companies; a nullable column with repeats and gaps."""
    counts = [None, 5, 5, None, 1, 9, 5, None, 2, 2, 7]
    return [
        make_row(Company, name=f"Company {n:02d}", employees_count=count)
        for n, count in enumerate(counts)
    ]


def walk(order: Order, size: int) -> tuple[list, list]:
    """All keys by next links, then all by previous links from the end."""
    forwards, page = [], None
    while page is None or page.after:
        page = Listing(describe(Company)).page(order, size, after=page.after if page else "")
        forwards += [row.id for row in page.rows]
    backwards = [row.id for row in page.rows]
    while page.before:
        page = Listing(describe(Company)).page(order, size, before=page.before)
        backwards = [row.id for row in page.rows] + backwards
    return forwards, backwards


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", ["employees_count", "name", "id", "created_at"])
@pytest.mark.parametrize("size", [1, 3, 4, 100])
def test_pages_by_keyset_give_every_row_once_in_postgresqls_order(
    companies, column, descending, size
):
    forwards, backwards = walk(Order(column, descending), size)
    attribute = getattr(Company, column)
    both = (attribute, Company.id)
    by = [c.desc() for c in both] if descending else list(both)
    expected = list(session().scalars(sa.select(Company.id).order_by(*by)))
    assert forwards == expected
    assert backwards == expected


def test_skipping_by_offset_gives_the_same_rows_as_walking(companies):
    order = Order("employees_count", descending=True)
    everything = Listing(describe(Company)).page(order, 100).rows
    skipped = Listing(describe(Company)).page(order, 3, offset=4).rows
    assert [row.id for row in skipped] == [row.id for row in everything[4:7]]


@pytest.mark.parametrize("token", ["x", "bm90anNvbg", "WzFd", "WyJ4IiwieCJd", "é", "=" * 9])
def test_a_damaged_page_link_is_refused_in_a_sentence(db_session, token):
    with pytest.raises(FilterError):
        Listing(describe(Company)).page(Order("name", descending=False), 5, after=token)


def test_a_page_whose_rows_are_gone_shows_the_first_page(sign_in):
    brand = make_row(Brand, name="Only brand")
    session().commit()
    client = sign_in("admin")
    keyset = Listing(describe(Brand)).page(Order("id", descending=False), 1)
    gone = make_row(Brand, name="Gone")
    before_gone = Listing(describe(Brand)).page(Order("id", descending=True), 1)
    session().delete(gone)
    session().delete(brand)
    make_row(Brand, name="First page")
    session().commit()
    token = before_gone.after or keyset.after
    page = client.get("/catalog/brands/list/", query_string={"sort": "-id", "after": token})
    assert "First page" in page.text


def test_deleted_rows_are_in_the_trash_and_nowhere_else(companies):
    companies[3].deleted_at = dt.datetime.now(dt.UTC)
    session().flush()
    live = Listing(describe(Company)).page(Order("name", descending=False), 100)
    trash = Listing(describe(Company), in_trash=True).page(Order("name", descending=False), 100)
    assert companies[3].id not in [row.id for row in live.rows]
    assert [row.id for row in trash.rows] == [companies[3].id]
    assert Listing(describe(Company)).count() == (10, False)
    assert Listing(describe(Company), in_trash=True).count() == (1, False)


def test_the_count_is_an_estimate_above_the_limit(db_session, monkeypatch):
    monkeypatch.setattr("app.admin.lists.listing.EXACT_COUNT_LIMIT", 5)
    for _ in range(9):
        make_row(Company)
    count, estimated = Listing(describe(Company)).count()
    assert estimated
    assert count >= 6


@pytest.mark.parametrize("rows", [1, 25])
def test_a_list_takes_the_same_few_statements_whatever_it_holds(sign_in, count_statements, rows):
    for _ in range(rows):
        make_row(SalesOrder)
    session().commit()
    client = sign_in("admin")
    client.get("/sales/orders/list/")
    with count_statements() as statements:
        assert client.get("/sales/orders/list/").status_code == 200
    assert len(statements) <= 10, statements


def test_search_finds_text_anywhere_and_takes_wildcards_literally(sign_in):
    make_row(Brand, name="Ñandú 100%")
    make_row(Brand, name="Other")
    session().commit()
    client = sign_in("admin")
    assert "Ñandú" in client.get("/catalog/brands/list/", query_string={"q": "andú 100%"}).text
    assert "Ñandú" not in client.get("/catalog/brands/list/", query_string={"q": "a%1"}).text


def test_filters_narrow_the_list_and_are_told_in_words(sign_in):
    make_row(Product, name="Cheap", base_price=1, status="active")
    make_row(Product, name="Dear", base_price=500, status="active")
    session().commit()
    page = (
        sign_in("admin")
        .get("/catalog/products/list/?_flt_gte_base_price=100&_flt_eq_status=active")
        .text
    )
    assert "Dear" in page
    assert "Cheap" not in page
    assert "Base price at least 100" in page
    assert "Status is Active" in page


def test_an_unusable_filter_is_named_and_the_list_still_shown(sign_in):
    page = sign_in("admin").get("/catalog/products/list/?_flt_eq_base_price=abc&_flt_zz_name=x")
    assert page.status_code == 200
    assert "“abc” can&#39;t be used to filter" in page.text
    assert "doesn&#39;t exist here" in page.text


def test_a_day_filters_the_whole_day_in_the_users_zone(sign_in):
    late = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)  # still March 1st in Lima
    make_row(Company, name="Late Company", created_at=late)
    session().commit()
    client = sign_in("admin")
    assert "Late Company" in client.get("/crm/companies/list/?_flt_eq_created_at=2026-03-01").text
    assert (
        "Late Company" not in client.get("/crm/companies/list/?_flt_eq_created_at=2026-03-02").text
    )


def test_threads_never_see_each_others_filters(make_app, fresh_database):
    """FAB keeps one mutable Filters object per view; ours are made per request."""
    app = make_app(fresh_database)
    with app.app_context():
        for n in range(4):
            make_row(Brand, name=f"Brand number {n}")
        session().commit()
        from models.identity import User

        admin = session().scalar(sa.select(User.id).where(User.username == "admin"))
    wrong: list[str] = []

    def hammer(n: int) -> None:
        client = app.test_client()
        give_session(client, admin)
        for _ in range(15):
            text = client.get(f"/catalog/brands/list/?_flt_eq_name=Brand+number+{n}").text
            seen = [m for m in range(4) if f">Brand number {m}<" in text]
            if seen != [n]:
                wrong.append(f"asked {n}, saw {seen}")

    threads = [threading.Thread(target=hammer, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_wallet_is_called_by_its_customer_in_lists_and_look_ups(sign_in):
    from models.customers import Customer, CustomerWallet, WalletTransaction

    customer = make_row(Customer, full_name="Rosa Quispe")
    wallet = make_row(CustomerWallet, customer_id=customer.id)
    make_row(WalletTransaction, wallet_id=wallet.id)
    session().commit()
    client = sign_in("admin")
    assert "Rosa Quispe" in client.get("/customers/wallet_transactions/list/").text
    found = client.get(f"/customers/wallet_transactions/lookup/wallet_id?q={wallet.id}").json
    assert [item["text"] for item in found["results"]] == ["Rosa Quispe"]
