"""Flask-Migrate on an application; imported by commands and tests only (Alembic loads slowly)."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from app.extensions import db
from app.migration_options import OPTIONS
from config import ROOT


def bind_migrations(app: Flask) -> None:
    """Make ``flask_migrate``'s functions and its ``db`` command work on ``app``; idempotent."""
    if "migrate" not in app.extensions:
        Migrate(app, db, directory=str(ROOT / "migrations"), **OPTIONS)
