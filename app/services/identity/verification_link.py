"""The link that proves that somebody reads an e-mail address: encrypted, so nobody can make one."""

from __future__ import annotations

import datetime as dt
import json

from app.db import session
from app.encryption import UndecipherableError, decrypt, encrypt
from app.services.platform.read_setting import read_setting
from app.site import address_of
from models.identity import User

PATH = "/verify-email/"
HOURS = 48
PURPOSE = "verify e-mail"


def make_verification_link(key: str, now: dt.datetime) -> str | None:
    """``key`` begins with the user's id. None when there is nothing to verify any more."""
    user = session().get(User, int(key.partition(":")[0]))
    if user is None or not user.active or user.email_verified_at is not None:
        return None
    hours = int(read_setting("security.verification_hours", HOURS))
    until = now + dt.timedelta(hours=hours)
    promise = {"for": PURPOSE, "user": user.id, "email": user.email, "until": until.timestamp()}
    return address_of(PATH + encrypt(json.dumps(promise)))


def read_verification_link(token: str, now: dt.datetime) -> tuple[int, str] | None:
    """The user and the address that the link stands for; None for one that we didn't make or that
    is too old."""
    try:
        promise = json.loads(decrypt(token))
    except (UndecipherableError, ValueError):
        return None
    if not isinstance(promise, dict) or promise.get("for") != PURPOSE:
        return None
    if promise["until"] <= now.timestamp():
        return None
    return int(promise["user"]), str(promise["email"])
