"""Differences of texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.text_diff import CONTEXT, MOST_WORDS, Part, text_diff

WORDS = st.lists(st.sampled_from(["a", "b", "c", " ", "\n", "-", "ñandú"]), max_size=40)


def without(kind: str, parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts if part.kind != kind)


@given(WORDS, WORDS)
def test_each_text_can_be_read_from_the_difference_where_nothing_is_left_out(old, new):
    before, after = "".join(old), "".join(new)
    parts = text_diff(before, after)
    if not any(part.kind == "gap" for part in parts):
        assert without("added", parts) == before
        assert without("removed", parts) == after


@given(WORDS)
def test_a_text_does_not_differ_from_itself(words):
    text = "".join(words)
    assert {part.kind for part in text_diff(text, text)} <= {"same", "gap"}


def test_only_the_changed_word_is_marked_and_far_text_is_left_out():
    far = "far " * 50
    parts = text_diff(f"{far}the red door{far}", f"{far}the blue door{far}")
    assert [part for part in parts if part.kind in ("removed", "added")] == [
        Part("removed", "red"),
        Part("added", "blue"),
    ]
    assert [part.kind for part in parts].count("gap") == 2
    assert len("".join(part.text for part in parts)) < 4 * CONTEXT * 10


def test_very_long_texts_are_compared_at_their_ends_only():
    old = " ".join(f"o{n}" for n in range(MOST_WORDS))
    new = " ".join(f"n{n}" for n in range(MOST_WORDS))
    parts = text_diff(f"start {old} end", f"start {new} end")
    assert [part.kind for part in parts] == ["same", "removed", "added", "same"]
