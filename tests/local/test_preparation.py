from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app.local import assets, cli, database, environment, preparation
from app.local.database import DatabaseFacts
from app.local.errors import LocalError
from app.local.instance import ROOT, Instance
from app.local.preparation import Preparation, fingerprint


class App:
    """Plays the database and the application's commands."""

    def __init__(self):
        self.facts = DatabaseFacts("1/1", ())
        self.commands = []
        self.code = 0

    def flask(self, name, _arguments):
        self.commands.append(name)
        if self.code == 0:
            self.facts = DatabaseFacts(self.facts.key, ("head",))
        return self.code


@pytest.fixture
def app(monkeypatch):
    made = App()
    monkeypatch.setattr(database, "inspect", lambda _url: made.facts)
    return made


@pytest.fixture
def prepare(app, tmp_path):
    return lambda: Preparation(tmp_path / "setup.json", "postgresql://", app.flask)


def test_a_new_database_is_set_up_once(app, prepare):
    assert prepare().set_up() is True
    assert prepare().set_up() is False
    assert app.commands == ["setup"]


def test_changed_files_are_set_up_again(app, prepare, monkeypatch):
    prepare().set_up()
    monkeypatch.setattr(preparation, "fingerprint", lambda _sources: "another")
    assert prepare().set_up() is True


def test_a_database_made_anew_is_set_up_again(app, prepare):
    prepare().set_up()
    app.facts = DatabaseFacts("1/2", ())
    assert prepare().set_up() is True


def test_a_database_migrated_by_hand_is_set_up_again(app, prepare):
    prepare().set_up()
    app.facts = DatabaseFacts("1/1", ("older",))
    assert prepare().set_up() is True


def test_a_failed_set_up_is_told_and_done_again(app, prepare):
    app.code = 1
    with pytest.raises(LocalError, match="set-up of the database failed"):
        prepare().set_up()
    app.code = 0
    assert prepare().set_up() is True


def test_migrating_alone_does_not_count_as_set_up(app, prepare):
    assert prepare().migrate() is True
    assert prepare().migrate() is False
    assert prepare().set_up() is True
    assert prepare().migrate() is False


@pytest.mark.parametrize(
    ("wishes", "commands"),
    [
        ([None, None], ["demo"]),
        ([False, None], []),
        ([False, True], ["demo"]),
        ([True, True], ["demo"]),
        ([None, False, None], ["demo"]),
    ],
)
def test_demo_data_come_once_and_never_unasked(app, prepare, wishes, commands):
    for wish in wishes:
        prepare().load_demo(wish)
    assert app.commands == commands


def test_demo_data_that_failed_are_loaded_again(app, prepare):
    app.code = 1
    with pytest.raises(LocalError, match="demo data"):
        prepare().load_demo(None)
    app.code = 0
    assert prepare().load_demo(None) is True


def test_a_damaged_note_means_doing_it_again(app, prepare, tmp_path):
    prepare().set_up()
    (tmp_path / "setup.json").write_text("{")
    assert prepare().set_up() is True
    assert json.loads((tmp_path / "setup.json").read_text())


def test_a_database_behind_the_migrations_is_told_with_the_command(app, prepare, monkeypatch):
    monkeypatch.setattr(database, "heads", lambda _folder: ("newest",))
    with pytest.raises(LocalError, match=r"python run\.py setup"):
        prepare().require_head()


def test_the_fingerprint_changes_with_the_content(tmp_path, monkeypatch):
    monkeypatch.setattr(preparation, "ROOT", tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.py").write_text("1")
    first = fingerprint(["models"])
    (tmp_path / "models" / "a.py").write_text("2")
    assert fingerprint(["models"]) != first


def test_an_unreachable_database_is_told_without_its_password():
    with pytest.raises(LocalError, match="can't be used") as caught:
        database.inspect("postgresql+psycopg://u:geheim@127.0.0.1:1/shop")
    assert "geheim" not in str(caught.value)
    assert "shop at 127.0.0.1" in str(caught.value)


def test_an_unreachable_redis_is_told():
    with pytest.raises(LocalError, match="REDIS_URL can't be used"):
        database.require_redis("redis://127.0.0.1:1/0")


def test_what_the_person_has_set_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("QHATU_SECRET_KEY", "mine")
    monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/database")
    monkeypatch.delenv("REDIS_URL", raising=False)
    env = environment.for_programs(
        Instance(tmp_path), {"DATABASE_URL": "ours", "REDIS_URL": "ours", "SMTP_URL": None}
    )
    assert "QHATU_SECRET_KEY_FILE" not in env
    assert env.get("DATABASE_URL") != "ours"
    assert env["REDIS_URL"] == "ours"


def test_assets_are_installed_once_for_each_lock_file(tmp_path):
    (tmp_path / "package-lock.json").write_text("{}")
    runs = []

    def npm(argv, env):
        runs.append(argv)
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        return 0

    assert assets.install(tmp_path / "lock", npm, tmp_path) is True
    assert assets.install(tmp_path / "lock", npm, tmp_path) is False
    (tmp_path / "package-lock.json").write_text("{ }")
    assert assets.install(tmp_path / "lock", npm, tmp_path) is True
    assert {"ci", "--ignore-scripts", "--omit=dev"} <= set(runs[0])
    assert assets.install(tmp_path / "lock", npm, tmp_path, tests=True) is True
    assert assets.install(tmp_path / "lock", npm, tmp_path) is False
    assert "--omit=dev" not in runs[-1]


def test_a_failed_installation_of_assets_is_told(tmp_path):
    (tmp_path / "package-lock.json").write_text("{}")
    with pytest.raises(LocalError, match="npm"):
        assets.install(tmp_path / "lock", lambda _argv, _env: 1, tmp_path)


@pytest.mark.parametrize(
    "name", ["package-lock.json", "requirements.lock", "requirements-test.lock"]
)
def test_lock_files_pin_by_hash_and_name_no_address(name):
    text = (ROOT / name).read_text()
    assert "resolved" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert "sha512-" in text or "--hash=sha256:" in text


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--only", "shop"], ["--only", ""], ["db"]])
def test_wrong_arguments_are_told(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)
    assert "run.py" in capsys.readouterr().err


def test_an_old_python_is_told_in_one_sentence(tmp_path):
    text = (ROOT / "run.py").read_text().replace("import sys\n", "import sys\nOLD = True\n", 1)
    text = text.replace("sys.version_info < (3, 11)", "OLD")
    (tmp_path / "run.py").write_text(text)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, tmp_path / "run.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Qhatu needs Python 3.11 or newer")
    assert len(done.stderr.splitlines()) == 1


def test_run_py_is_understood_by_old_pythons():
    import ast

    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 6))
