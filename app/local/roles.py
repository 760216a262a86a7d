"""The two roles of a database of ours: its owner, and the application that only works with rows."""

from __future__ import annotations

from app.local.database import CONNECT_SECONDS
from app.local.errors import LocalError
from app.local.postgres import PostgresServer
from app.local.postgres_files import APPLICATION, DATABASE, OWNER, SUPERUSER

OWNS_ANYTHING = """
    SELECT EXISTS (
        SELECT FROM pg_shdepend
         WHERE refclassid = 'pg_authid'::regclass AND refobjid = %s::regrole AND deptype = 'o'
           AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
"""


def separate_roles(server: PostgresServer) -> bool:
    """Hand to the owner what belongs to the application's role; tells whether anything did.

    So it was before there were two roles, and so it is after restoring a dump of that time. The
    server must run; raises :class:`LocalError`.
    """
    import psycopg

    try:
        with psycopg.connect(
            server.url(DATABASE, user=SUPERUSER), connect_timeout=CONNECT_SECONDS
        ) as connection:
            roles = connection.execute("SELECT rolname FROM pg_roles").fetchall()
            if (OWNER,) not in roles:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            found = connection.execute(OWNS_ANYTHING, [APPLICATION]).fetchone()
            if found == (False,):
                return False
            connection.execute(f"REASSIGN OWNED BY {APPLICATION} TO {OWNER}")
            connection.execute(f"ALTER ROLE {APPLICATION} NOCREATEDB NOCREATEROLE")
            return True
    except psycopg.Error as error:
        raise LocalError(f"The roles of the database can't be separated: {error}") from None
