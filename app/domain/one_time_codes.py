"""Codes of authenticator apps (TOTP, RFC 6238: six digits, SHA-1, 30 seconds) and recovery codes.

SHA-1 and six digits are what every authenticator app understands.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets

import pyotp

STEP_SECONDS = 30
DRIFT = 1
"""Steps that the clock of the phone may be ahead or behind."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
_CODE = re.compile(r"\d{6}")
_RECOVERY_CODE = re.compile(r"[a-z2-7]{16}")


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """The ``otpauth://`` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, code: str, now: dt.datetime) -> int | None:
    """The time step whose code this is, the neighbouring ones included; None when it is wrong.

    Every candidate is compared, whole, so that the time taken tells nothing.
    """
    typed = "".join(code.split())
    if not _CODE.fullmatch(typed):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    matches = [
        step
        for step in range(current - DRIFT, current + DRIFT + 1)
        if hmac.compare_digest(generator.generate_otp(step), typed)
    ]
    return matches[-1] if matches else None


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, ``abcd-efgh-ijkl-mnop``; each stands in for one code."""
    return [_grouped(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def recovery_code_hash(code: str) -> str | None:
    """SHA-256 of a recovery code however it was typed; None when it can't be one.

    The codes are random, so a slow hash would add nothing.
    """
    plain = code.replace("-", "").replace(" ", "").lower()
    if not _RECOVERY_CODE.fullmatch(plain):
        return None
    return hashlib.sha256(plain.encode()).hexdigest()


def _grouped(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
