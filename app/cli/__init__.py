"""The commands of ``flask``: each module here has ``register(app)``, called in this order."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

COMMANDS: tuple[str, ...] = ("setup", "seed", "demo", "i18n")


def register_commands(app: Flask) -> None:
    """Add every command of this package to ``flask``."""
    for name in COMMANDS:
        import_module(f"app.cli.{name}").register(app)
