"""The program in docs/admin.md runs as it stands."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from tests.rows import make_row
from tests.users import PASSWORD

DOCUMENT = Path(__file__).parents[2] / "docs" / "admin.md"
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


def test_the_program_reads_all_pages_and_leaves_nothing_behind(site, capsys):
    from app.db import session
    from models.catalog import Brand

    app, address = site
    (program,) = re.findall(r"```python\n(import json.*?)```", DOCUMENT.read_text(), re.DOTALL)
    program = program.replace("http://127.0.0.1:8080", address)
    program = program.replace("admin@demo.pe", "admin").replace("qhatu-demo-2026", PASSWORD)
    program = program.replace("page_size:200", "page_size:2")
    exec(compile(program, "docs/admin.md", "exec"), {})  # noqa: S102 - our own document
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ", 1)[1].rsplit(" ", 1)[0] for line in lines] == [
        f"Product {number}" for number in range(PRODUCTS)
    ]
    with app.app_context():
        assert session().scalar(sa.select(sa.func.count()).select_from(Brand)) == 0
