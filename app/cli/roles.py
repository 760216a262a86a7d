"""``flask roles``: the built-in roles, made again or brought back to their defaults."""

from __future__ import annotations

import datetime as dt

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import AppGroup

from app.actor import Actor, acting, system_actor
from app.cli.errors import told_in_a_sentence
from app.db import session
from app.i18n import force_locale
from app.services.identity.change_role_policy import stamp_of
from app.services.identity.recreate_role import RecreateRole, recreate_role
from app.services.identity.reset_role import ResetRole, reset_role
from app.services.identity.role_errors import RoleNotFoundError
from app.services.identity.role_presets import (
    is_built_in,
    missing_built_in_roles,
    preset,
    same_policy,
)
from models.identity import Permission, Role, RolePermission

roles_group = AppGroup("roles", help="The built-in roles and their defaults.")


def register(app: Flask) -> None:
    app.cli.add_command(roles_group)


@roles_group.command("list")
def list_command() -> None:
    """List the roles, with what differs from the defaults in those that are built in."""
    with told_in_a_sentence("The roles can't be read"):
        roles = list(session().scalars(sa.select(Role).order_by(Role.name)))
        for role in roles:
            click.echo(f"{role.name}: {_state(role)}")
        for name in missing_built_in_roles([role.name for role in roles]):
            click.echo(f"{name}: deleted; `flask roles recreate` makes it again")


@roles_group.command("recreate")
@click.argument("name")
def recreate_command(name: str) -> None:
    """Make the built-in role NAME again, with its default rights; nobody has it yet."""
    with force_locale("en"), told_in_a_sentence("The role can't be made"):
        recreate_role(RecreateRole(name), actor=_actor(), now=_now())
        click.echo(f"{name} was made again.")


@roles_group.command("reset")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
def reset_command(name: str, *, yes: bool) -> None:
    """Show how the built-in role NAME differs from its defaults, then bring them back."""
    with force_locale("en"), told_in_a_sentence("The role can't be reset"):
        role = session().scalar(sa.select(Role).where(Role.name == name))
        if role is None:
            raise RoleNotFoundError
        defaults, seen = preset(name), _rights(role.id)
        for sign, ids in (("+", defaults.rights - seen), ("-", seen - defaults.rights)):
            for slug in _slugs(ids):
                click.echo(f"{sign} {slug}")
        same = same_policy(role.policy, defaults.policy)
        if not same:
            click.echo(f"policy: {role.policy} -> {defaults.policy}")
        if seen == defaults.rights and same:
            click.echo(f"{name} has its defaults.")
            return
        if not yes:
            click.confirm("Bring the defaults back?", abort=True)
        reset_role(ResetRole(role.id, seen, stamp_of(role)), actor=_actor(), now=_now())
        click.echo(f"{name} has its defaults again.")


def _state(role: Role) -> str:
    rights = _rights(role.id)
    if not is_built_in(role.name):
        return f"{len(rights)} rights, your own"
    defaults = preset(role.name)
    same = same_policy(role.policy, defaults.policy)
    if rights == defaults.rights and same:
        return f"{len(rights)} rights, as built in"
    more, less = len(rights - defaults.rights), len(defaults.rights - rights)
    policy = "" if same else ", another policy"
    return f"{len(rights)} rights, changed: +{more} -{less}{policy}"


def _rights(role_id: int) -> frozenset[int]:
    held = sa.select(RolePermission.permission_view_id).where(RolePermission.role_id == role_id)
    return frozenset(session().scalars(held))


def _slugs(ids: frozenset[int]) -> list[str]:
    return sorted(session().scalars(sa.select(Permission.slug).where(Permission.id.in_(ids))))


def _actor() -> Actor:
    return acting() or system_actor("flask roles", "cli")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
