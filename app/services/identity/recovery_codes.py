"""Recovery codes as the operations of the second factor need them."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from app.domain.one_time_codes import new_recovery_codes, recovery_code_hash
from models.identity import RecoveryCode


def replace_recovery_codes(user_id: int) -> list[str]:
    """New codes in place of all the user had; call it inside a transaction."""
    codes = new_recovery_codes()
    delete_recovery_codes(user_id)
    session().add_all(
        RecoveryCode(user_id=user_id, code_hash=recovery_code_hash(code)) for code in codes
    )
    return codes


def delete_recovery_codes(user_id: int) -> None:
    session().execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def count_recovery_codes(user_id: int) -> int:
    """Codes that still work."""
    unused = sa.select(sa.func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session().scalar(unused) or 0
