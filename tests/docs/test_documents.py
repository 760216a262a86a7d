"""What the documents say is there, and what is there is said."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE_BLOCK = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
LARGEST_PICTURE = 200_000


def names_in(path: str, heading: str = "") -> list[str]:
    """The names in backquotes that begin the rows of the tables (below that heading)."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if heading:
        text = re.split(r"^#{1,6} ", text.split(f"# {heading}\n", 1)[1], flags=re.MULTILINE)[0]
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def anchors_of(document: Path) -> set[str]:
    """Anchors as code hosts make them of headings."""
    text = CODE_BLOCK.sub("", document.read_text(encoding="utf-8"))
    headings = [heading.lower().replace("`", "") for heading in HEADING.findall(text)]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path):
    text = CODE_BLOCK.sub("", document.read_text(encoding="utf-8"))
    broken = []
    for link in LINK.findall(text):
        if link.startswith(("http://", "https://")):
            continue
        path, _hash, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


def test_the_readme_names_every_folder_and_no_other():
    ignored = {
        line.strip("/\n")
        for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line.endswith("/")
    }
    there = {
        f"{path.relative_to(ROOT)}/"
        for parent in (ROOT, ROOT / "app")
        for path in parent.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in ignored
    }
    assert set(names_in("README.md", "Where things are")) - {"app/factory.py"} == there


def test_every_direct_dependency_has_its_line_and_no_other():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    browser = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    tested = [*_names(project["optional-dependencies"]["test"]), *browser["devDependencies"]]
    pinned = {
        "Runtime": _names(project["dependencies"]),
        "Tests and checks": sorted(tested),
        "Browser": sorted(browser["dependencies"]),
    }
    assert {heading: names_in("docs/dependencies.md", heading) for heading in pinned} == pinned


def _names(requirements: list[str]) -> list[str]:
    return sorted(re.split(r"[\[=]", requirement)[0] for requirement in requirements)


def test_every_rule_of_a_column_is_explained():
    from models import all_models

    used = {key for model in all_models() for column in model.__table__.c for key in column.info}
    assert used <= set(names_in("docs/admin.md", "Rules of a column: `info`"))


def test_every_operator_and_list_argument_is_explained():
    from app.admin.lists.filters import BY_KIND, Empty, NotEmpty
    from app.admin.rest.arguments import PLAIN
    from app.admin.rest.rison import LIST_ARGUMENTS

    filters = {f.arg_name for kinds in BY_KIND.values() for f in kinds} | {"empty", "nempty"}
    assert {Empty.arg_name, NotEmpty.arg_name} <= filters
    assert set(names_in("docs/admin.md", "Operators")) == filters
    assert set(names_in("docs/api.md", "Arguments of a list")) == set(PLAIN)
    assert set(names_in("docs/api.md", "The argument q")) == set(LIST_ARGUMENTS["properties"])


def test_every_problem_is_explained_with_its_status():
    from app.problems import CATALOGUE

    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d{3})", text, re.MULTILINE)
    assert dict(rows) == {code: str(status) for code, (status, _title) in CATALOGUE.items()}


def test_every_entry_of_a_table_is_explained():
    from dataclasses import fields

    from app.admin.registry import Table

    explained = names_in("docs/admin.md", "Domain, Table, TableRules")
    assert explained == [field.name for field in fields(Table)]


def test_every_decision_is_listed():
    decisions = sorted(path.name for path in (ROOT / "docs" / "adr").glob("0*.md"))
    listed = LINK.findall((ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8"))
    assert listed == decisions


def test_the_log_ins_of_the_demo_are_those_of_the_readme():
    from app.demo.people import PASSWORD, TO_SHOW

    names = names_in("README.md", "Two commands")
    assert [name for name in names if name.endswith("@demo.pe")] == [
        person.email for person in TO_SHOW
    ]
    assert PASSWORD in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_security_test_is_explained_and_every_explained_one_is_there():
    explained = set(names_in("docs/security.md", "What each test proves"))
    there = {
        str(path.relative_to(ROOT))
        for folder in ("security", "audit")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
    }
    assert there <= explained
    assert [name for name in explained if not (ROOT / name).is_file()] == []


def test_pictures_are_small():
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE] == []
