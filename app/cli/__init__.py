"""The commands of ``flask``: each module here has ``register(app)``, called in this order.

They are loaded when a command is asked for, for the web and worker processes need none of them.
"""

from __future__ import annotations

import getpass
import os
import uuid
from dataclasses import replace
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

from app.actor import Actor, acting_as, system_actor

COMMANDS: tuple[str, ...] = ("setup", "seed", "demo", "i18n", "verify", "settings", "roles")


class Commands(AppGroup):
    """The application's commands, and Flask-Migrate's ``db``."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.name)
        self.app = app
        self.loaded = False

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._load()
        ctx.with_resource(acting_as(_operator(cmd_name)))
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        if self.loaded:
            return
        self.loaded = True
        from app.migrating import bind_migrations

        bind_migrations(self.app)
        for name in COMMANDS:
            import_module(f"app.cli.{name}").register(self.app)


def _operator(command: str) -> Actor:
    """Whoever runs the command, by the name the operating system has for them."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        name = str(os.getuid())
    actor = system_actor(f"flask {command} as {name}", "cli")
    return replace(actor, request_id=str(uuid.uuid4()))


def register_commands(app: Flask) -> None:
    """Give ``app`` its commands without importing them yet."""
    app.cli = Commands(app)
