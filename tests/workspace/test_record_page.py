"""The page of a record: its head, its timeline, the lengths of its related lists."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from app.admin.records.timeline import KINDS, read_place
from app.db import session
from models.billing import Invoice
from models.crm import Activity, ActivityType, Company, Deal
from models.documents import Document
from models.messaging import EmailLog
from models.services import Task, TaskStatus
from models.workspace import Comment
from tests.rows import key_of, make_row, owned_row
from tests.security.scoped_rows import add_people
from tests.users import user_id_of

NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


def hours(number: float) -> dt.datetime:
    return NOON + dt.timedelta(hours=number)


def add_comments(row, number: int, **values) -> None:
    for n in range(number):
        make_row(
            Comment,
            table_name=row.__table__.fullname,
            record_id=key_of(row),
            body=f"Comment {n:03d}",
            **{"created_at": hours(n), **values},
        )


@pytest.fixture
def deal(db_session) -> Deal:
    """A deal around which one thing of each kind happened, and its making (now)."""
    made = make_row(Deal, name="Big deal", owner_id=user_id_of("manager"))
    kind = session().scalar(sa.select(ActivityType.id).limit(1))
    make_row(Activity, deal_id=made.id, subject="Called", type_id=kind, start_time=hours(1))
    make_row(Task, deal_id=made.id, title="Send samples", created_at=hours(2))
    make_row(Document, deal_id=made.id, name="Contract", created_at=hours(3))
    add_comments(made, 1, created_at=hours(4))
    session().commit()
    return made


def timeline(client, row, **args) -> str:
    path = row.__table__.fullname.replace(".", "/")
    answer = client.get(f"/{path}/timeline/{key_of(row)}", query_string=args)
    assert answer.status_code == 200
    return answer.text


def place_of(page: str) -> str:
    found = re.search(r"before=([^\"&]+)", page)
    return found[1] if found else ""


def walk(client, row) -> list[str]:
    """All titles, page by page."""
    found, before = [], ""
    for _page in range(20):
        page = timeline(client, row, **({"before": before} if before else {}))
        found += re.findall(r"Comment \d{3}|Called|Send samples|Contract|Created", page)
        link = place_of(page)
        if not link:
            return found
        before = unquote(link)
    raise AssertionError("endless")


def test_everything_that_happened_stands_in_one_stream(sign_in, deal):
    assert walk(sign_in("admin"), deal) == [
        "Created",
        "Comment 000",
        "Contract",
        "Send samples",
        "Called",
    ]


def test_e_mails_about_an_invoice_are_on_its_timeline(sign_in, db_session):
    invoice = make_row(Invoice)
    make_row(EmailLog, invoice_id=invoice.id, subject="Your invoice", to_email="a@example.com")
    session().commit()
    assert "Your invoice" in timeline(sign_in("admin"), invoice)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("comment", "Comment 000"),
        ("task", "Send samples"),
        ("activity", "Called"),
        ("document", "Contract"),
        ("change", "Created"),
    ],
)
def test_one_kind_alone_can_be_shown(sign_in, deal, kind, shown):
    page = timeline(sign_in("admin"), deal, kind=kind).split('class="timeline"')[1]
    others = {"Comment 000", "Send samples", "Called", "Contract", "Created"} - {shown}
    assert shown in page
    assert not [other for other in others if other in page]


def test_pages_give_everything_once_even_at_the_same_moment(sign_in, deal):
    add_comments(deal, 45, created_at=hours(1))
    for n in range(30):
        make_row(Task, deal_id=deal.id, title="Send samples", created_at=hours(1 if n % 2 else 0))
    session().commit()
    found = walk(sign_in("admin"), deal)
    assert len([x for x in found if x.startswith("Comment")]) == 46
    assert found.count("Send samples") == 31
    assert found.count("Called") == 1


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "||",
        "2026-01-01|comment|1",
        "2026-01-01T00:00:00+00:00|comment|x",
        "2026-01-01T00:00:00+00:00|nothing|1",
        f"2026-01-01T00:00:00+00:00|comment|{'9' * 30}",
        "2026-01-01T00:00:00+00:00|task|1",
    ],
)
def test_a_damaged_link_shows_the_beginning(sign_in, deal, text):
    assert read_place(text) is None
    assert "data-comment-form" in timeline(sign_in("admin"), deal, before=text)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_place_survives_its_own_link(kind):
    key = "7" if kind in ("change", "comment") else "01a204fe-8b85-7538-ab4c-8224a4b22e3d"
    text = f"2026-01-01T00:00:00.5+00:00|{kind}|{key}"
    assert read_place(text) is not None


def test_a_timeline_costs_the_same_statements_however_much_happened(
    sign_in, count_statements, deal
):
    client = sign_in("admin")
    counts = []
    for _round in range(2):
        client.get(f"/crm/deals/timeline/{deal.id}")
        with count_statements() as statements:
            timeline(client, deal)
        counts.append(len(statements))
        kind = session().scalar(sa.select(ActivityType.id).limit(1))
        for n in range(4):
            make_row(
                Activity,
                deal_id=deal.id,
                subject="Called",
                type_id=kind,
                user_id=user_id_of("seller"),
                start_time=hours(9 + n),
            )
            make_row(Document, deal_id=deal.id, name="Contract", created_at=hours(10 + n))
            make_row(
                Task,
                deal_id=deal.id,
                title="Send samples",
                created_at=hours(11 + n),
                assigned_to=user_id_of("seller"),
            )
        add_comments(deal, 4)
        session().commit()
    assert counts[1] <= counts[0] + 1, counts  # the people who did it
    assert counts[1] <= 25, counts


def test_what_may_not_be_read_is_not_on_the_timeline(sign_in, db_session):
    people = add_people(
        {
            "scope": {"*": "all", "services.tasks": "own"},
            "hidden_fields": {
                "crm.activities": ["subject", "description"],
                "documents.documents": ["deal_id"],
            },
        }
    )
    deal = owned_row(Deal, people["ana"])
    kind = session().scalar(sa.select(ActivityType.id).limit(1))
    make_row(
        Activity,
        deal_id=deal.id,
        type_id=kind,
        subject="Secret subject",
        description="Secret words",
    )
    make_row(Document, deal_id=deal.id, name="Secret paper")
    make_row(
        Task,
        deal_id=deal.id,
        title="Bens secret",
        assigned_to=people["ben"],
        created_by=people["ben"],
    )
    make_row(Task, deal_id=deal.id, title="Anas task", assigned_to=people["ana"])
    session().commit()
    page = timeline(sign_in("ana"), deal)
    assert "Anas task" in page
    assert "ecret" not in page


def test_the_head_says_what_matters_and_nothing_hidden(sign_in, deal):
    page = sign_in("admin").get(f"/crm/deals/show/{deal.id}").text
    head = page.split('<dl class="facts">')[1].split("</dl>")[0]
    for label in ("Stage", "Amount", "Owner"):
        assert f"<dt>{label}</dt>" in head
    assert "Manager Tester" in head
    people = add_people({"hidden_fields": {"crm.deals": ["amount", "owner_id", "stage_id"]}})
    assert people
    page = sign_in("ana").get(f"/crm/deals/show/{deal.id}").text
    assert "<dt>Amount</dt>" not in page
    assert "Manager Tester" not in page


def test_related_lists_are_counted_in_one_statement(sign_in, count_statements, db_session):
    company = make_row(Company)
    for n in range(3):
        make_row(Deal, company_id=company.id, name=f"Deal {n}")
    make_row(Deal, company_id=company.id, name="Gone", deleted_at=NOON)
    session().commit()
    client = sign_in("admin")
    url = f"/crm/companies/related_counts/{company.id}"
    client.get(url)
    with count_statements() as statements:
        counts = client.get(url).json["counts"]
    assert counts["crm.deals.company_id"] == 3
    assert counts["crm.contacts.company_id"] == 0
    assert sum("count(" in statement for statement in statements) == 1
    assert len(statements) <= 8, statements


def test_long_lists_are_counted_so_far_only(sign_in, db_session):
    company = make_row(Company)
    for n in range(105):
        make_row(Deal, company_id=company.id, name=f"Deal {n}")
    session().commit()
    answer = sign_in("admin").get(f"/crm/companies/related_counts/{company.id}").json
    assert answer["counts"]["crm.deals.company_id"] == 101
    assert answer["counted"] == 100


def test_rows_out_of_reach_are_not_counted(sign_in, db_session):
    people = add_people({"scope": {"*": "all", "crm.deals": "own"}})
    company = make_row(Company)
    for name in ("ana", "ben"):
        make_row(Deal, company_id=company.id, owner_id=people[name])
    session().commit()
    client = sign_in("ana")
    counts = client.get(f"/crm/companies/related_counts/{company.id}").json["counts"]
    assert counts["crm.deals.company_id"] == 1


def test_what_is_added_from_the_timeline_leads_back_to_the_record(sign_in, deal):
    client = sign_in("admin")
    page = unescape(timeline(client, deal))
    link = re.search(r'href="([^"]+)"[^>]*>(?:<i[^>]*></i>)?\s*(?:<span>)?Add a task', page)[1]
    form = unescape(client.get(link).text)
    record = f"/crm/deals/show/{deal.id}"
    assert f'href="{record}"' in form  # cancelled
    action = re.search(r'<form method="post" enctype[^>]* action="([^"]+)"', form)[1]
    status = session().scalar(sa.select(TaskStatus.id).limit(1))
    sent = {"title": "Call them", "deal_id": str(deal.id), "status_id": str(status)}
    sent |= {"actual_minutes": "0", "progress_percentage": "0"}
    answer = client.post(action, data=sent)
    assert answer.status_code == 302, answer.text
    assert answer.location.endswith(record)
    assert "Call them" in timeline(client, deal)


def test_a_form_leads_to_no_other_site(sign_in, db_session):
    client = sign_in("admin")
    sent = {"name": "Elsewhere"}
    answer = client.post("/catalog/brands/add?next=https://evil.example/", data=sent)
    assert answer.status_code == 302
    assert "/catalog/brands/show/" in answer.location
