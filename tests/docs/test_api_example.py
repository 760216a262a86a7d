"""The programs in docs/api.md run as they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from tests.rows import make_row
from tests.users import PASSWORD

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
QUICK_START = DOCUMENT.read_text(encoding="utf-8").split("\n## Requests")[0]
PRODUCTS = 3


@pytest.fixture
def site(make_app, fresh_database):
    """Address of an application with products, on a database of its own."""
    from app.db import atomic
    from models.catalog import Product

    app = make_app(fresh_database)
    with app.app_context(), atomic():
        for number in range(PRODUCTS):
            make_row(Product, name=f"Product {number}", status="active")
        make_row(Product, name="Draft", status="draft")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def program(site):
    """The code blocks of the document in that language, for this site."""

    def written_in(language: str) -> str:
        _app, address = site
        blocks = re.findall(rf"```{language}\n(.*?)```", QUICK_START, re.DOTALL)
        text = "\n".join(blocks).replace("http://127.0.0.1:8080", address)
        text = text.replace("admin@demo.pe", "admin").replace("qhatu-demo-2026", PASSWORD)
        return text.replace('"limit": 200', '"limit": 2')

    return written_in


def test_the_program_does_what_it_says_and_leaves_nothing_behind(site, program, capsys):
    app, _address = site
    exec(compile(program("python"), "docs/api.md", "exec"), {})  # noqa: S102 - our own document
    lines = capsys.readouterr().out.splitlines()
    for number, line in enumerate(lines[:PRODUCTS]):
        assert re.fullmatch(rf"\d+ Product {number} [0-9.]+ no brand", line)
    assert lines[PRODUCTS:] == [
        "The record isn't in the state that the request names",
        "row 2 There is already such a record.",
    ]
    assert count_brands(app) == 0


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_commands_of_the_shell_do_it_too(site, program):
    app, _address = site
    commands = program("sh").replace("python3 -c", f"{sys.executable} -c")
    done = subprocess.run(  # noqa: S603 - our own document
        ["/bin/sh", "-euc", commands], capture_output=True, text=True, timeout=60, check=True
    )
    assert '"result"' in done.stdout
    assert '"name":"Brand of curl"' in done.stdout.replace('": "', '":"')
    assert count_brands(app) == 1


def count_brands(app) -> int:
    from app.db import session
    from models.catalog import Brand

    with app.app_context():
        return session().scalar(sa.select(sa.func.count()).select_from(Brand))
