"""``Idempotency-Key``: a request that is sent again, because its answer was lost, acts once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from app.db import atomic
from app.i18n import gettext as _
from app.problems import bad_request
from app.security.rights import current_actor
from app.services.platform.run_once import Answer, Claim, run_once

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Sent:
    address: str
    body: Any


def act_once(work: Callable[[], dict[str, Any]], body: Any) -> Answer:
    """Do ``work`` in one transaction; under a key that was used, give the result it had then.

    ``work`` returns JSON values that tell what was written, not the rows: they are read with the
    rights of who asks. What was refused isn't remembered, for nothing was written. Raises
    IdempotencyConflictError when the key was used for something else.
    """
    key = given_key()
    if key is None:
        with atomic():
            return Answer(work(), replayed=False)
    actor = current_actor()
    address = f"{request.method} {request.path}"
    claim = Claim(f"api user {actor.user_id} {address}", key, Sent(address, body))
    return run_once(claim, work, actor=actor, now=dt.datetime.now(dt.UTC))


def given_key() -> str | None:
    """The key of this request; ProblemError for one that can't be kept."""
    key = request.headers.get(HEADER)
    if key is not None and KEY.fullmatch(key) is None:
        raise bad_request(_("An Idempotency-Key has 1 to 255 visible characters."))
    return key


def mark(response: Response, answer: Answer) -> Response:
    """Say of an answer that its request had been done before."""
    if answer.replayed:
        response.headers[REPLAYED] = "true"
    return response
