"""Permission sync: the first one into empty tables, and one that finds nothing to do."""

from __future__ import annotations

import time

import sqlalchemy as sa

from benchmarks.scratch import report, scratch_app


def main() -> None:
    with scratch_app(seeded=False):
        from app.cli.seed import sync_rights
        from app.extensions import db

        statements: list[str] = []
        sa.event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_rest: statements.append(statement),
        )
        for name in ("first", "again"):
            statements.clear()
            start = time.perf_counter()
            result = sync_rights()
            report(
                f"permission_sync_{name}",
                seconds=round(time.perf_counter() - start, 4),
                statements=len(statements),
                rights_added=result.added,
                granted=result.granted,
            )


if __name__ == "__main__":
    main()
