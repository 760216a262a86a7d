"""``flask demo``: a made-up business with a year behind it."""

from __future__ import annotations

import datetime as dt
import time

import click
from flask import Flask

from app.cli.errors import told_in_a_sentence
from app.demo.load import load_demo
from app.demo.people import PASSWORD, TO_SHOW
from app.local.instance import Instance
from app.seed.logins import Login, write_logins

HEADING = "Demo"


def register(app: Flask) -> None:
    app.cli.add_command(demo_command)


@click.command("demo")
@click.option("--orders", type=click.IntRange(1, 50_000_000), help="How many orders (20,000).")
@click.option(
    "--force",
    is_flag=True,
    help="Also on a database with other data; where the demo is loaded, add more orders.",
)
def demo_command(orders: int | None, *, force: bool) -> None:
    """Load demo data: all or nothing, and once."""
    start = time.perf_counter()
    with told_in_a_sentence("The demo data couldn't be loaded"):
        loaded = load_demo(orders, now=dt.datetime.now(dt.UTC), force=force, tell=click.echo)
        if loaded.already:
            click.echo("The demo data are loaded already.")
            return
        logins = [Login(person.email, PASSWORD, person.role) for person in TO_SHOW]
        write_logins(Instance.default().logins, HEADING, logins)
    seconds = time.perf_counter() - start
    click.echo(f"Demo: {sum(loaded.counts.values()):,} rows in {seconds:.1f} s. Sign in as:")
    for login in logins:
        click.echo(f"  {login}")
