"""Counting, reports and approvals of tills over HTTP."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import session
from models.sales import CashSession, ZReport
from tests.services.shop import Shop, add_variant, open_shop, receive
from tests.services.till_work import close


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


def counted(shop: Shop, **pieces: str) -> dict[str, object]:
    from app.services.sales.count_cash import denominations

    typed = {name.removeprefix("p").replace("_", "."): n for name, n in pieces.items()}
    fields = {f"pieces-{value}": typed.get(str(value), "") for value in denominations()}
    return {"session_id": shop.till, "notes": "", **fields}


def till_of(shop: Shop) -> CashSession:
    return session().get_one(CashSession, shop.till, populate_existing=True)


def test_a_till_is_closed_by_notes_and_coins_and_leads_to_its_z_report(shop, sign_in) -> None:
    client = sign_in("cashier")
    page = client.get("/cash/").text
    assert 'name="pieces-200.00"' in page
    assert 'name="pieces-0.10"' in page
    form = counted(shop, p20_00="2", p5_00="2")
    answer = client.post("/cash/close", data=form)
    assert answer.location == f"/cash/{shop.till}"
    assert till_of(shop).counted_denominations == {"PEN": {"20.00": 2, "5.00": 2}}
    report = client.get(answer.location).text
    number = session().scalar(sa.select(ZReport.number))
    assert number in report
    for paper in ("80mm", "a4"):
        pdf = client.get(f"/cash/{shop.till}.pdf?paper={paper}")
        assert (pdf.status_code, pdf.data[:4]) == (200, b"%PDF")


def test_a_wrong_number_of_pieces_is_said_beside_it_and_the_others_stay(shop, sign_in) -> None:
    client = sign_in("cashier")
    answer = client.post("/cash/close", data=counted(shop, p20_00="2x", p10_00="7"))
    assert answer.status_code == 422
    assert 'id="pieces-20.00-error"' in answer.text
    assert 'value="7"' in answer.text
    assert till_of(shop).status == "open"


def test_a_large_difference_is_counted_again_or_left_to_a_manager(shop, sign_in) -> None:
    client = sign_in("cashier")
    form = counted(shop, p10_00="1")
    asked = client.post("/cash/close", data=form)
    assert asked.status_code == 403
    assert 'name="wait"' in asked.text
    assert 'value="1"' in asked.text
    assert till_of(shop).status == "open"
    left = client.post("/cash/close", data=form | {"wait": "y"})
    assert left.location == f"/cash/{shop.till}"
    assert till_of(shop).status == "awaiting_approval"
    assert 'name="answer"' not in client.get(left.location).text
    assert client.post(f"/cash/{shop.till}/answer").status_code in (302, 403)


def test_a_manager_decides_where_the_report_is(shop, sign_in) -> None:
    close(shop, "10")
    session().commit()
    manager, path = sign_in("manager"), f"/cash/{shop.till}"
    assert f'href="{path}"' in manager.get("/cash/").text
    form = {"key": str(uuid.uuid4()), "answer": "reject", "reason": ""}
    refused = manager.post(f"{path}/answer", data=form)
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert manager.post(f"{path}/answer", data=form | {"reason": "Again"}).location == path
    assert till_of(shop).status == "rejected"
    client = sign_in("cashier")
    page = client.get("/cash/").text
    assert "Again" in page
    assert client.post("/cash/close", data=counted(shop, p50_00="1")).location == path
    assert till_of(shop).status == "closed"


def test_reports_are_for_who_may_see_the_session(shop, sign_in) -> None:
    other = open_shop("manager")
    client = sign_in("cashier")
    assert client.get(f"/cash/{shop.till}").status_code == 200
    assert client.get(f"/cash/{other.till}").status_code == 404
    assert client.get(f"/cash/{other.till}.pdf").status_code == 404
    assert client.get("/cash/99999999999999999999").status_code == 404
    assert sign_in("auditor").get(f"/cash/{shop.till}").status_code == 200


def test_the_pages_cost_the_same_whatever_was_sold(shop, sign_in, count_statements) -> None:
    client, variant = sign_in("cashier"), add_variant("1")
    receive(shop.location, {variant: 30})
    counts = []
    for _round in range(2):
        for _sale in range(4):
            shop.sell({variant: 1}, "1", "1")
        session().commit()
        client.get("/cash/")
        with count_statements() as statements:
            client.get("/cash/")
            client.get(f"/cash/{shop.till}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 60


def test_a_till_is_run_over_rest(shop, client, token) -> None:
    session().commit()

    def call(name: str, body: dict[str, object], role: str = "cashier"):
        headers = token(role) | {"Idempotency-Key": str(uuid.uuid4())}
        answer = client.post(f"/api/v1/sales/{name}", json=body, headers=headers)
        session().expire_all()
        return answer

    x = call("read_cash_report", {"session_id": shop.till}).json["result"]
    assert (x["number"], x["starting_cash"], x["sales"]) == ("", "50.00", 0)
    body = {"session_id": shop.till, "counted": "20.00",
            "denominations": [{"value": "20.00", "pieces": 1}]}  # fmt: skip
    waits = call("close_cash_session", body)
    assert waits.json["result"]["status"] == "awaiting_approval"
    decision = {"session_id": shop.till, "approve": True, "reason": "Seen"}
    assert call("answer_cash_difference", decision).status_code == 403
    done = call("answer_cash_difference", decision, "manager")
    assert done.json["result"]["status"] == "closed"
    z = call("read_cash_report", {"session_id": shop.till}).json["result"]
    assert (z["number"], z["counted"]) == (done.json["result"]["z_report"], "20.00")
    assert till_of(shop).discrepancy == Decimal(-30)
