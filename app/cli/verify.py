"""``flask verify``: proof that every balance equals its ledger and that changes are audited."""

from __future__ import annotations

import sys

import click
from flask import Flask

from app.audit.verify import verify_audit
from app.services.platform.verify_ledgers import CheckResult, verify_ledgers


def register(app: Flask) -> None:
    app.cli.add_command(verify_command)


@click.command("verify")
def verify_command() -> None:
    """Compare balances with ledgers and the audit with the models; exit code 1 if they differ."""
    results = [*verify_ledgers(), *verify_audit()]
    for result in results:
        click.echo(_line(result))
        for difference in result.differences:
            click.echo(f"    {difference}")
        if result.wrong > len(result.differences):
            click.echo(f"    … and {result.wrong - len(result.differences):,} more")
    if any(result.wrong for result in results):
        sys.exit(1)


def _line(result: CheckResult) -> str:
    outcome = f"{result.wrong:,} DIFFER" if result.wrong else "ok"
    return f"{result.name}: {outcome} ({result.compared:,} compared)"
