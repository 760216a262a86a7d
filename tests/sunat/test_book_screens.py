"""The register and the differences over HTTP: sums, files, refusals, rights."""

from __future__ import annotations

import html
import io

import pytest
from openpyxl import load_workbook

from app import storage
from app.db import atomic
from models.sales import Order
from tests.rows import make_row
from tests.sunat.papers import add_document, add_issuer
from tests.sunat.samples import dec, invoice, receipt
from tests.sunat.test_differences import SOLD_AT

REGISTER = "/sunat/register/"
JULY = {"month": "2026-07"}


@pytest.fixture
def company(db_session, tmp_path, app):
    storage.configure(tmp_path)
    company = add_issuer()
    add_document(company, invoice(), "ACCEPTED")
    add_document(company, receipt(), "PENDING")
    yield company
    storage.configure(app.config["STORAGE_DIR"])


def test_the_page_has_the_sums_of_the_month_and_says_what_waits(company, sign_in) -> None:
    page = html.unescape(sign_in("accountant").get(REGISTER, query_string=JULY).text)
    for said in ("MERCADO QHATU S.A.C.", "236.00", "36.00", "1 document of the month", "PLE 14.1"):
        assert said in page, said
    empty = sign_in("accountant").get(REGISTER, query_string={"month": "2025-01"}).text
    assert "No document in this month" in empty
    wrong = sign_in("accountant").get(REGISTER, query_string={"month": "july"}).text
    assert "This is not a month." in wrong
    assert 'value="july"' in wrong


def test_the_files_have_the_names_that_sunat_reads(company, sign_in) -> None:
    client = sign_in("accountant")
    for kind, name, lines in (
        ("ple", "LE2010006660320260700140100001111.TXT", 2),
        ("sire", "LE2010006660320260700140400021112.TXT", 2),
    ):
        answer = client.get(f"{REGISTER}file/{kind}", query_string=JULY)
        assert name in answer.headers["Content-Disposition"]
        assert answer.data.count(b"\r\n") == lines
    book = load_workbook(
        io.BytesIO(client.get(f"{REGISTER}file/xlsx", query_string=JULY).data)
    ).active
    assert book.max_row == 4
    assert book.cell(4, 21).value == dec("236.00")
    assert client.get(f"{REGISTER}file/pdf", query_string=JULY).status_code == 404


def test_the_zip_is_made_in_the_background_or_what_is_wrong_is_said(company, sign_in) -> None:
    client = sign_in("accountant")
    form = {"first": "2026-07-01", "last": "2026-07-31", "kind": "01"}
    started = client.post(f"{REGISTER}zip", data=form)
    assert started.location.startswith("/work/")
    wrong = client.post(f"{REGISTER}zip", data=form | {"last": "soon"})
    assert (wrong.status_code, "a year at most" in wrong.text) == (422, True)
    assert 'value="soon"' in wrong.text
    none = client.post(f"{REGISTER}zip", data=form | {"first": "2020-01-01", "last": "2020-01-02"})
    assert "No document was issued in these days." in none.text


def test_differences_lead_to_the_records(company, sign_in) -> None:
    with atomic():
        sold = make_row(
            Order, status="delivered", payment_status="paid", document_type="03",
            created_at=SOLD_AT, subtotal=dec(9), discount_total=dec(0), shipping_cost=dec(0),
            cash_rounding=dec(0), grand_total=dec(9), currency="PEN",
        )  # fmt: skip
    period = {"first": "2026-07-01", "last": "2026-07-31"}
    page = sign_in("accountant").get("/sunat/differences/", query_string=period).text
    assert "Sales without a document (1)" in page
    assert f"/sales/orders/show/{sold.id}" in page
    assert "S/ 9.00" in page
    june = period | {"first": "2026-06-01", "last": "2026-06-02"}
    agreed = sign_in("accountant").get("/sunat/differences/", query_string=june).text
    assert "Books and SUNAT agree" in agreed
    backwards = {"first": "2026-07-31", "last": "2026-07-01"}
    refused = sign_in("accountant").get("/sunat/differences/", query_string=backwards)
    assert (refused.status_code, "a year at most" in refused.text) == (422, True)


def test_cashiers_see_neither_and_auditors_read_both(company, sign_in) -> None:
    for path in (REGISTER, f"{REGISTER}file/ple", "/sunat/differences/"):
        assert sign_in("cashier").get(path).status_code in (302, 403), path
        assert sign_in("auditor").get(path, query_string=JULY).status_code == 200, path


def test_the_pages_cost_few_statements(company, sign_in, count_statements) -> None:
    client = sign_in("accountant")
    counted = []
    for _round in range(2):
        with count_statements() as statements:
            client.get(REGISTER, query_string=JULY)
        counted.append(len(statements))
        for _more in range(4):
            add_document(company, invoice(), "ACCEPTED")
    assert counted[1] <= counted[0]
