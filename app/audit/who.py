"""Tells the database who acts, once per transaction, right before its first writing statement.

The triggers read it from the transaction's settings (``qhatu.user_id`` …). Jobs and commands say
who acts with ``app.actor.acting_as``; in a request it is whoever signed in. Nothing is loaded
here, for this may run in the middle of a flush: ``platform.act_as`` looks up the user's address and
roles.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from contextlib import suppress
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from flask import g, has_request_context, request
from werkzeug.local import LocalProxy

from app.actor import Actor, acting

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CALL|COPY)\b", re.IGNORECASE)
WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
INNER_WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
TOLD = "qhatu_actor"
USER_AGENT_LENGTH = 500


class Stamp(NamedTuple):
    """Who acts, as the settings of the transaction take it; empty is unknown."""

    user_id: str = ""
    ip: str = ""
    user_agent: str = ""
    session_id: str = ""
    request_id: str = ""
    operation_type: str = "system"
    impersonator_id: str = ""


_SETTINGS = ", ".join(f"set_config('qhatu.{name}', %({name})s, true)" for name in Stamp._fields)
_NOBODY = f"""
    SELECT {_SETTINGS},
           set_config('qhatu.user_email', '', true), set_config('qhatu.user_role', '', true)
"""
_SOMEBODY = "SELECT platform.act_as({})".format(", ".join(f"%({name})s" for name in Stamp._fields))


def tell_database(engine: sa.Engine) -> None:
    """From now on each writing transaction of the engine carries who acts."""
    sa.event.listen(engine, "begin", _forget)
    sa.event.listen(engine, "rollback_savepoint", _forget)  # settings go back with it
    sa.event.listen(engine, "before_cursor_execute", _before_statement)


def _forget(connection: sa.Connection, *_rest: object) -> None:
    connection.info.pop(TOLD, None)


def _before_statement(
    connection: sa.Connection, _cursor: object, statement: str, *_rest: object
) -> None:
    if not is_writing(statement):
        return
    who = _who()
    if connection.info.get(TOLD) == who:
        return
    connection.info[TOLD] = who
    stamp = current_stamp()
    _run(connection, _SOMEBODY if stamp.user_id else _NOBODY, stamp._asdict())


def _run(connection: sa.Connection, statement: str, values: dict[str, str]) -> None:
    """Past SQLAlchemy, which would take as long as the rest of it."""
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.execute(statement, values)
    except psycopg.Error as error:
        raise sa.exc.DBAPIError.instance(statement, values, error, psycopg.Error) from error


def is_writing(statement: str) -> bool:
    """Whether a statement may change rows."""
    if WRITES.match(statement):
        return True
    return bool(WITH.match(statement) and INNER_WRITES.search(statement))


def _who() -> object:
    """What tells one actor from another, without the work of a stamp."""
    actor = acting()
    if actor is not None or not has_request_context():
        return actor or ()
    return (g.get("request_id"), _user_id(), g.get("session_id"), g.get("impersonator_id"))


def current_stamp() -> Stamp:
    """Who acts now: as a job or command said, else the request's user, else the system."""
    actor = acting()
    if actor is not None:
        return _of_actor(actor)
    return _of_request() if has_request_context() else Stamp()


def _of_actor(actor: Actor) -> Stamp:
    return Stamp(
        user_id=str(actor.user_id or ""),
        ip=_address(actor.ip),
        user_agent=(actor.user_agent or actor.name)[:USER_AGENT_LENGTH],
        session_id=actor.session_id or "",
        request_id=_uuid(actor.request_id),
        operation_type=actor.source,
        impersonator_id=str(actor.impersonator_id or ""),
    )


def _of_request() -> Stamp:
    return Stamp(
        user_id=_user_id(),
        ip=_address(request.remote_addr),
        user_agent=request.user_agent.string[:USER_AGENT_LENGTH].replace("\x00", ""),
        session_id=str(g.get("session_id") or ""),
        request_id=_uuid(g.get("request_id")),
        operation_type="api" if request.path.startswith("/api/") else "screen",
        impersonator_id=str(g.get("impersonator_id") or ""),
    )


def _user_id() -> str:
    """Key of the signed-in user, if the request has asked who that is; never loads it."""
    user: Any = g.get("user")
    if user is None or type(user) is LocalProxy:  # Flask-Login's; a token's user is set as it is
        user = g.get("_login_user")
    state = sa.inspect(user, raiseerr=False)
    identity = getattr(state, "identity", None)
    return str(identity[0]) if identity else ""


def _address(text: str | None) -> str:
    """An IP address that PostgreSQL takes, else nothing."""
    with suppress(ValueError):
        return str(ipaddress.ip_address((text or "").partition("%")[0]))
    return ""


def _uuid(text: str | None) -> str:
    """The text as a UUID; one made from it when a proxy names requests in its own way."""
    if not text:
        return ""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, text))
