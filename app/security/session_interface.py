"""Flask's session, kept on the server; the browser holds a token that means nothing by itself.

What signs somebody in is a live row of ``identity.user_sessions`` and nothing else: session data is
cached in Valkey, and when that is lost or away the row still does. See ``app.session_cache``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, Request, Response, g, has_request_context, request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin

from app import session_cache
from app.security.session_token import SessionToken, new_token, read_token
from app.services.identity.find_session import find_session, touch_session
from app.session_cache import NOTHING, SignedIn

CSRF = "csrf_token"
# Flask-Login's keys follow from the row.
DERIVED = frozenset({"_user_id", "_fresh", "_id", "_remember", CSRF})
VISITOR_SECONDS = 12 * 3600
SEEN_EVERY = 60.0
# No page: nothing there asks who it is.
WITHOUT = ("/static/", "/healthz")
# Asked by an open page again and again: no sign that somebody is there.
ASKED_BY_ITSELF = re.compile(r"/notifications/count|/platform/jobs/state|/work/[^/]+/progress")
_json = TaggedJSONSerializer()


class ServerSession(SessionMixin):
    """Session data, read when first asked for and written key by key.

    ``row`` is what signs the browser in, or None. The CSRF token follows from the session's token:
    it is always there and never stored.
    """

    def __init__(self, secret_key: str, cookie: str | None) -> None:
        self.secret_key = secret_key
        self.given = read_token(secret_key, cookie)
        self.had_cookie = bool(cookie)
        self.modified = False
        self._token: SessionToken | None = None
        self._row: SignedIn | None = None
        self._data: dict[str, Any] = {}
        self._stored: dict[str, str] = {}
        self._read = False
        self._row_is_news = False
        self._shown = False

    # -- the mapping

    def __getitem__(self, key: str) -> Any:
        if key == CSRF:
            self._shown = True
            return self.token.csrf
        return self._loaded()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if key != CSRF:
            self._loaded()[key] = value

    def __delitem__(self, key: str) -> None:
        if key != CSRF:
            del self._loaded()[key]

    def __contains__(self, key: object) -> bool:
        return key == CSRF or key in self._loaded()

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())

    # -- what it stands for

    @property
    def token(self) -> SessionToken:
        self._loaded()
        if self._token is None:
            self._token = new_token(self.secret_key, signed_in=False)
        return self._token

    @property
    def row(self) -> SignedIn | None:
        self._loaded()
        return self._row

    def sign_in(self, token: SessionToken, row: SignedIn) -> None:
        """Take a new token; nothing that the old session held comes along, but the language."""
        self._start_over(token)
        self._row, self._row_is_news = row, True
        self._data.update(_flask_login(row))
        _tell(row)

    def sign_out(self) -> None:
        """Become a visitor's session with a token of its own; the caller ends the row."""
        self._start_over(None)
        _tell(None)

    def _start_over(self, token: SessionToken | None) -> None:
        locale = self._loaded().get("locale")
        self._token, self._row, self._stored = token, None, {}
        self._data = {"locale": locale} if locale else {}
        if has_request_context():
            g.pop(CSRF, None)  # Flask-WTF's copy for this request

    # -- reading and writing

    def _loaded(self) -> dict[str, Any]:
        if not self._read:
            self._read = True  # even when it fails: the page of the error asks again
            if self.given is not None:
                self._load(self.given, dt.datetime.now(dt.UTC))
            if has_request_context():
                _tell(self._row)
        return self._data

    def _load(self, token: SessionToken, now: dt.datetime) -> None:
        cached = session_cache.read(token.hash)
        if cached.ended:
            return
        if token.is_signed_in:
            self._row = self._live_row(token, cached.signed_in, now)
            if self._row is None:
                return
            if cached.signed_in is None:
                cached = NOTHING
        self._token = token
        self._stored = dict(cached.data)
        self._data = {key: _json.loads(value) for key, value in cached.data.items()}
        if self._row is not None:
            self._data.update(_flask_login(self._row))

    def _live_row(
        self, token: SessionToken, row: SignedIn | None, now: dt.datetime
    ) -> SignedIn | None:
        """The cached copy; the row itself where there is none, and once a minute."""
        if row is None:
            row = find_session(token.hash, now=now)
            self._row_is_news = True
        if row is None or not row.is_live(now):
            return None
        if now.timestamp() - row.seen >= SEEN_EVERY:
            asked = has_request_context() and ASKED_BY_ITSELF.fullmatch(request.path)
            row = find_session(token.hash, now=now) if asked else touch_session(row.id, now=now)
            self._row_is_news = True
        return row

    def store(self) -> None:
        """Write what changed to Valkey; nothing for a visitor who brought and left nothing."""
        if not self._read:
            return
        values = {k: _json.dumps(v) for k, v in self._data.items() if k not in DERIVED}
        changed = {k: v for k, v in values.items() if self._stored.get(k) != v}
        removed = self._stored.keys() - values.keys()
        if not changed and not removed and not (self._row and self._row_is_news):
            return
        seconds = VISITOR_SECONDS
        if self._row is not None:
            ends = min(self._row.expires, self._row.idle_expires)
            seconds = int(ends - dt.datetime.now(dt.UTC).timestamp())
        row = self._row if self._row_is_news else None
        session_cache.write(
            self.token.hash, changed=changed, removed=removed, signed_in=row, seconds=seconds
        )
        self._shown = True

    def cookie(self) -> str | None:
        """The value that the browser must be given: "" to take its cookie away, None to leave it
        alone."""
        if not self._read:
            return None
        current = self._token
        if current is not None and (self._shown or self._row is not None):
            same = self.given is not None and self.given.value == current.value
            return None if same else current.value
        kept = current is not None and current is self.given
        return "" if self.had_cookie and not kept else None


class SessionsOnTheServer(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> ServerSession:
        path = request.environ.get("PATH_INFO", "")
        cookie = None if path.startswith(WITHOUT) else request.cookies.get(_name(app))
        return ServerSession(str(app.secret_key), cookie)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession):
            raise TypeError(session)
        if session.accessed:
            response.vary.add("Cookie")
        session.store()
        value = session.cookie()
        if value is None:
            return
        place: dict[str, Any] = {
            "path": "/",
            "httponly": True,
            "samesite": "Lax",
            "secure": app.config["SESSION_COOKIE_SECURE"],
        }
        if value:
            response.set_cookie(_name(app), value, expires=_until(session), **place)
        else:
            response.delete_cookie(_name(app), **place)


def _name(app: Flask) -> str:
    return str(app.config["SESSION_COOKIE_NAME"])


def _until(session: ServerSession) -> dt.datetime | None:
    """As long as the session may last; a visitor's cookie goes with the browser."""
    return dt.datetime.fromtimestamp(session.row.expires, dt.UTC) if session.row else None


def _flask_login(row: SignedIn) -> dict[str, Any]:
    return {"_user_id": str(row.user_id), "_fresh": True}


def _tell(row: SignedIn | None) -> None:
    """Who acts, for whoever asks during this request (audit, actor)."""
    if has_request_context():
        g.session_id = row.id if row else None
        g.impersonator_id = row.impersonator_id if row else None
