"""``make audit``: fails on a weakness that has a remedy, and only on that."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def audit():
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(*fixed: str) -> dict:
    weakness = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": list(fixed)}
    return {"name": "flask", "version": "1.0", "vulns": [weakness]}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, 0),
        ({"dependencies": [{"name": "flask", "skip_reason": "not found"}]}, 0),
        ({"dependencies": [package()]}, 0),
        ({"dependencies": [package("2.0")]}, 1),
    ],
    ids=["nobody answers", "a mirror answers", "no remedy yet", "a newer version helps"],
)
def test_it_fails_on_what_a_newer_version_has_fixed(audit, monkeypatch, capsys, answer, code):
    monkeypatch.setattr(audit, "_run", lambda command: answer if "pip_audit" in command else None)
    assert audit.main() == code
    assert "browser packages were not audited" in capsys.readouterr().out


def test_what_is_accepted_has_its_reason(audit, monkeypatch):
    assert audit.read_accepted("# a remark\n\nCVE-1 not used\n") == {"CVE-1": "not used"}
    audit.read_accepted((ROOT / ".ci" / "accepted-weaknesses.txt").read_text(encoding="utf-8"))
    with pytest.raises(SystemExit, match="no reason"):
        audit.read_accepted("CVE-1\n")
    monkeypatch.setattr(audit, "read_accepted", lambda _text: {"CVE-1": "not used"})
    answer = {"dependencies": [package("2.0")]}
    monkeypatch.setattr(audit, "_run", lambda command: answer if "pip_audit" in command else None)
    assert audit.main() == 0
