"""Documents of customers: what can't be right is told, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pe import ruc

from app.domain.identity_documents import DocumentError, DocumentFault, check_document


@pytest.mark.parametrize(
    ("doc_type", "number", "kept"),
    [
        ("0", None, None),
        ("0", "", None),
        ("1", " 4567 8901 ", "45678901"),
        ("6", "20512333797", "20512333797"),
        ("4", "001234567", "001234567"),
        ("7", "ab123456", "AB123456"),
    ],
)
def test_a_good_number_is_kept_without_spaces_in_upper_case(doc_type, number, kept) -> None:
    assert check_document(doc_type, number) == kept


@pytest.mark.parametrize(
    ("doc_type", "number", "fault"),
    [
        ("1", None, DocumentFault.MISSING),
        ("1", "1234567", DocumentFault.FORMAT),
        ("1", "1234567a", DocumentFault.FORMAT),
        ("1", "١٢٣٤٥٦٧٨", DocumentFault.FORMAT),
        ("6", "2051233379", DocumentFault.FORMAT),
        ("6", "20512333798", DocumentFault.CHECK_DIGIT),
        ("7", "a/b", DocumentFault.FORMAT),
        ("9", "12345678", DocumentFault.UNKNOWN_TYPE),
    ],
)
def test_a_number_that_cannot_be_right_is_refused_with_the_reason(doc_type, number, fault) -> None:
    with pytest.raises(DocumentError) as refusal:
        check_document(doc_type, number)
    assert refusal.value.fault == fault


@given(st.integers(0, 99_999_999), st.integers(0, 9))
def test_exactly_one_check_digit_fits_a_ruc(middle: int, digit: int) -> None:
    body = f"20{middle:08d}"
    right = str(digit) == ruc.calc_check_digit(body)
    if right:
        assert check_document("6", body + str(digit))
    else:
        with pytest.raises(DocumentError):
            check_document("6", body + str(digit))
