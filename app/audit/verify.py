"""Whether the database audits what it should, and keeps the application from changing the log."""

from __future__ import annotations

from app.audit.grants import differing_rights, wanted_rights
from app.audit.triggers import audit_triggers, missing_triggers
from app.db import session
from app.owner import application_role
from app.services.platform.verify_ledgers import SHOWN, CheckResult

TRIGGERS = "Every audited table has its triggers, switched on"
RIGHTS = "The application's role has its rights and no others"


def verify_audit() -> list[CheckResult]:
    """Both checks, in the words of ``flask verify``; a migration or ``flask setup`` mends them."""
    connection = session().connection()
    unaudited = [trigger.table for trigger in missing_triggers(connection)]
    differing = differing_rights(connection, application_role())
    return [
        _result(TRIGGERS, len(audit_triggers()), unaudited),
        _result(RIGHTS, len(wanted_rights()), differing),
    ]


def _result(name: str, compared: int, tables: list[str]) -> CheckResult:
    return CheckResult(name, compared, len(tables), tuple(tables[:SHOWN]))
