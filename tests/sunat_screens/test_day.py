"""The board of a day, and what the start page says of documents."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.db import session
from app.services.sunat.read_day import read_day
from models.sunat import ElectronicDocument
from tests.sunat_screens.papers import accepted, add_issuer, issue, now, page_of, state_of, today
from tests.sunat_screens.test_document_list import text_of

BOARD = "/sunat/day/"
SYSTEM = system_actor()


def day() -> object:
    return read_day(add_issuer().id, today(), actor=SYSTEM)


def test_it_counts_and_adds_up_by_kind_and_state(sign_in):
    accepted("01")
    accepted()
    accepted()
    issue(sunat_status="REJECTED")
    accepted(issue_date=today() - dt.timedelta(days=1))
    found = {(one.document_type, one.status): (one.number, one.total) for one in day().counts}
    assert found == {
        ("01", "ACCEPTED"): (1, 118),
        ("03", "ACCEPTED"): (2, 236),
        ("03", "REJECTED"): (1, 118),
    }
    page = text_of(sign_in("accountant").get(BOARD).text)
    assert "2 Accepted 1 Rejected 3 S/ 354.00" in page


def test_what_waits_for_a_person_is_there_until_it_is_replaced(sign_in):
    stuck = issue(sunat_status="EXCEPTION", next_attempt_at=None)
    refused = issue(sunat_status="REJECTED")
    issue(sunat_status="EXCEPTION", next_attempt_at=now())
    assert [row.id for row in day().waiting] == [stuck.id, refused.id]
    page = sign_in("accountant").get(BOARD).text
    assert page_of(stuck) in page
    accepted(order_id=refused.order_id)
    assert [row.id for row in day().waiting] == [stuck.id]


def test_a_missing_number_is_found_wherever_the_rest_lies(sign_in):
    rows = [accepted() for _ in range(4)]
    rows[1].issue_date = today() - dt.timedelta(days=1)
    session().flush()
    assert [(one.series, one.missing) for one in day().series] == [("B001", 0)]
    rows[2].correlative_number = 77
    session().flush()
    assert [(one.first, one.last, one.missing) for one in day().series] == [(1, 77, 73)]
    assert "73 missing" in sign_in("accountant").get(BOARD).text


def waiting_boleta() -> ElectronicDocument:
    return issue(sunat_status="SIGNED", next_attempt_at=None, xml_url="sunat/x.xml")


def test_the_summary_of_a_day_is_made_from_the_board_once(sign_in):
    row = waiting_boleta()
    client = sign_in("accountant")
    page = client.get(BOARD).text
    assert "1 boleta waits for the summary" in page
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    for _twice in range(2):
        answer = client.post(f"{BOARD}summary", data=fields, follow_redirects=True)
        assert "The summary goes to SUNAT with 1 document." in answer.text
    reports = session().scalars(
        sa.select(ElectronicDocument).where(ElectronicDocument.document_type == "RC")
    )
    assert [one.number for one in reports] == [f"RC-{today():%Y%m%d}-1"]
    assert f"RC-{today():%Y%m%d}-1" in client.get(BOARD).text
    assert state_of(row) == "SIGNED"


@pytest.mark.parametrize("role", ["cashier", "auditor"])
def test_who_may_only_read_sees_the_board_and_makes_no_summary(sign_in, role):
    waiting_boleta()
    client = sign_in(role)
    assert "Make the summary now" not in client.get(BOARD).text
    client.post(f"{BOARD}summary", data={"key": "k" * 20, "company_id": str(add_issuer().id)})
    assert [one.document_type for one in day().reports] == []


def test_other_days_are_a_click_away_and_none_is_to_come(sign_in):
    add_issuer()
    client = sign_in("accountant")
    yesterday = today() - dt.timedelta(days=1)
    assert f"day={yesterday.isoformat()}" in client.get(BOARD).text
    for text in ("2999-01-01", "nonsense", ""):
        page = client.get(BOARD, query_string={"day": text}).text
        assert f'value="{today().isoformat()}"' in page
    assert client.get(BOARD, query_string={"day": yesterday.isoformat()}).status_code == 200


def test_without_an_issuer_the_board_says_what_is_missing(sign_in):
    assert "No issuing company yet" in sign_in("accountant").get(BOARD).text


def test_a_day_costs_the_same_whatever_it_holds(db_session, count_statements):
    accepted()
    company = add_issuer().id

    def statements() -> int:
        session().expire_all()
        with count_statements() as sent:
            read_day(company, today(), actor=SYSTEM)
        return len(sent)

    before = statements()
    for _ in range(4):
        issue(sunat_status="EXCEPTION", next_attempt_at=None)
    waiting_boleta()
    assert statements() == before == 5


def test_the_start_page_tells_which_documents_wait(sign_in):
    issue(sunat_status="EXCEPTION", next_attempt_at=None)
    issue(sunat_status="REJECTED")
    client = sign_in("accountant")
    tile = client.get("/home/tile/documents")
    said = text_of(tile.text)
    assert "1" in said.split()
    assert "1 rejected this week" in said
    assert sign_in("cashier").get("/home/tile/documents").status_code == 404
