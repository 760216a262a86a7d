"""Imports: by the page, checked first, all or good rows, matched, undone, within one's rights."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from app.db import session
from app.services.background.purge_imports import purge_imports
from app.storage import FileMissingError, storage
from models.catalog import Brand, Category
from models.crm import Company
from models.customers import Customer
from models.platform import AuditLog
from models.workspace import BackgroundWork, ImportBatch, ImportedRow
from tests.background.conftest import work_on  # noqa: F401 - a fixture
from tests.exchange.importing import Import, csv_of
from tests.rows import make_row
from tests.security.scoped_rows import add_people

BRANDS = "/catalog/brands/import"


@pytest.fixture
def imports(sign_in, work_on):  # noqa: F811
    def begin(base: str = BRANDS, who: str = "admin") -> Import:
        return Import(sign_in(who), work_on, base)

    return begin


def names(model=Brand) -> set[str]:
    return set(session().scalars(sa.select(model.name)))


def test_a_file_is_checked_without_a_trace_and_then_imported(imports):
    one = imports()
    before = names()
    one.send(csv_of(("Nombre", "Sitio"), ("Inca", ""), ("Cusco", "")))
    assert "Inca · Cusco" in one.client.get(one.url).text
    batch = one.step("check")
    assert (batch.state, batch.rows, batch.created, batch.failed) == ("checked", 2, 2, 0)
    assert names() == before
    assert session().scalar(sa.select(sa.func.count()).select_from(ImportedRow)) == 0
    assert "Import 2 records" in one.client.get(one.url).text
    batch = one.step("run")
    assert (batch.state, batch.created) == ("done", 2)
    assert names() == before | {"Inca", "Cusco"}
    entry = session().scalars(sa.select(AuditLog).where(AuditLog.table_name == "catalog.brands"))
    work = session().get_one(BackgroundWork, batch.work_id)
    assert {row.request_id for row in entry} == {work.request_id}


def test_all_or_none_and_good_rows_only(imports):
    rows = csv_of(
        ("name", "slug", "is_active"), ("Good", "g", "sí"), ("", "h", "no"), ("Odd", "o", "perhaps")
    )
    one = imports("/catalog/categories/import")
    one.send(rows)
    assert one.step("check").failed == 2
    assert "Import 1 record" not in one.client.get(one.url).text
    assert one.client.post(f"{one.url}/undo").status_code == 409
    batch = one.step("check", mode="good")
    assert (batch.created, batch.failed) == (1, 2)
    batch = one.step("run")
    assert (batch.state, batch.created, batch.failed) == ("done", 1, 2)
    assert "Good" in names(Category)
    told = one.client.get(one.url.replace("/import/", "/import/mistakes/of/")).data.decode(
        "utf-8-sig"
    )
    bad = list(csv.reader(io.StringIO(told)))
    assert bad[0] == ["Row", "name", "slug", "is_active", "Mistakes"]
    assert [row[0] for row in bad[1:]] == ["3", "4"]
    assert "required" in bad[1][4]
    assert "neither yes nor no" in bad[2][4]


def test_what_the_database_refuses_is_told_beside_its_row(imports):
    make_row(Brand, name="Taken")
    session().commit()
    one = imports()
    one.send(csv_of(("name",), ("Fresh",), ("Taken",), ("Fresher",)))
    batch = one.step("check", mode="good")
    assert (batch.created, batch.failed) == (2, 1)
    assert batch.mistakes[0][0] == 3
    assert "already" in batch.mistakes[0][2]


def test_records_are_matched_by_a_unique_column_and_changed(imports):
    kept = make_row(Category, name="Kept", slug="kept", is_active=True)
    make_row(Category, name="Same", slug="same", is_active=True)
    session().commit()
    one = imports("/catalog/categories/import")
    headings = ("name", "slug", "is_active")
    rows = (("Kept", "kept", "no"), ("Same", "same", "yes"), ("New", "new", "yes"))
    batch = one.all(csv_of(headings, *rows), match="slug")
    assert (batch.created, batch.updated, batch.unchanged) == (1, 1, 1)
    assert session().get_one(Category, kept.id, populate_existing=True).is_active is False


def test_the_same_record_twice_in_a_file_is_a_mistake(imports):
    one = imports()
    one.send(csv_of(("name",), ("Twice",), ("Twice",)))
    batch = one.step("check", match="name", mode="good")
    assert (batch.created, batch.failed) == (1, 1)
    assert "Row 2" in batch.mistakes[0][2]


def test_relations_are_found_by_key_or_by_name(imports):
    parent = make_row(Category, name="Bebidas", slug="bebidas")
    session().commit()
    one = imports("/catalog/categories/import")
    batch = one.all(
        csv_of(
            ("name", "slug", "parent_id"),
            ("Gaseosas", "gaseosas", "bebidas"),
            ("Jugos", "jugos", str(parent.id)),
        )
    )
    assert (batch.state, batch.mistakes) == ("done", [])
    rows = session().scalars(sa.select(Category).where(Category.parent_id == parent.id)).all()
    assert {row.name for row in rows} == {"Gaseosas", "Jugos"}
    one.send(csv_of(("name", "slug", "parent_id"), ("X", "x", "Nowhere")))
    assert "no such record" in one.step("check").mistakes[0][2]


def test_a_workbook_with_dates_numbers_and_errors(imports):
    book = Workbook()
    book.active.append(["name", "annual_revenue", "employees_count"])
    book.active.append(["Excel company", 1234.5, 7])
    book.active.append(["Broken", "#N/A", 3])
    content = io.BytesIO()
    book.save(content)
    one = imports("/crm/companies/import")
    one.send(content.getvalue(), "Libro.xlsx")
    batch = one.step("check", mode="good")
    assert (batch.created, batch.failed) == (1, 1), batch.mistakes
    assert "error of the spreadsheet" in batch.mistakes[0][2]


def test_an_import_is_undone_records_added_go_and_changed_ones_are_as_before(imports):
    kept = make_row(Category, name="Kept", slug="kept", is_active=True)
    session().commit()
    before = names(Category)
    one = imports("/catalog/categories/import")
    headings = ("name", "slug", "is_active")
    one.all(csv_of(headings, ("Kept!", "kept", "no"), ("Added", "add", "yes")), match="slug")
    batch = one.step("undo")
    assert (one.state, batch.state) == ("done", "undone")
    assert names(Category) == before
    assert session().get_one(Category, kept.id, populate_existing=True).is_active is True


def test_an_undo_is_refused_for_what_was_changed_since_unless_the_rest_is_wanted(imports):
    one = imports("/catalog/categories/import")
    one.all(csv_of(("name", "slug"), ("Mine", "m"), ("Touched", "t")))
    touched = sa.update(Category).where(Category.name == "Touched").values(is_active=False)
    session().execute(touched)
    session().commit()
    batch = one.step("undo")
    assert (one.state, batch.state) == ("failed", "done")
    assert {"Mine", "Touched"} <= names(Category)
    assert "Touched: Somebody changed it since." in one.client.get(one.url).text
    batch = one.step("undo", skip="1")
    assert batch.state == "undone"
    assert "Mine" not in names(Category)
    assert "Touched" in names(Category)


def test_a_step_done_twice_adds_nothing(imports):
    one = imports()
    batch = one.all(csv_of(("name",), ("Once",)))
    work = session().get_one(BackgroundWork, batch.work_id)
    work.status = "queued"
    session().commit()
    assert one.work_on(work) == "done"
    found = session().scalars(sa.select(Brand).where(Brand.name == "Once")).all()
    assert len(found) == 1


def test_the_columns_chosen_are_remembered(imports):
    one = imports()
    one.send(csv_of(("Marca rara",), ("Remembered",)))
    assert one.batch.options["columns"] == [""]
    session().execute(
        sa.update(ImportBatch).values(options={**one.batch.options, "columns": ["name"]})
    )
    session().commit()
    one.step("check")
    one.send(csv_of(("MARCA RARA",), ("Again",)))
    assert one.batch.options["columns"] == ["name"]


BROKEN = {
    "empty": (b"", "empty"),
    "blank": (b"\n\n  \n", "empty"),
    "binary": (b"\x00\x01\x02\x03" * 100, "no table"),
    "same heading twice": (b"name,name\na,b\n", "same heading"),
    "no heading": (b"name,,x\na,b,c\n", "Column B has no heading"),
    "too many columns": (",".join(f"c{n}" for n in range(400)).encode(), "too many columns"),
    "not a zip": (b"PK\x03\x04 nonsense", "damaged"),
    "old excel": (b"\xd0\xcf\x11\xe0" + b"x" * 100, "XLSX"),
    "a document": (b"%PDF-1.4\n1 0 obj<<>>endobj\n", "no table"),
    "a page of the web": (b"\n<html><table><tr><td>name</td></tr></table>", "no table"),
    "a quote to the end": (b'name,x\n"never closed,1\nother,2\n', "quotation mark"),
    "open quote": (b'name,x\n"never closed,1\n' + b"x" * 250_000, "quotation mark"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_with_a_sentence(app, what):
    from app.admin.exchange.table_file import UnreadableFileError, read_table

    content, sentence = BROKEN[what]
    with (
        app.test_request_context(query_string={"_l_": "en"}),
        pytest.raises(UnreadableFileError) as refusal,
    ):
        list(read_table(content, {}).rows)
    assert sentence in refusal.value.message


def test_a_workbook_that_explodes_is_refused(app):
    import zipfile

    from app.admin.exchange.table_file import UnreadableFileError, read_table

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 60_000_000)
    with (
        app.test_request_context(query_string={"_l_": "en"}),
        pytest.raises(UnreadableFileError) as refusal,
    ):
        read_table(bomb.getvalue(), {})
    assert "too large" in refusal.value.message


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("name;x\nÑandú;1\n".encode("cp1252"), "Ñandú"),
        ("\ufeffname,x\nÑandú,1\n".encode(), "Ñandú"),
        ("name\tx\nÑandú\t1\n".encode("utf-16"), "Ñandú"),
    ],
)
def test_encodings_and_delimiters_are_found_out(app, content, wanted):
    from app.admin.exchange.table_file import read_table

    with app.test_request_context():
        table = read_table(content, {})
        assert (table.headings, [cells[0] for _n, cells in table.rows]) == (("name", "x"), [wanted])


def test_who_may_not_add_may_not_import_and_ledgers_take_no_files(sign_in):
    client = sign_in("auditor")
    assert client.get(BRANDS).status_code == 403
    admin = sign_in("admin")
    assert admin.get("/sales/orders/import").status_code == 404
    assert admin.get(BRANDS).status_code == 200


def test_somebody_elses_import_is_not_there(imports, sign_in):
    one = imports(who="manager")
    one.send(csv_of(("name",), ("Theirs",)))
    other = sign_in("admin")
    assert other.get(one.url).status_code == 404
    assert other.post(f"{one.url}/check").status_code == 404
    assert other.get(one.url.replace("/import/", "/import/mistakes/of/")).status_code == 404


def test_rows_and_fields_out_of_reach_stay_untouched(imports):
    people = add_people({"scope": {"*": "own"}, "readonly_fields": {"crm.companies": ["phone"]}})
    mine = make_row(Company, name="Mine", owner_id=people["ana"], phone="1")
    theirs = make_row(Company, name="Theirs", owner_id=people["ben"], phone="1")
    session().commit()
    one = imports("/crm/companies/import", "ana")
    one.send(
        csv_of(("id", "name", "phone"), (mine.id, "Changed", "2"), (theirs.id, "Changed too", "2"))
    )
    assert one.batch.options["columns"] == ["id", "name", ""]
    batch = one.step("check", match="id", mode="good")
    assert (batch.updated, batch.failed) == (1, 1), batch.mistakes
    one.step("run")
    session().expire_all()
    assert (mine.name, theirs.name, mine.phone) == ("Changed", "Theirs", "1")
    one.send(csv_of(("name",), ("New of ana",)))
    one.step("check")
    one.step("run")
    made = session().scalars(sa.select(Company).where(Company.name == "New of ana")).one()
    assert made.owner_id == people["ana"]


def test_rules_of_a_table_hold_for_each_row(imports):
    one = imports("/customers/customers/import")
    headings = ("full_name", "document_type", "document_number", "email")
    one.send(csv_of(headings, ("Rosa", "1", "", "not an address")))
    batch = one.step("check")
    assert batch.failed == 1
    assert session().scalar(sa.select(Customer).where(Customer.full_name == "Rosa")) is None


def test_old_imports_lose_their_files_and_the_notes_that_undo_them(imports, app):
    one, draft = imports(), imports()
    batch = one.all(csv_of(("name", "x"), ("Kept", ""), ("", "no name")), mode="good")
    draft.send(csv_of(("name",), ("Never",)))
    keys = [batch.file_key, batch.mistakes_key, draft.batch.file_key]
    ended = batch.ended_at
    assert purge_imports(now=ended + dt.timedelta(days=29)) == 0
    assert session().scalar(sa.select(sa.func.count()).select_from(ImportedRow)) == 1
    assert purge_imports(now=ended + dt.timedelta(days=31)) == 2
    assert session().scalars(sa.select(ImportBatch)).all() == [one.batch]
    assert (one.batch.file_key, one.batch.mistakes_key, one.batch.mistakes) == (None, None, [])
    assert (one.batch.created, one.batch.failed) == (1, 1)
    assert session().scalar(sa.select(sa.func.count()).select_from(ImportedRow)) == 0
    for key in keys:
        with pytest.raises(FileMissingError):
            storage().get(key)
    assert one.client.get(one.url).status_code == 200
    assert purge_imports(now=ended + dt.timedelta(days=32)) == 0


def test_cells_without_a_heading_are_a_mistake_and_a_title_is_refused(imports):
    one = imports()
    one.send(csv_of(("name", "x"), ("Fits", ""), ("Wide", "", "lost")))
    batch = one.step("check")
    assert (batch.created, batch.failed) == (1, 1)
    assert batch.mistakes == [[3, "", "The row has more cells than the file has headings."]]
    answer = one.send(csv_of(("Our brands",), ("name", "x"), ("Inca", "y")))
    assert answer.location == BRANDS
    assert "row 2 has more cells" in one.client.get(BRANDS).text


def test_the_page_of_the_work_tells_in_a_sentence_what_came_of_it(imports):
    one = imports()

    def told() -> str:
        return one.client.get(f"/work/{one.batch.work_id}?_l_=en").text

    one.send(csv_of(("name", "x"), ("Told", ""), ("", "no name")))
    one.step("check")
    assert "To add: 1, With mistakes: 1." in told()
    one.step("check", mode="good")
    one.step("run")
    assert "Added: 1, With mistakes: 1." in told()
    one.step("undo")
    assert "1 record was taken back." in told()
    kept = sa.update(BackgroundWork).values(result={"rows": 1})
    session().execute(kept)
    session().commit()
    assert one.client.get("/work/").status_code == 200
