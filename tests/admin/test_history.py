"""A record's history on its page: changes in words, earlier versions, bringing one back."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
import sqlalchemy as sa

from app.admin.describe import describe
from app.admin.forms.form import stamp
from app.db import session
from models.catalog import Brand, Category, Product
from models.crm import Company
from models.identity import Role, User, UserGroup
from models.platform import AuditLog
from models.sales import Order
from models.services import Task
from tests.rows import make_row


def entries_of(model, key) -> list:
    """The record's entries, newest first."""
    log = AuditLog.__table__
    query = sa.select(log).where(
        log.c.table_name == describe(model).resource, log.c.record_id == str(key)
    )
    return list(session().execute(query.order_by(log.c.id.desc())))


def change(row, **values) -> int:
    """Save the values; gives the id of the entry that tells it."""
    for name, value in values.items():
        setattr(row, name, value)
    session().commit()
    return entries_of(type(row), row.id)[0].id


def words(answer) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def product(db_session) -> Product:
    row = make_row(Product, name="Rice", base_price=Decimal("4.50"))
    session().commit()
    return row


def user_id(name: str) -> int:
    return session().scalar(sa.select(User.id).where(User.username == name))


def hide(role: str, **policy) -> None:
    row = session().scalar(sa.select(Role).where(Role.name == role))
    row.policy = {**row.policy, **policy}
    session().commit()


def test_the_page_of_a_record_loads_its_history_when_opened(sign_in, product):
    page = sign_in("admin").get(f"/catalog/products/show/{product.id}")
    assert f'hx-get="/catalog/products/history/{product.id}"' in page.text


def test_changes_are_told_newest_first_in_words(sign_in, product):
    brands = [make_row(Brand, name="Costeño"), make_row(Brand, name="Paisana")]
    change(product, brand_id=brands[0].id, base_price=Decimal("4.80"))
    change(product, brand_id=brands[1].id, status="archived")
    text = words(sign_in("admin").get(f"/catalog/products/history/{product.id}"))
    assert text.index("Paisana") < text.index("4.50")
    assert "Brand Costeño Paisana" in text.replace("became ", "")
    assert "Created" in text
    assert "archived" not in text, "the label of the choice is shown"


def test_the_person_who_saved_by_form_is_named(sign_in, product):
    client = sign_in("manager")
    form = client.get(f"/catalog/products/edit/{product.id}").text
    sent = {"record_stamp": re.search(r'name="record_stamp"[^>]*value="([^"]*)"', form)[1]}
    values = {f.name: getattr(product, f.name) for f in describe(Product).writable}
    from tests.rows import as_form

    answer = client.post(
        f"/catalog/products/edit/{product.id}", data={**as_form(values), **sent, "name": "Rice 1kg"}
    )
    assert answer.status_code == 302
    text = words(client.get(f"/catalog/products/history/{product.id}"))
    assert "Changed Manager Tester" in text
    assert "Screen" in text


def test_older_changes_come_page_by_page(sign_in, product):
    for number in range(25):
        change(product, name=f"Rice {number}")
    client = sign_in("admin")
    first = client.get(f"/catalog/products/history/{product.id}").text
    older = unescape(re.search(r'hx-get="([^"]+before=\d+)"', first)[1])
    second = client.get(older).text
    assert first.count("<li") - 1 == 20
    assert second.count("<li") == 6, "25 changes and the creation"
    assert "before=" not in second
    assert "<ol" not in second


def test_a_page_of_history_costs_the_same_whatever_it_tells(sign_in, product, count_statements):
    client = sign_in("admin")

    def cost() -> int:
        with count_statements() as statements:
            client.get(f"/catalog/products/history/{product.id}")
        return len(statements)

    change(product, brand_id=make_row(Brand).id)
    before = cost()
    for _ in range(12):
        change(product, brand_id=make_row(Brand).id)
    assert cost() == before


def test_columns_hidden_from_the_reader_are_in_no_part_of_the_history(sign_in, product):
    hide("Manager", hidden_fields={"catalog.products": ["cost_price"]})
    change(product, cost_price=Decimal("31.07"))
    change(product, cost_price=Decimal("32.08"), name="Brown rice")
    middle = entries_of(Product, product.id)[1].id
    client = sign_in("manager")
    for address in ("history", f"version/{product.id}/{middle}", f"restore_version/{middle}"):
        path = address.replace("restore_version", f"restore_version/{product.id}")
        path = f"history/{product.id}" if address == "history" else path
        answer = client.get(f"/catalog/products/{path}")
        assert answer.status_code == 200, path
        for secret in ("31.07", "32.08", "Cost price"):
            assert secret not in answer.text, path
    assert "31.07" in sign_in("auditor").get(f"/catalog/products/history/{product.id}").text


def test_who_may_not_see_the_record_sees_no_history_of_it(sign_in, db_session):
    company = make_row(Company)
    session().commit()
    entry = entries_of(Company, company.id)[0].id
    paths = [
        f"history/{company.id}",
        f"version/{company.id}/{entry}",
        f"restore_version/{company.id}/{entry}",
    ]
    cashier, seller = sign_in("cashier"), None
    for path in paths:
        assert cashier.get(f"/crm/companies/{path}").status_code in (302, 403)
    seller = sign_in("seller")  # sees the companies of the team only
    for path in paths:
        assert seller.get(f"/crm/companies/{path}").status_code == 404


def test_deleted_records_show_their_history_to_who_may_restore_them(sign_in, product):
    client = sign_in("admin")
    client.post(f"/catalog/products/delete/{product.id}", data={"reason": "Spoiled"})
    text = words(client.get(f"/catalog/products/history/{product.id}"))
    assert "Moved to the trash Admin Tester" in text
    assert sign_in("cashier").get(f"/catalog/products/history/{product.id}").status_code == 404


def test_a_link_tables_row_has_a_history_under_its_composite_key(sign_in, db_session):
    link = make_row(UserGroup)
    session().commit()
    key = f"{link.user_id}~{link.group_id}"
    assert "Created" in words(sign_in("admin").get(f"/identity/user_groups/history/{key}"))


# -- versions


def test_a_record_is_shown_as_it_was_after_any_of_its_changes(sign_in, product):
    created = entries_of(Product, product.id)[0].id
    second = change(product, name="Brown rice", base_price=Decimal("5.10"))
    change(product, name="Wild rice", description="Long\ngrain")
    client = sign_in("admin")
    first_page = words(client.get(f"/catalog/products/version/{product.id}/{created}"))
    second_page = words(client.get(f"/catalog/products/version/{product.id}/{second}"))
    assert "Name Rice Wild rice" in first_page
    assert "Base price 4.50 5.10" in first_page
    assert "Name Brown rice Wild rice" in second_page
    assert "Base price 5.10 5.10" in second_page.partition("The same in both")[2]
    compared = words(client.get(f"/catalog/products/version/{product.id}/{created}?with={second}"))
    assert "Name Rice Brown rice" in compared
    assert "Wild rice as it was" in compared


def test_versions_that_do_not_exist_are_not_found(sign_in, product):
    other = make_row(Product)
    session().commit()
    foreign = entries_of(Product, other.id)[0].id
    client = sign_in("admin")
    for entry in (foreign, 0, 2**63, 10**30):
        for method in ("version", "restore_version"):
            path = f"/catalog/products/{method}/{product.id}/{entry}"
            assert client.get(path).status_code == 404, path
    entry = entries_of(Product, product.id)[0].id
    path = f"/catalog/products/version/{product.id}/{entry}?with={foreign}"
    assert client.get(path).status_code == 404


def test_a_key_used_again_does_not_mix_two_rows(sign_in, db_session):
    giver, other = (user_id(name) for name in ("admin", "manager"))
    first = make_row(UserGroup, assigned_by=giver)
    pair = {"user_id": first.user_id, "group_id": first.group_id}
    session().commit()
    key = "~".join(map(str, pair.values()))
    created = entries_of(UserGroup, key)[0].id
    session().delete(first)
    session().commit()
    again = UserGroup(**pair, assigned_by=None)
    session().add(again)
    session().commit()
    again.assigned_by = other
    session().commit()
    page = words(sign_in("admin").get(f"/identity/user_groups/version/{key}/{created}"))
    assert "Assigned by Admin Tester Manager Tester" in page


# -- restoring


def test_restoring_asks_shows_the_change_and_writes_it_as_the_person(sign_in, product):
    created = entries_of(Product, product.id)[0].id
    brand = make_row(Brand, name="Costeño")
    change(product, name="Wild rice", brand_id=brand.id, attributes={"grain": "long"})
    client = sign_in("manager")
    path = f"/catalog/products/restore_version/{product.id}/{created}"
    asked = client.get(path)
    assert "Name Wild rice Rice" in words(asked)
    session().refresh(product)
    assert product.name == "Wild rice", "asking changes nothing"
    answer = client.post(path, data={"stamp": stamp(product)})
    assert answer.status_code == 302
    session().refresh(product)
    assert (product.name, product.brand_id, product.attributes) == ("Rice", None, {})
    newest = entries_of(Product, product.id)[0]
    assert newest.action == "update"
    assert newest.user_email == "manager@example.com"
    assert set(newest.changed_fields) == {"name", "brand_id", "attributes"}


@pytest.mark.parametrize("role", ["cashier", "auditor", "accountant"])
def test_who_may_not_edit_may_not_restore(sign_in, product, role):
    created = entries_of(Product, product.id)[0].id
    change(product, name="Wild rice")
    client = sign_in(role)
    path = f"/catalog/products/restore_version/{product.id}/{created}"
    assert "restore_version" not in client.get(f"/catalog/products/history/{product.id}").text
    assert client.get(path).status_code in (302, 403)
    assert client.post(path, data={"stamp": stamp(product)}).status_code in (302, 403)
    session().refresh(product)
    assert product.name == "Wild rice"


def test_documents_offer_no_earlier_version_to_restore(sign_in, db_session):
    order = make_row(Order)
    session().commit()
    entry = entries_of(Order, order.id)[0].id
    client = sign_in("admin")
    history = client.get(f"/sales/orders/history/{order.id}").text
    assert "restore_version" not in history
    assert client.post(f"/sales/orders/restore_version/{order.id}/{entry}").status_code == 404


def test_fields_that_are_read_only_for_the_person_stay_and_are_named(sign_in, product):
    hide("Manager", readonly_fields={"catalog.products": ["base_price"]})
    created = entries_of(Product, product.id)[0].id
    change(product, name="Wild rice", base_price=Decimal("9.90"))
    client = sign_in("manager")
    path = f"/catalog/products/restore_version/{product.id}/{created}"
    text = words(client.get(path))
    assert "can't be changed by hand Base price" in text
    client.post(path, data={"stamp": stamp(product)})
    session().refresh(product)
    assert (product.name, product.base_price) == ("Rice", Decimal("9.90"))


def test_a_record_changed_meanwhile_is_not_overwritten(sign_in, product):
    created = entries_of(Product, product.id)[0].id
    change(product, name="Jasmine rice")
    client = sign_in("manager")
    path = f"/catalog/products/restore_version/{product.id}/{created}"
    answer = client.post(path, data={"stamp": "2026-01-01 00:00:00+00:00"})
    assert answer.status_code == 409
    assert "Somebody else changed this record meanwhile" in words(answer)
    assert "Name Jasmine rice Rice" in words(answer)
    session().refresh(product)
    assert product.name == "Jasmine rice"


def test_a_value_that_the_form_would_refuse_is_refused_beside_its_name(sign_in, product):
    brand = make_row(Brand, name="Gone brand")
    with_brand = change(product, brand_id=brand.id)
    change(product, brand_id=None)
    session().delete(brand)
    session().commit()
    client = sign_in("manager")
    path = f"/catalog/products/restore_version/{product.id}/{with_brand}"
    answer = client.post(path, data={"stamp": stamp(product)})
    assert answer.status_code == 422
    assert "Brand: Choose one from the list." in words(answer)


def test_a_database_refusal_is_told_and_nothing_is_saved(sign_in, db_session):
    row = make_row(Category, slug="first")
    session().commit()
    created = entries_of(Category, row.id)[0].id
    change(row, slug="second", name="Renamed")
    make_row(Category, slug="first")
    session().commit()
    path = f"/catalog/categories/restore_version/{row.id}/{created}"
    answer = sign_in("admin").post(path, data={"stamp": stamp(row)})
    assert answer.status_code == 422
    assert "Slug: Another record already has this value." in words(answer)
    session().refresh(row)
    assert (row.slug, row.name) == ("second", "Renamed")


def test_moments_are_restored_to_the_second_they_had(sign_in, db_session):
    import datetime as dt

    moment = dt.datetime(2026, 3, 1, 12, 34, 56, 789000, tzinfo=dt.UTC)
    task = make_row(Task, due_date=moment)
    session().commit()
    created = entries_of(Task, task.id)[0].id
    change(task, due_date=None)
    path = f"/services/tasks/restore_version/{task.id}/{created}"
    assert sign_in("admin").post(path, data={"stamp": stamp(task)}).status_code == 302
    session().refresh(task)
    assert task.due_date == moment


def test_what_was_kept_of_a_column_that_is_gone_is_named_and_left_out(sign_in, product):
    from app.admin.records.versions import _overlay

    version = _overlay(describe(Product), {"name": "Rice"}, {"name": "Old", "weight_class": "b"})
    assert version.values["name"] == "Old"
    assert version.gone == {"weight_class": "b"}


def test_nothing_to_restore_is_said(sign_in, product):
    latest = change(product, name="Wild rice")
    path = f"/catalog/products/restore_version/{product.id}/{latest}"
    assert "Nothing to restore" in words(sign_in("admin").get(path))
