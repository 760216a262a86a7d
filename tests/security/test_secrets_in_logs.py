"""Nothing that lets anybody in reaches a log, whoever writes the line and at whatever level."""

from __future__ import annotations

import dataclasses
import logging

import pytest
import structlog

from app.logs import configure_logging
from app.secrets_in_logs import HIDDEN, SecretsFilter, hide_in_text, hide_secrets
from config import load_settings
from tests.users import PASSWORD

TOKEN = "q7" * 22
PACKAGES = ("werkzeug", "flask_appbuilder", "flask-limiter", "sqlalchemy.engine", "authlib")


@pytest.mark.parametrize(
    "line",
    [
        f"GET /password-reset/{TOKEN} HTTP/1.1",
        f"GET /verify-email/{TOKEN}?from=mail",
        f"/login/oidc/callback?state=x1&code={TOKEN}&next=/",
        f"/api/v1/crm/tags/?token={TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        f'{{"username": "ana", "password": "{TOKEN}"}}',
        f"password={TOKEN}",
        f"postgresql://qhatu:{TOKEN}@db.example/qhatu",
        f"redis://:{TOKEN}@cache.example/0",
    ],
)
def test_a_secret_in_a_text_is_hidden(line):
    assert TOKEN not in hide_in_text(line)
    assert HIDDEN in hide_in_text(line)


@pytest.mark.parametrize(
    "line",
    [
        "GET /crm/companies/show/0192a6c0-1111-7222-8333-444455556666",
        "the token has expired",
        "3 passwords were changed",
        "http://127.0.0.1:8080/pos/",
    ],
)
def test_what_is_no_secret_can_still_be_read(line):
    assert hide_in_text(line) == line


def test_fields_are_hidden_by_their_name_however_deep():
    event = {
        "event": "x",
        "new_password": "p",
        "headers": {"Cookie": "c", "Host": "localhost"},
        "rows": [{"api_key": "k", "id": 7}],
        "pin": "1234",
        "order": 12,
    }
    assert hide_secrets(None, "info", event) == {
        "event": "x",
        "new_password": HIDDEN,
        "headers": {"Cookie": HIDDEN, "Host": "localhost"},
        "rows": [{"api_key": HIDDEN, "id": 7}],
        "pin": HIDDEN,
        "order": 12,
    }


def test_lines_of_packages_and_their_tracebacks_are_hidden_too(capsys):
    handler = logging.StreamHandler()
    handler.addFilter(SecretsFilter())
    logger = logging.getLogger("tests.secrets")
    logger.addHandler(handler)
    try:
        raise ValueError(f"password={TOKEN}")  # noqa: TRY301 - to be logged
    except ValueError:
        logger.exception("failed at /x?token=%s", TOKEN)
    finally:
        logger.removeHandler(handler)
    assert TOKEN not in capsys.readouterr().err


@pytest.fixture
def logs(environment, connection_url, capsys):
    """All that is logged at the most talkative level; called it gives the text."""
    settings = load_settings({**environment, "DATABASE_URL": connection_url})
    before = {name: logging.getLogger(name).level for name in ("", *PACKAGES)}
    configure_logging(dataclasses.replace(settings, log_level="DEBUG"))
    structlog.configure(cache_logger_on_first_use=False)
    seen: list[str] = []
    handler = logging.Handler()
    handler.addFilter(SecretsFilter())
    handler.emit = lambda record: seen.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield lambda: "\n".join(seen) + "".join(capsys.readouterr())
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    configure_logging(settings)


def test_signing_in_leaves_no_password_token_or_cookie_in_the_logs(client, token, logs):
    page = client.post("/login/", data={"username": "cashier", "password": PASSWORD})
    cookie = page.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    typed_into_the_wrong_field = "hunter2-hunter2"
    client.post("/login/", data={"username": typed_into_the_wrong_field, "password": "wrong-one"})
    asked = {"username": "manager", "password": PASSWORD, "provider": "db"}
    access = client.post("/api/v1/security/login", json=asked).json["access_token"]
    client.get("/api/v1/crm/tags/", headers={"Authorization": f"Bearer {access}"})
    client.get(f"/password-reset/{TOKEN}")
    client.post("/password-reset/", data={"email": "cashier@example.com"})
    text = logs()
    for secret in (PASSWORD, cookie, access, TOKEN, "wrong-one", typed_into_the_wrong_field):
        assert secret not in text


def test_a_failing_statement_is_logged_without_its_values(app, db_session):
    import sqlalchemy as sa

    with pytest.raises(sa.exc.DBAPIError) as caught:
        db_session.execute(sa.text("SELECT CAST(:value AS integer)"), {"value": TOKEN})
    assert "hide_parameters" in str(caught.value)
