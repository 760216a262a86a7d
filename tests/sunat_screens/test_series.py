"""Series: named as SUNAT wants them, counted upwards only, kept once they have given a number."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from models.sunat import DocumentSequence
from tests.admin.test_saving import errors_of, stamp_of
from tests.sunat_screens.papers import add_issuer, add_series, issue

LIST = "/sunat/document_sequences"


def form(**changed) -> dict[str, str]:
    return {
        "company_id": str(add_issuer().id),
        "document_type": "03",
        "series": "B777",
        "current_number": "0",
        "is_active": "y",
    } | changed


def saved(series: str) -> DocumentSequence | None:
    row = sa.select(DocumentSequence).where(DocumentSequence.series == series)
    return session().scalar(row, execution_options={"populate_existing": True})


def edit(client, row: DocumentSequence, **changed):
    address = f"{LIST}/edit/{row.id}"
    page = client.get(address).text
    same = form(
        document_type=row.document_type,
        series=row.series,
        current_number=str(row.current_number),
        record_stamp=stamp_of(page),
    )
    return client.post(address, data=same | changed)


def test_a_series_is_added_and_begins_where_another_system_ended(sign_in):
    answer = sign_in("accountant").post(
        f"{LIST}/add", data=form(series="b777", current_number="41")
    )
    assert answer.status_code == 302, errors_of(answer.text)
    assert saved("B777").current_number == 41


@pytest.mark.parametrize(
    ("kind", "series", "field"),
    [
        ("01", "B777", "series"),
        ("03", "F777", "series"),
        ("07", "N777", "series"),
        ("NV", "B777", "series"),
        ("03", "B77", "series"),
        ("03", "B77-", "series"),
        ("RC", "R001", "document_type"),
    ],
)
def test_a_series_that_sunat_would_not_take_is_refused_beside_the_field(
    sign_in, kind, series, field
):
    answer = sign_in("accountant").post(f"{LIST}/add", data=form(document_type=kind, series=series))
    assert answer.status_code == 422
    assert field in errors_of(answer.text)
    assert saved(series) is None


def test_there_is_one_series_of_a_kind_and_name(sign_in):
    client = sign_in("accountant")
    client.post(f"{LIST}/add", data=form())
    answer = client.post(f"{LIST}/add", data=form())
    assert answer.status_code == 422
    assert "series" in errors_of(answer.text)


def test_the_counter_may_be_set_until_a_number_was_given(sign_in):
    client = sign_in("accountant")
    row = add_series("03", "B778", company_id=add_issuer().id, current_number=500)
    assert edit(client, row, current_number="50").status_code == 302
    assert saved("B778").current_number == 50


@pytest.mark.parametrize(
    "changed", [{"current_number": "0"}, {"current_number": "9"}, {"series": "B999"}]
)
def test_what_has_given_a_number_keeps_its_name_and_counter(sign_in, changed):
    issue("03")
    row = saved("B001")
    answer = edit(sign_in("accountant"), row, **changed)
    assert answer.status_code == 409
    assert set(changed) <= set(errors_of(answer.text))
    assert saved("B001").current_number == 1


def test_what_has_given_a_number_is_switched_off_not_deleted(sign_in):
    client = sign_in("accountant")
    issue("03")
    row = saved("B001")
    client.post(f"{LIST}/delete/{row.id}")
    assert saved("B001") is not None
    answer = edit(client, row, is_active="")
    assert answer.status_code == 302, errors_of(answer.text)
    assert saved("B001").is_active is False


def test_an_unused_series_is_deleted(sign_in):
    row = add_series("03", "B779", company_id=add_issuer().id, current_number=7)
    sign_in("accountant").post(f"{LIST}/delete/{row.id}")
    assert saved("B779") is None


def test_internal_notes_which_no_document_tells_of_never_count_backwards(sign_in):
    client = sign_in("accountant")
    row = add_series("NV", "N777", company_id=add_issuer().id, current_number=12)
    assert "current_number" in errors_of(edit(client, row, current_number="11").text)
    client.post(f"{LIST}/delete/{row.id}")
    assert saved("N777").current_number == 12


def test_a_cashier_does_not_change_series(sign_in):
    client = sign_in("cashier")
    assert client.post(f"{LIST}/add", data=form()).status_code in (302, 403)
    assert saved("B777") is None
