"""``flask seed`` and ``flask sync-permissions``: parts of ``flask setup`` by themselves."""

from __future__ import annotations

import click
from flask import Flask, current_app

from app.cli.errors import told_in_a_sentence
from app.db import session
from app.security.sync import SyncResult, sync_permissions
from app.seed.files import LANGUAGES
from app.seed.loading import business_language, seed_reference_data
from app.seed.roles import built_in_roles


def register(app: Flask) -> None:
    app.cli.add_command(seed_command)
    app.cli.add_command(sync_command)


@click.command("seed")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of the names; by default that of the business, at first Spanish.",
)
def seed_command(language: str | None) -> None:
    """Add the reference data that was never added before."""
    with told_in_a_sentence("The reference data couldn't be added"):
        for line in seeded_lines(seed_reference_data(language)):
            click.echo(line)


@click.command("sync-permissions")
def sync_command() -> None:
    """Bring the rights in line with the screens, and make missing built-in roles."""
    with told_in_a_sentence("The rights couldn't be brought in line"):
        click.echo(sync_line(sync_rights()))


def sync_rights() -> SyncResult:
    """Sync the rights of all registered screens with the built-in roles."""
    roles = built_in_roles(business_language(session()))
    return sync_permissions(current_app.appbuilder, roles)  # type: ignore[attr-defined]


def seeded_lines(added: dict[str, int]) -> list[str]:
    if not added:
        return ["Reference data: nothing new."]
    return [f"Reference data: {sum(added.values())} rows in {len(added)} tables added."]


def sync_line(result: SyncResult) -> str:
    roles = f", roles made: {', '.join(result.roles)}" if result.roles else ""
    return (
        f"Rights: {result.added} added, {result.removed} removed, "
        f"{result.granted} granted to roles{roles}."
    )
