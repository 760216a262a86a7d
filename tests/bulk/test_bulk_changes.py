"""Changing many rows: which ones, all or the good ones, failures by row, what changed meanwhile."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.db import session
from app.session import INCLUDE_DELETED
from models.catalog import Brand, Category, Product
from models.crm import Company, Contact, ContactTag, Tag
from models.platform import AuditLog
from models.services import ServiceProduct
from tests.rows import make_row

PRODUCTS = "/catalog/products"


@pytest.fixture
def products(db_session) -> list[Product]:
    made = [make_row(Product, name=f"Bulk {n}", status="active", base_price=n) for n in range(3)]
    session().commit()
    return made


def ticked(rows) -> list[str]:
    return [str(row.id) for row in rows]


def setting(name: str, value: str, **form) -> dict:
    return {"field": name, f"value-{name}": value, f"value-{name}-here": "1", **form}


def statuses(rows) -> list[str]:
    session().expire_all()
    return [row.status for row in rows]


def test_ticked_rows_get_a_value_after_a_look_at_what_will_be(sign_in, products):
    client = sign_in("admin")
    url = f"{PRODUCTS}/bulk/edit"
    asked = client.post(url, data={"key": ticked(products[:2])})
    assert "Change 2 records" in asked.text
    form = setting("status", "archived", key=ticked(products[:2]), step="preview")
    seen = client.post(url, data=form)
    assert "Bulk 0" in seen.text
    assert "Archived" in seen.text
    assert statuses(products) == ["active"] * 3, "looking changes nothing"
    done = client.post(url, data=form | {"step": "run", "expected": "2"})
    assert done.status_code == 302
    assert statuses(products) == ["archived", "archived", "active"]
    assert "2 records were changed." in client.get(done.location).text


def test_all_that_the_list_finds_is_evaluated_when_it_is_done(sign_in, products):
    client = sign_in("admin")
    url = f"{PRODUCTS}/bulk/edit?_flt_gte_base_price=1&q=Bulk"
    form = setting("status", "archived", all="1", step="run")
    make_row(Product, name="Bulk late", base_price=9, status="active")
    session().commit()
    refused = client.post(url, data=form | {"expected": "2"})
    assert refused.status_code == 409
    assert "Now they are 3 records" in refused.text
    assert statuses(products) == ["active"] * 3
    assert client.post(url, data=form | {"expected": "3"}).status_code == 302
    assert statuses(products) == ["active", "archived", "archived"]


def test_a_condition_that_can_not_be_used_never_widens_the_selection(sign_in, products):
    form = setting("status", "archived", all="1", step="run", expected="3")
    answer = sign_in("admin").post(f"{PRODUCTS}/bulk/edit?_flt_eq_nonsense=1", data=form)
    assert answer.status_code == 302
    assert statuses(products) == ["active"] * 3


def test_one_failure_undoes_all_and_is_told_with_its_row(sign_in):
    parent = make_row(Category, name="Used")
    make_row(Category, name="Child", parent_id=parent.id)
    free = make_row(Category, name="=Free")
    session().commit()
    client = sign_in("admin")
    keys = [parent.id, free.id]
    form = {"key": [str(key) for key in keys], "step": "run", "expected": "2"}
    answer = client.post("/catalog/categories/bulk/delete", data=form)
    assert "Nothing was changed" in answer.text
    assert "Used" in answer.text
    assert "products or categories in it" in answer.text
    assert session().get(Category, keys[1]) is not None
    assert "Delete 1 record" in answer.text, "the others can still be deleted"
    again = client.post("/catalog/categories/bulk/delete", data=form | {"mode": "others"})
    assert "1 record was deleted. 1 record can&#39;t be changed." in again.text
    session().expire_all()
    assert session().get(Category, keys[1]) is None
    assert session().get(Category, keys[0]) is not None


def test_failures_can_be_downloaded_and_no_title_is_a_formula(sign_in):
    used = make_row(Category, name="=1+1")
    make_row(Category, parent_id=used.id)
    session().commit()
    form = {"key": [str(used.id)], "step": "run", "expected": "1"}
    page = sign_in("admin").post("/catalog/categories/bulk/delete", data=form).text
    assert "data:text/csv" in page
    assert "%27%3D1%2B1" in page


def test_a_wrong_value_is_told_beside_the_field(sign_in, products):
    form = setting("base_price", "-1", key=ticked(products), step="preview")
    answer = sign_in("admin").post(f"{PRODUCTS}/bulk/edit", data=form)
    assert answer.status_code == 422
    assert "At least 0." in answer.text


def test_columns_that_must_differ_are_not_offered(sign_in, products):
    page = sign_in("admin").post(f"{PRODUCTS}/bulk/edit", data={"key": ticked(products)}).text
    offered = re.findall(
        r'<option value="(\w+)"', page.split('name="field"')[1].split("</select>")[0]
    )
    assert "status" in offered
    assert "slug" not in offered
    assert "id" not in offered


def test_rows_go_to_the_trash_with_a_reason_come_back_and_go_for_good(sign_in):
    rows = [make_row(Company, name=f"Bulk company {n}") for n in range(2)]
    session().commit()
    client, keys = sign_in("admin"), ticked(rows)
    confirmed = {"key": keys, "step": "run", "expected": "2"}
    client.post("/crm/companies/bulk/delete", data=confirmed | {"reason": "Closed"})
    assert {(row.deletion_reason, row.deleted_by is not None) for row in deleted(keys)} == {
        ("Closed", True)
    }
    client.post("/crm/companies/bulk/restore?trash=1", data=confirmed)
    assert {row.deleted_at for row in deleted(keys)} == {None}
    client.post("/crm/companies/bulk/delete", data=confirmed)
    refused = client.post("/crm/companies/bulk/purge", data=confirmed, follow_redirects=True)
    assert "not there any more" in refused.text, "live rows can't be purged"
    client.post("/crm/companies/bulk/purge?trash=1", data=confirmed)
    assert deleted(keys) == []


def deleted(keys) -> list[Company]:
    session().expire_all()
    statement = sa.select(Company).where(Company.id.in_(keys))
    return list(session().scalars(statement, execution_options=INCLUDE_DELETED))


def test_tags_are_added_and_removed_in_lists_of_texts(sign_in):
    rows = [make_row(ServiceProduct, required_skills=skills) for skills in (["rope"], ["ladder"])]
    session().commit()
    form = {
        "key": ticked(rows),
        "field": "required_skills",
        "tags-add": "ladder\nhelmet",
        "tags-remove": "rope",
        "step": "run",
        "expected": "2",
    }
    sign_in("admin").post("/services/products/bulk/tag", data=form)
    session().expire_all()
    assert [row.required_skills for row in rows] == [["ladder", "helmet"], ["ladder", "helmet"]]


def test_tags_that_are_rows_are_linked_and_unlinked(sign_in):
    contact = make_row(Contact)
    old, new = make_row(Tag, name="Old"), make_row(Tag, name="New")
    make_row(ContactTag, contact_id=contact.id, tag_id=old.id)
    session().commit()
    form = {
        "key": [str(contact.id)],
        "tags-add": str(new.id),
        "tags-remove": str(old.id),
        "step": "run",
        "expected": "1",
    }
    sign_in("admin").post("/crm/contacts/bulk/tag", data=form)
    session().expire_all()
    tags = sa.select(ContactTag.tag_id).where(ContactTag.contact_id == contact.id)
    assert list(session().scalars(tags)) == [new.id]


def test_all_changes_of_one_request_are_audited_under_its_name(sign_in, products):
    newest = session().scalar(sa.select(sa.func.max(AuditLog.id))) or 0
    form = setting("status", "archived", key=ticked(products), step="run", expected="3")
    sign_in("admin").post(f"{PRODUCTS}/bulk/edit", data=form)
    entries = (
        session()
        .scalars(
            sa.select(AuditLog).where(
                AuditLog.id > newest, AuditLog.table_name == "catalog.products"
            )
        )
        .all()
    )
    assert len(entries) == 3
    assert len({entry.request_id for entry in entries}) == 1


def test_nothing_selected_and_rows_that_are_gone_lead_back_to_the_list(sign_in):
    client = sign_in("admin")
    for form, said in (({}, "Select some records first."), ({"key": ["999999"]}, "are not there")):
        answer = client.post(f"{PRODUCTS}/bulk/edit", data=form, follow_redirects=True)
        assert said in answer.text


def test_documents_offer_no_bulk_change(sign_in):
    client = sign_in("admin")
    for name in ("edit", "delete", "restore", "purge", "tag"):
        assert client.post(f"/sales/orders/bulk/{name}").status_code in (404, 405)
    page = client.get("/sales/orders/list/").text
    assert "/sales/orders/bulk/" not in page


def test_the_number_of_statements_of_a_preview_does_not_grow_with_the_rows(
    sign_in, count_statements
):
    client = sign_in("admin")
    numbers = []
    for count in (2, 30):
        rows = [make_row(Brand) for _ in range(count)]
        session().commit()
        keys = ticked(rows)
        with count_statements() as statements:
            client.post("/catalog/brands/bulk/delete", data={"key": keys})
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
