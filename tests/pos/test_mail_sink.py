"""The viewer of the mail sink: for administrators, and safe whatever the e-mail holds."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.local.mail_store import keep_message

NOW = dt.datetime(2026, 6, 15, tzinfo=dt.UTC)


@pytest.fixture
def message_id(app, tmp_path: Path) -> str:
    mime = EmailMessage()
    mime["From"], mime["To"], mime["Subject"] = "a@example.com", "b@example.com", "<b>Hi</b>"
    mime.set_content("Plain & simple")
    mime.add_alternative("<script>alert(1)</script><p>Rich</p>", subtype="html")
    mime.add_attachment(b"<script>", maintype="text", subtype="html", filename="../../evil.html")
    app.config["MAIL_FOLDER"] = str(tmp_path)
    return keep_message(tmp_path, bytes(mime), now=NOW)


def test_messages_are_listed_and_shown_without_being_run(message_id: str, sign_in) -> None:
    client = sign_in("admin")
    assert "&lt;b&gt;Hi&lt;/b&gt;" in client.get("/mail/").text
    page = client.get(f"/mail/{message_id}").text
    assert "sandbox" in page
    assert "<script>alert" not in page
    html = client.get(f"/mail/{message_id}/html")
    assert "sandbox" in html.headers["Content-Security-Policy"]


def test_attachments_are_downloads_only(message_id: str, sign_in) -> None:
    answer = sign_in("admin").get(f"/mail/{message_id}/attachments/0")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "/" not in answer.headers["Content-Disposition"]
    assert answer.data == b"<script>"


@pytest.mark.parametrize(
    "path", ["nope", "..%2f..%2fetc%2fpasswd", "20260615T000000000000-00000000"]
)
def test_what_is_no_message_is_not_found(message_id: str, sign_in, path: str) -> None:
    client = sign_in("admin")
    for part in ("", "/html", "/attachments/0"):
        assert client.get(f"/mail/{path}{part}").status_code == 404
    assert client.get(f"/mail/{message_id}/attachments/7").status_code == 404


def test_cashiers_do_not_read_other_peoples_mail(message_id: str, sign_in) -> None:
    assert sign_in("cashier").get(f"/mail/{message_id}").status_code != 200
