"""``flask settings``: reading and changing settings without the screens, and rotating keys."""

from __future__ import annotations

import datetime as dt
import sys

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import AppGroup

from app.actor import acting_as, system_actor
from app.cli.errors import told_in_a_sentence
from app.db import session
from app.errors import DomainError
from app.i18n import force_locale
from app.services.platform.change_settings import (
    KEPT_BY_THE_SYSTEM,
    ChangeSettings,
    SettingChange,
    SettingNotFoundError,
    change_settings,
)
from app.services.platform.rotate_keys import Rotation, rotate_keys
from app.settings.text import from_text, to_text
from models.platform import SystemSetting

settings_group = AppGroup("settings", help="Read and change settings; rotate encryption keys.")
ACTOR = system_actor("flask settings", "cli")


def register(app: Flask) -> None:
    app.cli.add_command(settings_group)


@settings_group.command("list")
@click.argument("group", required=False)
def list_command(group: str | None) -> None:
    """Show the settings, of one GROUP or all; secrets only as set or not."""
    statement = (
        sa.select(SystemSetting)
        .where(SystemSetting.setting_group != KEPT_BY_THE_SYSTEM)
        .order_by(SystemSetting.setting_group, SystemSetting.setting_key)
    )
    if group:
        statement = statement.where(SystemSetting.setting_group == group)
    with force_locale("en"), told_in_a_sentence("The settings can't be read"):
        for row in session().scalars(statement):
            click.echo(f"{row.setting_key} = {_shown(row)}{_note(row)}")


@settings_group.command("get")
@click.argument("key")
def get_command(key: str) -> None:
    """Print the value of a setting; of a secret only whether it is set."""
    with force_locale("en"), told_in_a_sentence("The setting can't be read"):
        click.echo(_shown(_row(key)))


@settings_group.command("set")
@click.argument("key")
@click.argument("value", required=False)
@click.option("--default", is_flag=True, help="Go back to the default; forget a secret.")
@click.option("--stdin", is_flag=True, help="Read the value from standard input.")
def set_command(key: str, value: str | None, *, default: bool, stdin: bool) -> None:
    """Change a setting. A list is one entry a line or JSON; a secret is asked for without echo,
    so that it is neither on the screen nor in the history of the shell."""
    with (
        force_locale("en"),
        told_in_a_sentence("The setting can't be changed"),
        acting_as(ACTOR),
    ):
        row = _row(key)
        wanted = None if default else _wanted(row, value, stdin=stdin)
        command = ChangeSettings((SettingChange(key, wanted),))
        try:
            changed = change_settings(command, actor=ACTOR, now=dt.datetime.now(dt.UTC))
        except DomainError as error:
            raise click.ClickException(error.fields.get(key, error.message)) from error
    click.echo(f"{key}: {'changed' if changed else 'was so already'}.")


@settings_group.command("rotate-keys")
def rotate_command() -> None:
    """Encrypt all secrets in the database anew under the newest key of QHATU_ENCRYPTION_KEYS.

    Exit code 1 when some open under none of the keys.
    """
    with told_in_a_sentence("The secrets couldn't all be encrypted anew"), acting_as(ACTOR):
        results = rotate_keys()
    for result in results:
        click.echo(_line(result))
    if lost := sum(result.lost for result in results):
        click.echo(f"{lost} secrets open under none of the keys; set them again.", err=True)
        sys.exit(1)


def _wanted(row: SystemSetting, value: str | None, *, stdin: bool) -> object:
    if stdin:
        value = sys.stdin.read()
    elif value is None and row.is_encrypted:
        value = click.prompt(row.setting_key, hide_input=True)
    if value is None:
        raise click.UsageError("Give a value, --stdin or --default.")
    try:
        wanted = from_text(row.setting_type, value, row.validation_rules)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if wanted is None:
        raise click.UsageError("The value is empty; --default goes back to the default.")
    return wanted


def _row(key: str) -> SystemSetting:
    row = session().scalar(sa.select(SystemSetting).where(SystemSetting.setting_key == key))
    if row is None or row.setting_group == KEPT_BY_THE_SYSTEM:
        raise SettingNotFoundError(key)
    return row


def _shown(row: SystemSetting) -> str:
    if row.is_encrypted:
        return "(not set)" if row.encrypted_value is None else "(set)"
    value = row.default_value if row.setting_value is None else row.setting_value
    return to_text(row.setting_type, value, row.validation_rules)


def _note(row: SystemSetting) -> str:
    return "" if row.is_encrypted or row.setting_value is not None else "  (default)"


def _line(result: Rotation) -> str:
    return (
        f"{result.column}: {result.rotated} encrypted anew, {result.newest} were so already, "
        f"{result.lost} can't be opened."
    )
