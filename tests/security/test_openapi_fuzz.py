"""The API as its own description has it, with requests that schemathesis makes up.

Each operation gets a few requests as they should be and a few that are wrong. None may be answered
with a 5xx, with a status the description doesn't have, or with an error of another shape. All
operations, more of each: ``QHATU_FUZZ_EXAMPLES=50 pytest tests/security/test_openapi_fuzz.py``; the
requests are the same at each run with the same number.
"""

from __future__ import annotations

import contextvars
import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from app.admin.rest.openapi import document_of

EXAMPLES = int(os.environ.get("QHATU_FUZZ_EXAMPLES", "0"))
# Each tries every so many operations: all tables have the same ones, made by the same code.
EVERY = {"admin": 2, "seller": 7}
# They would end the very session that asks.
NOT_TRIED = ("/security/logout", "/security/login", "/security/refresh")
QUICKLY = settings(
    max_examples=EXAMPLES or 1,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def description(app, db_session):
    with app.test_request_context():
        schema = schemathesis.openapi.from_dict(document_of("v1"))
    schema.app = app
    return schema


def operations(schema, every: int):
    found = [result.ok() for result in schema.get_all_operations()]
    tried = [op for op in found if not op.path.endswith(NOT_TRIED)]
    return tried if EXAMPLES else tried[::every]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", EVERY)
def test_no_request_breaks_the_api(description, client, token, role, mode):
    header, wrong = token(role), {}
    for operation in operations(description, EVERY[role]):
        for problem in problems(operation, mode, header):
            wrong.setdefault(f"{operation.method.upper()} {operation.path}", problem)
    assert wrong == {}


def problems(operation, mode, header) -> list[str]:
    found = []

    @QUICKLY
    @given(case=operation.as_strategy(generation_mode=mode))
    def try_it(case) -> None:
        case.headers = {**(case.headers or {}), **header}
        answer = contextvars.Context().run(case.call)
        if (problem := problem_of(operation, answer)) is not None:
            found.append(f"{problem}: {case.as_curl_command()}"[:600])

    try:
        try_it()
    except schemathesis.errors.InvalidSchema as error:
        found.append(f"the description is wrong: {error}")
    except Unsatisfiable:
        pass  # nothing can be wrong with a request without arguments
    return found


def problem_of(operation, answer) -> str | None:
    status = answer.status_code
    if status >= 500:
        return f"{status} {answer.text[:200]}"
    if status >= 400 and not {"code", "message"} <= answer.json().keys():
        return f"{status} without code and message"
    if status not in BEFORE_IT and str(status) not in operation.responses.status_codes:
        return f"{status} isn't described"
    return None


# Before the operation is found: a wrong key may make another address of it.
BEFORE_IT = (401, 404, 405, 414)


def test_the_description_is_valid_openapi(description):
    description.validate()
