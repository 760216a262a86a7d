"""The programs in docs/sunat.md run as they stand and print what it says."""

from __future__ import annotations

import re
from pathlib import Path

from app.sunat import unpack, verify
from tests.sunat.samples import PASSWORD, p12

DOCUMENT = Path(__file__).parents[2] / "docs" / "sunat.md"


def test_the_quick_start_prints_what_it_says(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("certificate.p12").write_bytes(p12())
    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    program = "\n".join(blocks).replace('"password"', repr(PASSWORD))
    exec(compile(program, "docs/sunat.md", "exec"), {})  # noqa: S102 - our own document
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["188.80", "()", "True", "20100066603-01-F001-123"]
    said = " ".join(re.findall(r"^prints (.*?):? ?", text, re.MULTILINE))
    assert all(word in text for word in (*printed, said))
    (archive,) = tmp_path.glob("*.zip")
    name, xml = unpack(archive.read_bytes())
    assert name == "20100066603-01-F001-123.xml"
    assert verify(xml)
