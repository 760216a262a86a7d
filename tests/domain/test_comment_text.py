"""Mentions and addresses in the text of a comment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comment_text import excerpt, mentions, pieces


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Hello @ana.", {"ana"}),
        ("@Ana @ben, (@carla) and @ana", {"ana", "ben", "carla"}),
        ("write to ana@example.com", set()),
        ("@ana@example.com knows", {"ana@example.com"}),
        ("@j.perez-2!", {"j.perez-2"}),
        ("@ nobody, @-, @@x", set()),
        ("see https://x.pe/@ana", set()),
        ("@ñusta", {"ñusta"}),
    ],
)
def test_mentions_are_user_names_after_an_at(body, found):
    assert mentions(body) == found


def test_addresses_end_before_the_stop():
    shown = [(piece.kind, piece.text) for piece in pieces("See https://x.pe/a?b=1. Or (http://y).")]
    assert shown == [
        ("text", "See "),
        ("address", "https://x.pe/a?b=1"),
        ("text", ". Or ("),
        ("address", "http://y"),
        ("text", ")."),
    ]


@given(st.text(alphabet="@a b.,:/htps-\n<>&é", max_size=60))
def test_nothing_of_the_text_is_lost(body):
    whole = "".join(f"@{p.text}" if p.kind == "mention" else p.text for p in pieces(body))
    assert whole == body


def test_an_excerpt_is_one_short_line():
    assert excerpt("a\n b") == "a b"
    assert len(excerpt("word " * 100)) <= 140
