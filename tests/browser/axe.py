"""What axe-core calls a violation of WCAG 2.2 A or AA on a page as it stands."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, app: Flask, within: str = "") -> list[str]:
    """Each rule that is broken, with the first elements that break it; skips without axe-core.

    ``within`` is a selector: what a menu lies upon is no target for the moment.
    """
    page.evaluate(_axe(Path(app.config["NODE_MODULES"]) / "axe-core/axe.min.js"))
    found = page.evaluate(
        "([tags, within]) => axe.run(within || document, {runOnly: {type: 'tag', values: tags}})",
        [RULES, within],
    )
    return [
        f"{broken['id']}: {[node['html'][:400] for node in broken['nodes'][:4]]}"
        for broken in found["violations"]
    ]


@cache
def _axe(path: Path) -> str:
    if not path.is_file():
        pytest.skip("axe-core is not installed (python run.py assets --tests)")
    return path.read_text(encoding="utf-8")
