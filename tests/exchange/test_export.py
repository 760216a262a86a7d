"""Exports: the rows, columns and rights of the list, exact values, safe cells, any size."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.db import session
from app.settings.cache import settings_cache
from models.catalog import Brand, Product
from models.crm import Company
from models.platform import AuditLog, SystemSetting
from models.workspace import BackgroundWork
from tests.background.conftest import work_on  # noqa: F401 - a fixture
from tests.rows import make_row
from tests.security.scoped_rows import add_people

PRODUCTS = "/catalog/products/export"


def ask(client, url: str, *columns: str, **form: str):
    return client.post(
        url, data={"all": "1", "column": list(columns), "format": "csv", **form}, buffered=True
    )


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.fixture
def products(db_session) -> list[Product]:
    brand = make_row(Brand, name="Inca")
    made = [
        make_row(Product, name=name, base_price=price, status="active", brand_id=brand.id)
        for name, price in (("Cheap", "1.50"), ("=2+3", "10.00"), ("Dear", "1234567.89"))
    ]
    session().commit()
    return made


def test_a_csv_has_the_columns_asked_for_in_their_order_with_exact_values(sign_in, products):
    rows = rows_of(
        ask(sign_in("admin"), f"{PRODUCTS}?sort=name", "base_price", "name", "brand_id", "status")
    )
    assert rows[0] == ["Base price", "Name", "Brand", "Status"]
    assert ["1234567.8900", "Dear", "Inca", "Active"] in rows
    assert ["10.0000", "'=2+3", "Inca", "Active"] in rows


def test_it_follows_the_filters_the_search_and_the_order_of_the_list(sign_in, products):
    client = sign_in("admin")
    rows = rows_of(ask(client, f"{PRODUCTS}?_flt_gte_base_price=5&sort=-base_price", "name"))
    assert rows[1:] == [["Dear"], ["'=2+3"]]
    assert rows_of(ask(client, f"{PRODUCTS}?q=Chea", "name"))[1:] == [["Cheap"]]
    bad = ask(client, f"{PRODUCTS}?_flt_gte_base_price=x", "name")
    assert bad.status_code == 302


def test_selected_rows_alone(sign_in, products):
    keys = [str(products[0].id), str(products[2].id), "nonsense"]
    form = {"key": keys, "column": ["name"], "format": "csv"}
    answer = sign_in("admin").post(f"{PRODUCTS}?sort=name", data=form, buffered=True)
    assert rows_of(answer)[1:] == [["Cheap"], ["Dear"]]


def test_programs_get_names_codes_and_keys(sign_in, products):
    answer = ask(
        sign_in("admin"),
        f"{PRODUCTS}?q=Dear",
        "name",
        "base_price",
        "brand_id",
        "status",
        format="json",
        style="programs",
        with_keys="1",
    )
    assert json.loads(answer.text) == [
        {
            "name": "Dear",
            "base_price": "1234567.8900",
            "brand_id": products[0].brand_id,
            "brand_id.title": "Inca",
            "status": "active",
        }
    ]


def test_a_workbook_has_typed_cells_and_no_formulas(sign_in, products):
    columns = ("name", "base_price", "created_at", "id")
    answer = ask(sign_in("admin"), f"{PRODUCTS}?sort=name", *columns, format="xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    heads, *rows = [list(row) for row in sheet.iter_rows()]
    assert [cell.value for cell in heads][:2] == ["Name", "Base price"]
    assert heads[0].font.bold
    assert sheet.freeze_panes == "A2"
    by_name = {row[0].value: row for row in rows}
    assert by_name["=2+3"][0].data_type == "s"
    assert Decimal(str(by_name["Dear"][1].value)) == Decimal("1234567.89")
    assert isinstance(by_name["Dear"][2].value, dt.datetime)


def test_an_empty_list_gives_a_file_with_headings_alone(sign_in, products):
    client = sign_in("admin")
    for form in ("csv", "json", "xlsx"):
        answer = ask(client, f"{PRODUCTS}?q=nothing+like+it", "name", format=form)
        assert answer.status_code == 200
    assert (
        json.loads(ask(client, f"{PRODUCTS}?q=nothing+like+it", "name", format="json").text) == []
    )


def test_the_dialog_offers_what_the_reader_may_see_and_counts(sign_in, products):
    add_people({"hidden_fields": {"catalog.products": ["cost_price"]}})
    session().commit()
    page = sign_in("ana").get(f"{PRODUCTS}?q=Dear").text
    assert 'value="base_price"' in page
    assert "cost_price" not in page
    assert "1 record" in page
    assert "<html" not in sign_in("ana").get(f"{PRODUCTS}?dialog=1").text


def test_hidden_columns_and_rows_out_of_reach_stay_out(sign_in):
    people = add_people({"scope": {"*": "own"}, "hidden_fields": {"crm.companies": ["phone"]}})
    for name, user in people.items():
        make_row(Company, name=f"Of {name}", phone="987-secret", owner_id=user)
    session().commit()
    text = ask(sign_in("ana"), "/crm/companies/export", "name", "phone", "owner_id").text
    assert "Of ana" in text
    assert "Of ben" not in text
    assert "secret" not in text


def test_the_right_to_export_is_one_of_its_own(sign_in, products):
    client = sign_in("cashier")
    assert client.get("/catalog/products/list/").status_code == 200
    assert client.get(PRODUCTS).status_code == 403
    assert "data-export" not in client.get("/catalog/products/list/").text
    assert "data-export" in sign_in("admin").get("/catalog/products/list/").text


def test_an_export_is_in_the_audit_log(sign_in, products):
    rows_of(ask(sign_in("admin"), f"{PRODUCTS}?q=Dear", "name"))
    entry = session().scalars(sa.select(AuditLog).where(AuditLog.action == "export")).one()
    assert entry.table_name == "catalog.products"
    assert (entry.new_values["rows"], entry.new_values["columns"]) == (1, ["name"])


def in_background_above(rows: int) -> None:
    setting = session().scalar(
        sa.select(SystemSetting).where(SystemSetting.setting_key == "exports.background_above")
    )
    setting.validation_rules = {}
    setting.setting_value = rows
    session().commit()
    settings_cache().forget()


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_many_rows_are_written_in_the_background_for_who_asked(sign_in, products, work_on, form):  # noqa: F811
    in_background_above(2)
    client = sign_in("manager")
    answer = ask(client, PRODUCTS, "name", format=form)
    assert "/work/" in answer.location
    work = session().scalars(sa.select(BackgroundWork)).one()
    assert work_on(work) == "done"
    row = session().get_one(BackgroundWork, work.id, populate_existing=True)
    assert row.file_name.endswith(f".{form}")
    assert row.result == {"rows": row.progress}
    content = client.get(f"/work/{work.id}/file").data
    if form == "csv":
        assert b"Cheap" in content


def test_who_may_not_export_any_more_gets_no_file(sign_in, products, work_on):  # noqa: F811
    in_background_above(2)
    people = add_people({})
    ask(sign_in("ana"), PRODUCTS, "name")
    from models.identity import UserRole

    session().execute(sa.delete(UserRole).where(UserRole.user_id == people["ana"]))
    session().commit()
    work = session().scalars(sa.select(BackgroundWork)).one()
    assert work_on(work) == "failed"
    assert session().get_one(BackgroundWork, work.id).file_key is None


def test_related_rows_out_of_reach_have_no_name(sign_in):
    people = add_people({"scope": {"*": "all", "crm.companies": "own"}})
    from models.crm import Contact

    company = make_row(Company, name="Hidden company", owner_id=people["ben"])
    make_row(Contact, company_id=company.id, owner_id=people["ana"])
    session().commit()
    text = ask(sign_in("ana"), "/crm/contacts/export", "first_name", "company_id").text
    assert "Hidden company" not in text
