"""A supervisor's approval, sealed for one sale: the page keeps it, and the PIN nowhere.

A sale that is sent again after a lost answer has it still.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from app.security.rights import current_actor
from app.services.identity.approve_with_pin import Approval

LIFE = 12 * 3600
"""Seconds: a working day without a connection."""


def seal_approval(approval: Approval, key: str) -> str:
    """The approval as a text, for the sale ``key`` of whoever is signed in."""
    values = asdict(approval)
    limit = approval.up_to
    return _sealer(key).dumps({**values, "up_to": None if limit is None else str(limit)})


def open_approval(sealed: Any, key: str) -> Approval | None:
    """The approval; None for one of another sale, of somebody else, of yesterday, or made up."""
    if not isinstance(sealed, str) or not sealed:
        return None
    try:
        values = _sealer(key).loads(sealed, max_age=LIFE)
    except BadData:
        return None
    up_to = values.pop("up_to")
    return Approval(**values, up_to=None if up_to is None else Decimal(up_to))


def _sealer(key: str) -> URLSafeTimedSerializer:
    whose = f"{current_actor().user_id}:{key}"
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"approval:{whose}")
