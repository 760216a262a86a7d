"""``flask setup`` and the first log-in."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.seed.first_admin import create_first_admin
from app.seed.logins import Login, write_logins
from models.identity import Role, User, UserRole

ROOT = Path(__file__).parents[2]


def _flask(environment, url: str, instance: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "flask", "--app", "app.factory:create_app", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment, "DATABASE_URL": url, "QHATU_INSTANCE": str(instance)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_setups_at_once_make_one_database(environment, empty_database, tmp_path) -> None:
    both = [_flask(environment, empty_database, tmp_path, "setup") for _ in range(2)]
    outputs = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    told = [line for out, _ in outputs for line in out.splitlines() if "First user" in line]
    assert len(told) == 1
    engine = sa.create_engine(empty_database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM identity.users")) == 1
        assert connection.scalar(sa.text("SELECT count(*) FROM identity.roles")) == 8
        assert connection.scalar(sa.text("SELECT count(*) FROM crm.deal_stages")) == 6
    engine.dispose()
    logins = tmp_path / "logins.txt"
    assert stat.S_IMODE(logins.stat().st_mode) == 0o600
    password = told[0].split("password ")[1].split()[0]
    assert password in logins.read_text()


def test_an_unreachable_database_is_told_in_one_sentence(environment, tmp_path) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}&port=5999"
    process = _flask(environment, url, tmp_path, "setup")
    _out, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in error
    assert "The database can't be migrated" in error


def test_a_database_without_tables_says_what_to_run(environment, empty_database, tmp_path) -> None:
    process = _flask(environment, empty_database, tmp_path, "seed")
    _out, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in error
    assert "flask setup" in error


@pytest.fixture
def no_users(db_session):
    db_session.execute(sa.delete(UserRole))
    db_session.execute(sa.delete(User), execution_options={"include_deleted": True})
    db_session.commit()
    return db_session


def test_the_first_user_is_an_admin_with_the_password_of_the_file(no_users, tmp_path) -> None:
    from werkzeug.security import check_password_hash

    login = create_first_admin(tmp_path / "logins.txt")
    user = no_users.scalar(sa.select(User))
    assert check_password_hash(user.password, login.password)
    assert [role.name for role in user.roles] == ["Admin"]
    assert login.password in (tmp_path / "logins.txt").read_text()
    assert create_first_admin(tmp_path / "logins.txt") is None


def test_a_deleted_user_is_no_reason_to_make_another_first_one(no_users, tmp_path) -> None:
    create_first_admin(tmp_path / "logins.txt")
    no_users.execute(sa.update(User).values(deleted_at=sa.func.now()))
    no_users.commit()
    assert create_first_admin(tmp_path / "logins.txt") is None


def test_without_the_file_there_is_no_first_user(no_users, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        create_first_admin(tmp_path / "file" / "logins.txt")
    assert no_users.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_log_ins_replace_those_under_the_same_heading(tmp_path) -> None:
    path = tmp_path / "logins.txt"
    write_logins(path, "One", [Login("a", "first", "")])
    write_logins(path, "Two", [Login("b", "other", "note")])
    write_logins(path, "One", [Login("a", "second", "")])
    text = path.read_text()
    assert "first" not in text
    assert "second" in text
    assert "other" in text
    assert list(tmp_path.iterdir()) == [path]


def test_every_built_in_role_exists(db_session) -> None:
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Role)) == 8
