"""The list of documents: found by number, with what happens next, and filters one click away."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from app.db import session
from app.i18n import force_locale
from models.sunat import ElectronicDocument
from tests.sunat_screens.papers import accepted, issue, now
from views.sunat.next_step import next_step, waits_for_person

LIST = "/sunat/electronic_documents/list/"
SOON = dt.timedelta(minutes=7)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_document_is_found_by_its_number_as_people_write_it(sign_in):
    mine, other = accepted("01"), accepted("03")
    page = sign_in("accountant").get(LIST, query_string={"q": mine.number.lower()}).text
    assert mine.number == "F001-1"
    assert page_link(mine) in page
    assert page_link(other) not in page


def page_link(row: ElectronicDocument) -> str:
    return f"/sunat/electronic_documents/show/{row.id}"


@pytest.mark.parametrize(
    ("given", "said", "waits"),
    [
        ({"sunat_status": "PENDING"}, "is signed and sent in a moment", False),
        ({"sunat_status": "SIGNED", "next_attempt_at": None}, "goes to SUNAT with the", False),
        ({"sunat_status": "ACCEPTED"}, "SUNAT has it", False),
        ({"sunat_status": "OBSERVED"}, "read its remarks", False),
        ({"sunat_status": "REJECTED"}, "issue another with a new number", True),
        ({"sunat_status": "EXCEPTION", "attempts": 2}, "is tried again at", False),
        (
            {
                "sunat_status": "EXCEPTION",
                "next_attempt_at": None,
                "sunat_message": "No certificate\nand more",
            },
            "waits for you: No certificate",
            True,
        ),
        ({"sunat_status": "SENT", "ticket_sunat": "17"}, "SUNAT works on it", False),
        ({"sunat_status": "VOIDING"}, "SUNAT is asked to void it", False),
        ({"sunat_status": "VOIDED"}, "has no effect any more", False),
    ],
)
def test_each_state_says_what_happens_next(sign_in, given, said, waits):
    row = issue(**{"next_attempt_at": now() + SOON} | given)
    with force_locale("en"):
        assert said in next_step(row)
    assert waits_for_person(row) is waits
    page = sign_in("accountant").get(LIST).text
    assert said in text_of(page)
    assert f'data-waits="{"yes" if waits else "no"}"' in page


def test_filters_stand_above_the_list_and_are_taken_away_by_a_second_click(sign_in):
    stuck = issue(sunat_status="EXCEPTION", next_attempt_at=None)
    fine = accepted()
    client = sign_in("accountant")
    address = json.dumps([["sunat_status", "eq", "EXCEPTION"], ["next_attempt_at", "empty"]])
    page = client.get(LIST, query_string={"filter": address}).text
    assert page_link(stuck) in page
    assert page_link(fine) not in page
    active = re.search(r'<a class="btn btn-sm active" href="([^"]+)"[^>]*>Wait for a person<', page)
    assert page_link(fine) in client.get(active[1].replace("&amp;", "&")).text


@pytest.mark.parametrize("label", ["Wait for a person", "Rejected", "On their way", "Issued today"])
def test_each_filter_is_one_that_the_list_understands(sign_in, label):
    client = sign_in("accountant")
    accepted()
    page = client.get(LIST).text
    found = re.search(rf'<a class="btn btn-sm" href="([^"]+)">{label}<', page)
    answer = client.get(found[1].replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "chip" in answer.text
    assert "alert-warning" not in answer.text


def test_the_list_costs_the_same_whatever_it_holds(sign_in, count_statements):
    client = sign_in("accountant")

    def statements() -> int:
        session().expire_all()
        with count_statements() as sent:
            client.get(LIST)
        return len(sent)

    accepted()
    statements()
    before = statements()
    for _ in range(4):
        issue(sunat_status="EXCEPTION", next_attempt_at=None)
    assert statements() == before


def test_states_make_a_board_and_days_of_issue_a_calendar(sign_in):
    row = accepted()
    client = sign_in("accountant")
    for screen in ("board", "calendar"):
        assert row.number in client.get(f"/sunat/electronic_documents/{screen}/").text


@pytest.mark.parametrize("typed", ["B001-1", "b001-0001", "B001 1"])
def test_the_search_of_everything_finds_a_document_by_its_number(sign_in, typed):
    row = accepted()
    page = sign_in("accountant").get("/search/results", query_string={"q": typed}).text
    assert page_link(row) in page
