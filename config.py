"""Settings of one process, read once from the environment.

Every variable may also be given as ``NAME_FILE`` holding the path of a file with the value (secrets
in containers). A bad value stops the start with one sentence per mistake: :class:`ConfigError`.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
MIN_SECRET_LENGTH = 32
FERNET_KEY_BYTES = 32
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HOST = re.compile(r"\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]")


class ConfigError(Exception):
    """The environment can't be used; ``str(error)`` has one sentence per mistake."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a web, worker, cron or command-line process needs to know to start.

    ``database_url`` is a psycopg 3 SQLAlchemy URL, ``database_owner_url`` that of the same database
    for the role that owns its tables (set-up only; by default one role is both); ``smtp_url`` is
    ``smtp://[user:password@]host:port`` (``smtps://`` for TLS from the start). ``encryption_keys``
    are Fernet keys, the newest first, given separated by blanks, commas or lines. A request must
    name one of ``allowed_hosts`` (empty: any). ``statement_seconds`` ends a slower SQL statement
    (0: never; the web server's own default is in ``app.local.gunicorn_hooks``).
    ``sunat_simulator_url`` is where documents go while the settings say "simulator".
    """

    secret_key: str
    encryption_keys: tuple[str, ...]
    database_url: str
    database_owner_url: str
    redis_url: str
    smtp_url: str
    mail_from: str
    storage_dir: Path
    base_url: str
    timezone: str
    log_level: str
    log_json: bool
    secure_cookies: bool
    behind_proxy: bool
    allowed_hosts: tuple[str, ...]
    statement_seconds: int
    sunat_simulator_url: str


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings; raises :class:`ConfigError` naming every mistake at once."""
    reader = _Reader(os.environ if environ is None else environ)
    settings = Settings(
        secret_key=reader.secret("QHATU_SECRET_KEY"),
        encryption_keys=reader.keys("QHATU_ENCRYPTION_KEYS"),
        database_url=reader.database_url("DATABASE_URL"),
        database_owner_url=reader.database_url("DATABASE_OWNER_URL", default="DATABASE_URL"),
        redis_url=reader.url("REDIS_URL", ("redis", "rediss", "unix", "valkey")),
        smtp_url=reader.url("SMTP_URL", ("smtp", "smtps"), default="smtp://127.0.0.1:1025"),
        mail_from=reader.text("QHATU_MAIL_FROM", "Qhatu <no-reply@localhost>"),
        storage_dir=Path(reader.text("QHATU_STORAGE_DIR", str(ROOT / "instance" / "storage"))),
        base_url=reader.url("QHATU_BASE_URL", ("http", "https"), default="http://127.0.0.1:8080"),
        timezone=reader.zone("QHATU_TIMEZONE", "America/Lima"),
        log_level=reader.one_of(
            "QHATU_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"
        ),
        log_json=reader.flag("QHATU_LOG_JSON", default=False),
        secure_cookies=reader.flag("QHATU_SECURE_COOKIES", default=False),
        behind_proxy=reader.flag("QHATU_BEHIND_PROXY", default=False),
        allowed_hosts=reader.hosts("QHATU_ALLOWED_HOSTS", "QHATU_BASE_URL"),
        statement_seconds=reader.number("QHATU_STATEMENT_SECONDS", default=0),
        sunat_simulator_url=reader.url(
            "QHATU_SUNAT_SIMULATOR_URL", ("http", "https"), default="http://127.0.0.1:8035"
        ),
    )
    if reader.mistakes:
        raise ConfigError("\n".join(reader.mistakes))
    return settings


class _Reader:
    """Reads values and collects mistakes instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        if path := self.environ.get(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                self.mistakes.append(f"{name}_FILE: {path} can't be read: {error.strerror}.")
                return ""
        value = self.environ.get(name, "").strip() or default
        if value is None:
            self.mistakes.append(f"{name} is not set (start with `python run.py`, or set it).")
            return ""
        return value

    def secret(self, name: str) -> str:
        value = self.text(name)
        if value and len(value) < MIN_SECRET_LENGTH:
            self.mistakes.append(f"{name} is too short: at least {MIN_SECRET_LENGTH} characters.")
        return value

    def keys(self, name: str) -> tuple[str, ...]:
        """Fernet keys: url-safe base64 of 32 bytes each."""
        found = tuple(self.text(name).replace(",", " ").split())
        if not all(map(_is_fernet_key, found)):
            self.mistakes.append(
                f"{name} must be Fernet keys: 32 random bytes each, in url-safe base64."
            )
        return found

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            self.mistakes.append(f"{name} must start with one of {', '.join(schemes)} and ://.")
        return value

    def database_url(self, name: str, *, default: str | None = None) -> str:
        """Accept any of the usual spellings of a PostgreSQL URL, give SQLAlchemy's.

        ``default`` names the variable that is read when this one isn't set.
        """
        if default and not (self.environ.get(name, "").strip() or self.environ.get(f"{name}_FILE")):
            return _Reader(self.environ).database_url(default)
        value = self.text(name)
        for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
            if value.startswith(scheme):
                return "postgresql+psycopg://" + value.removeprefix(scheme)
        if value:
            self.mistakes.append(f"{name} must start with postgresql://.")
        return value

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            self.mistakes.append(f"{name}: there is no time zone {value!r}.")
        return value

    def hosts(self, name: str, base_url: str) -> tuple[str, ...]:
        """Host names without port; by default this machine's own and that of the base address.

        ``*`` allows any, ``.example.com`` the domain and all below it.
        """
        given = tuple(self.text(name, "").replace(",", " ").split())
        if "*" in given:
            return ()
        if mistaken := [host for host in given if not HOST.fullmatch(host)]:
            self.mistakes.append(
                f"{name}: {mistaken[0]!r} isn't a host name without scheme and port."
            )
        own = urlsplit(self.text(base_url, "")).hostname
        own = f"[{own}]" if own and ":" in own else own
        return tuple(dict.fromkeys([*given, *filter(None, [own]), *LOOPBACK]))

    def number(self, name: str, *, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit():
            self.mistakes.append(f"{name} must be a whole number.")
            return default
        return int(value)

    def one_of(self, name: str, allowed: tuple[str, ...], *, default: str) -> str:
        value = self.text(name, default).upper()
        if value not in allowed:
            self.mistakes.append(f"{name} must be one of {', '.join(allowed)}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "true" if default else "false").lower()
        if value not in ("true", "false", "1", "0", "yes", "no"):
            self.mistakes.append(f"{name} must be true or false.")
        return value in ("true", "1", "yes")


def _is_fernet_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text)) == FERNET_KEY_BYTES
    except (binascii.Error, ValueError):
        return False
