"""Columns, page size, saved views, exact counts and totals of lists."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from models.billing import Invoice
from models.catalog import Product
from models.workspace import SavedView
from tests.rows import make_row

BASE = "/catalog/products/list/"


def heads(text: str) -> str:
    return text.split("<thead>")[1].split("</thead>", maxsplit=1)[0]


def product(name: str = "Apple", **values: object) -> None:
    make_row(Product, name=name, **values)
    session().commit()


def test_chosen_columns_are_remembered_and_forgotten(sign_in):
    product()
    client = sign_in("admin")
    client.post(f"{BASE}columns", data={"columns": ["base_price", "name", "nothing"], "next": BASE})
    shown = heads(client.get(BASE).text)
    assert shown.index("Base price") < shown.index("Name")
    assert "Status" not in shown
    assert "Status" in heads(sign_in("manager").get(BASE).text)
    client = sign_in("admin")
    client.post(f"{BASE}columns", data={"reset": "1", "next": BASE})
    assert "Status" in heads(client.get(BASE).text)


def test_columns_in_the_address_are_changed_there(sign_in):
    product()
    client = sign_in("admin")
    answer = client.post(
        f"{BASE}columns", data={"columns": ["status"], "next": f"{BASE}?columns=name&q=a"}
    )
    assert answer.location == f"{BASE}?columns=status&q=a"
    assert "Status" in heads(client.get(BASE + "?columns=status").text)


def test_the_page_size_is_remembered(sign_in):
    product()
    client = sign_in("admin")
    client.post(f"{BASE}settings", data={"size": "100", "next": f"{BASE}?size=25"})
    assert "100 per page" in client.get(BASE).text
    client.post(f"{BASE}settings", data={"size": "7", "next": "https://elsewhere.example/"})
    assert "100 per page" in client.get(BASE).text


def keep(client, name: str, query: str, **more: str) -> int:
    client.post(f"{BASE}views/keep", data={"name": name, "next": f"{BASE}?{query}", **more})
    return session().scalars(sa.select(SavedView.id).where(SavedView.name == name)).one()


def change(client, view: int, what: str, **more: str):
    return client.post(f"{BASE}views/change", data={"view": view, "do": what, "next": BASE, **more})


def test_a_view_is_kept_opened_changed_and_removed(sign_in):
    product()
    client = sign_in("admin")
    view = keep(client, "Active ones", "_flt_eq_status=active&columns=name&sort=name&after=x")
    opened = client.get(f"{BASE}?_flt_eq_status=active&sort=name&columns=name&view={view}").text
    assert "Active ones" in opened
    assert "views-modified" not in opened
    assert "views-modified" in client.get(f"{BASE}?_flt_eq_status=draft&view={view}").text
    change(client, view, "overwrite", next=f"{BASE}?_flt_eq_status=draft&view={view}")
    change(client, view, "rename", name="Drafts")
    row = session().get(SavedView, view, populate_existing=True)
    assert (row.name, row.query, row.columns) == ("Drafts", "_flt_eq_status=draft", None)
    change(client, view, "remove")
    assert session().get(SavedView, view, populate_existing=True) is None


def test_a_view_is_its_owners_until_it_is_shared(sign_in):
    view = keep(sign_in("admin"), "Mine", "q=a")
    client = sign_in("cashier")
    assert "Mine" not in client.get(BASE).text
    for what in ("remove", "share", "rename"):
        change(client, view, what, name="Theirs")
    change(sign_in("admin"), view, "share")
    client = sign_in("cashier")
    assert "Mine" in client.get(BASE).text
    change(client, view, "remove")
    row = session().get(SavedView, view, populate_existing=True)
    assert (row.name, row.is_shared) == ("Mine", True)


def test_who_may_not_share_keeps_views_for_themselves(sign_in):
    client = sign_in("cashier")
    view = keep(client, "Cashiers", "q=a", share="1")
    for what in ("share", "default"):
        change(client, view, what)
    row = session().get(SavedView, view, populate_existing=True)
    assert (row.is_shared, row.is_default) == (False, False)


def test_a_list_opens_with_the_default_view_unless_asked_otherwise(sign_in):
    client = sign_in("admin")
    view = keep(client, "Everybody's", "q=zzz")
    other = keep(client, "Admin's", "q=yyy")
    change(client, view, "default")
    assert f"view={view}" in sign_in("cashier").get(BASE).location
    client = sign_in("admin")
    change(client, other, "open_with")
    assert f"view={other}" in client.get(BASE).location
    assert client.get(f"{BASE}?view=0").status_code == 200
    change(client, 0, "open_with")
    assert client.get(BASE).status_code == 200


def test_a_name_is_taken_once(sign_in):
    client = sign_in("admin")
    keep(client, "Twice", "q=a")
    again = client.post(f"{BASE}views/keep", data={"name": "twice ", "next": BASE})
    assert "already have a view" in client.get(again.location).text


def test_totals_never_add_currencies(sign_in):
    for currency, amount in (("PEN", 10), ("PEN", 5), ("USD", 7)):
        make_row(Invoice, currency=currency, total_amount=amount)
    session().commit()
    client = sign_in("admin")
    url = "/billing/invoices/list/totals?columns=total_amount"
    text = client.get(url).text
    assert "</span> 15.00" in text
    assert "</span> 7.00" in text
    assert "22.00" not in text
    text = client.post(url, data={"total-total_amount": "max"}).text
    assert "</span> 10.00" in text
    assert "</span> 10.00" in client.get(url).text


def test_counting_takes_no_longer_than_allowed(sign_in, monkeypatch):
    product()
    client = sign_in("admin")
    assert "exactly" in client.get(f"{BASE}count").text
    monkeypatch.setattr("app.admin.lists.listing.Listing.count_exactly", _sleep)
    monkeypatch.setattr("app.admin.lists.patience.patiently.__wrapped__.__defaults__", (0.05,))
    assert "too many rows" in client.get(f"{BASE}count").text


def _sleep(_listing: object) -> int:
    session().execute(sa.text("SELECT pg_sleep(5)"))
    return 0
