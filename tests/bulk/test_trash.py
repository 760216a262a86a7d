"""What depends on a record, deleting for good by hand and by time, and the trash of all tables."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.platform.purge_trash import purge_trash
from app.session import INCLUDE_DELETED
from models.catalog import Category, Product
from models.crm import Company, Contact
from models.identity import Permission, Role, RolePermission
from tests.rows import NOW, make_row

LONG_AGO = NOW - dt.timedelta(days=91)


def trashed(model, when: dt.datetime = NOW, **values):
    return make_row(model, deleted_at=when, **values)


def is_there(model, key) -> bool:
    statement = sa.select(model.id).where(model.id == key)
    return session().scalar(statement, execution_options=INCLUDE_DELETED) is not None


def test_what_refers_to_a_record_is_counted_before_it_is_deleted(sign_in):
    company = make_row(Company)
    for _ in range(2):
        make_row(Contact, company_id=company.id)
    trashed(Contact, company_id=company.id)
    session().commit()
    page = sign_in("admin").get(f"/crm/companies/delete/{company.id}").text
    part = page.split('class="dependants"')[1].split("</ul>")[0]
    assert "Contacts (Company)" in part
    assert ">2<" in part
    assert f"_flt_eq_company_id={company.id}" in part
    assert "1 record in the trash refers to it too." in part


def test_what_blocks_is_said_before_it_is_tried(sign_in):
    parent = make_row(Category)
    make_row(Category, parent_id=parent.id)
    session().commit()
    page = sign_in("admin").get(f"/catalog/categories/delete/{parent.id}").text
    assert "keep it from being deleted" in page
    assert 'class="btn btn-danger"' not in page


def test_rows_that_one_may_not_see_are_a_number_without_a_name(app, sign_in):
    company = make_row(Company)
    make_row(Contact, company_id=company.id)
    role = session().scalar(sa.select(Role).where(Role.name == "Sales rep"))
    right = session().scalar(sa.select(Permission.id).where(Permission.slug == "crm.contacts:read"))
    session().execute(
        sa.delete(RolePermission).where(
            RolePermission.role_id == role.id, RolePermission.permission_view_id == right
        )
    )
    role.policy = {"scope": {"*": "all"}}
    session().commit()
    page = sign_in("seller").get(f"/crm/companies/delete/{company.id}").text
    assert "One more record that you may not see refers to it." in page
    assert "Contacts (Company)" not in page


def test_dependants_take_one_statement_and_stop_counting(sign_in, count_statements, monkeypatch):
    monkeypatch.setattr("app.admin.bulk.dependants.MOST", 2)
    company = make_row(Company)
    for _ in range(4):
        make_row(Contact, company_id=company.id)
    session().commit()
    url = f"/crm/companies/delete/{company.id}"
    client = sign_in("admin")
    with count_statements() as statements:
        page = client.get(url).text
    assert "more than 2" in page
    assert len([text for text in statements if "chosen" in text]) == 1


def test_only_the_trash_is_deleted_for_good_and_only_with_the_right(sign_in):
    live, gone = make_row(Company), trashed(Company)
    session().commit()
    client = sign_in("admin")
    client.post(f"/crm/companies/purge/{live.id}")
    assert is_there(Company, live.id)
    assert "for good?" in client.get(f"/crm/companies/purge/{gone.id}").text
    manager = sign_in("manager")
    assert manager.post(f"/crm/companies/purge/{gone.id}").status_code in (302, 403)
    assert is_there(Company, gone.id)
    assert "Delete for good" not in manager.get(f"/crm/companies/show/{gone.id}").text
    sign_in("admin").post(f"/crm/companies/purge/{gone.id}")
    assert not is_there(Company, gone.id)


@pytest.fixture
def old(db_session) -> dict[str, Company]:
    used = trashed(Company, LONG_AGO)
    make_row(Contact, company_id=used.id)
    found = {
        "forgotten": trashed(Company, LONG_AGO),
        "recent": trashed(Company, NOW - dt.timedelta(days=89)),
        "used": used,
        "live": make_row(Company),
    }
    return {name: row.id for name, row in found.items()}


def test_after_some_time_the_trash_goes_for_good_but_not_what_others_refer_to(old):
    done = purge_trash(["crm.companies"], now=NOW)
    assert {name for name, key in old.items() if is_there(Company, key)} == {
        "recent",
        "used",
        "live",
    }
    assert [(purged.deleted, purged.kept) for purged in done] == [(1, 1)]
    assert [(p.deleted, p.kept) for p in purge_trash(["crm.companies"], now=NOW)] == [(0, 1)]


def test_other_tables_are_left_alone(old):
    purge_trash(["catalog.products"], now=NOW)
    assert all(is_there(Company, key) for key in old.values())


def test_every_table_that_keeps_deleted_rows_can_be_purged(db_session):
    from jobs.upkeep import purge_trash as job

    assert isinstance(job(), list)


def test_the_page_shows_all_trash_that_one_may_see(sign_in, count_statements):
    trashed(Company)
    trashed(Product)
    session().commit()
    page = sign_in("admin").get("/platform/trash/").text
    assert "/crm/companies/list/?trash=1" in page
    assert "/catalog/products/list/?trash=1" in page
    cashier = sign_in("cashier").get("/platform/trash/")
    assert cashier.status_code == 200
    assert "/crm/companies/list/" not in cashier.text.split("<main")[1]
