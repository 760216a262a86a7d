"""The environment the runtime gives to its programs, and which servers are not ours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.local.errors import LocalError
from app.local.instance import ROOT, Instance

OWNER_URL = "DATABASE_OWNER_URL"
SIMULATOR_URL = "QHATU_SUNAT_SIMULATOR_URL"


@dataclass(frozen=True, slots=True)
class External:
    """The servers that the person running us has named; ``None`` where ours is to be used."""

    database: str | None
    redis: str | None
    smtp: str | None
    owner: str | None = None
    simulator: str | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> External:
        """Read ``DATABASE_URL``, ``REDIS_URL``, ``SMTP_URL``, :data:`SIMULATOR_URL` or the files
        they are in.

        ``owner`` is that of ``DATABASE_OWNER_URL``, else that of ``DATABASE_URL``.
        """
        names = ("DATABASE_URL", "REDIS_URL", "SMTP_URL", OWNER_URL, SIMULATOR_URL)
        database, redis, smtp, owner, simulator = (_value(environ, name) for name in names)
        return cls(database, redis, smtp, (owner or database) if database else None, simulator)


def _value(environ: Mapping[str, str], name: str) -> str | None:
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise LocalError(f"{name}_FILE: {path} can't be read: {error.strerror}.") from None
    return environ.get(name, "").strip() or None


def for_programs(instance: Instance, given: Mapping[str, str | None]) -> dict[str, str]:
    """Give our environment plus what is ``given`` and isn't set by the person already.

    Without the owner's URL, which only the set-up gets.
    """
    env = dict(os.environ)
    defaults: dict[str, str | None] = {
        **given,
        "QHATU_SECRET_KEY_FILE": str(instance.secret_key),
        "QHATU_ENCRYPTION_KEYS_FILE": str(instance.encryption_key),
        "QHATU_STORAGE_DIR": str(instance.storage),
        "QHATU_INSTANCE": str(instance.root),
        "QHATU_NODE_MODULES": str(ROOT / "node_modules"),
        "PYTHONUNBUFFERED": "1",
    }
    for name, value in defaults.items():
        plain = name.removesuffix("_FILE")
        if value is not None and not (env.get(plain) or env.get(f"{plain}_FILE")):
            env[name] = value
    for name in (OWNER_URL, f"{OWNER_URL}_FILE"):
        env.pop(name, None)  # what runs all day can't do what the owner may
    paths = [str(ROOT), *filter(None, [env.get("PYTHONPATH")])]
    env["PYTHONPATH"] = os.pathsep.join(paths)
    return env
