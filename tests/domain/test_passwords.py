"""Weak passwords are told from strong ones, and what a browser is called."""

from __future__ import annotations

import pytest

from app.domain.passwords import weakness
from app.domain.user_agents import browser_and_system

KNOWN = ["carla.rojas", "carla@bodega.example", "Carla", "Rojas Quispe", "Bodega Sur"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short"),
        ("x" * 201, "long"),
        ("CarlaRojas2026", "personal"),
        ("carla@bodega.example", "personal"),
        ("BodegaSur!!", "personal"),
        ("qwertyuiop", "breached"),
        ("QwertyUiop", "breached"),
        ("password123456", "breached"),
        ("!!P455word!!", "breached"),
        ("sunshine2024!", "breached"),
        ("aaaaaaaaaaaaaa", "guessable"),
        ("abcdefghijklm", "guessable"),
    ],
)
def test_a_weak_password_is_refused_for_its_reason(password, reason):
    assert weakness(password, least=10, known=KNOWN) == reason


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "una llama verde canta",
        "x9$Kd!02pLm",
        "Carla tiene 7 gatos azules",
        "ñandú – 東京 – kiwicha",
        "k" * 10 + "w zebra tostada 9" * 9,
    ],
)
def test_a_strong_password_is_taken(password):
    assert weakness(password, least=10, known=KNOWN) is None


def test_the_least_length_is_the_settings():
    assert weakness("tr0ub4 llama", least=16) == "short"
    assert weakness("tr0ub4 llama", least=8) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/2010 Firefox/140.0",
            ("Firefox", "Linux"),
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
            ),
            ("Edge", "Windows"),
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
                "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
            ),
            ("Safari", "iPhone"),
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/141.0.0.0 Mobile Safari/537.36"
            ),
            ("Chrome", "Android"),
        ),
        ("curl/8.5.0", ("curl", "")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_a_user_agent_is_told_in_words(agent, words):
    assert browser_and_system(agent) == words
