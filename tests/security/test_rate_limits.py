"""How often the API may be called: by whom, what answers say, what happens without Valkey."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app import rate_limits
from app.db import session
from app.services.platform.read_setting import read_setting
from models.platform import SystemSetting

BRANDS = "/api/v1/catalog/brands/"
LOW = 10


@pytest.fixture
def counted(app, monkeypatch, db_session):
    """Limits as they are in production, of ten a minute, from nought."""
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setattr(rate_limits, "_away_until", 0.0)
    keys = (rate_limits.SETTING, rate_limits.SETTING_BY_ADDRESS)
    session().execute(
        sa.update(SystemSetting)
        .where(SystemSetting.setting_key.in_(keys))
        .values(setting_value=LOW)
    )
    session().commit()
    with app.app_context():
        rate_limits._counter().storage.reset()


def test_each_answer_says_what_is_left(client, token, counted):
    header = token("seller")
    answers = [client.get(BRANDS, headers=header) for _ in range(3)]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {f'"minute";q={LOW};w=60'}
    left = [re.fullmatch(r'"minute";r=(\d+);t=\d+', a.headers["RateLimit"])[1] for a in answers]
    assert left == ["9", "8", "7"]


def test_one_too_many_is_refused_and_told_when_to_come_back(client, token, counted):
    header = token("seller")
    answers = [client.get(BRANDS, headers=header) for _ in range(LOW + 1)]
    assert [answer.status_code for answer in answers] == [200] * LOW + [429]
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert refused.json["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get(BRANDS, headers=token("cashier")).status_code == 200


def test_all_tokens_of_a_user_count_together_and_a_forged_one_for_nobody(client, token, counted):
    for _ in range(LOW):
        client.get(BRANDS, headers=token("seller"))
    assert client.get(BRANDS, headers=token("seller")).status_code == 429
    head, claims, _signature = token("manager")["Authorization"].split(".")
    forged = {"Authorization": f"{head}.{claims}.AAAA"}
    for _ in range(LOW):
        client.get(BRANDS, headers=forged)
    assert client.get(BRANDS, headers=forged).status_code == 429
    assert client.get(BRANDS, headers=token("manager")).status_code == 200


def test_a_browser_counts_as_its_user_too(client, sign_in, counted):
    browser = sign_in("admin")
    answers = [browser.get("/api/v1/_openapi").status_code for _ in range(LOW + 1)]
    assert answers == [200] * LOW + [429]


def test_who_does_not_sign_in_counts_by_address(client, counted):
    here, there = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}
    public = "/api/v1/settings/public"
    for _ in range(LOW):
        client.get(public, environ_base=here)
    assert client.get(public, environ_base=here).status_code == 429
    assert client.get(public, environ_base=there).status_code == 200


def test_pages_are_not_counted(client, counted):
    assert "RateLimit" not in client.get("/login/").headers


def test_without_valkey_everybody_is_let_in_and_it_is_asked_seldom(
    client, token, counted, monkeypatch
):
    asked = []

    class Away:
        def hit(self, *_):
            asked.append(1)
            raise rate_limits.RedisError("gone")

    monkeypatch.setattr(rate_limits, "_counter", Away)
    header = token("seller")
    answers = [client.get(BRANDS, headers=header).status_code for _ in range(LOW + 2)]
    assert answers == [200] * (LOW + 2)
    assert len(asked) == 1


def test_the_limits_have_sensible_defaults(db_session):
    assert read_setting(rate_limits.SETTING) == 600
    assert read_setting(rate_limits.SETTING_BY_ADDRESS) == 120
