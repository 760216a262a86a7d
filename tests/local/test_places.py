"""Where things are kept and who may reach them: accounts, socket folders, ports, locks."""

from __future__ import annotations

import os
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.local import accounts, instance, sockets
from app.local.accounts import Account
from app.local.errors import AlreadyRunningError, DiskFullError, LocalError
from app.local.instance import Instance
from app.local.locks import InstanceLock, is_held

STRANGER = Account("stranger", 64321, 64321)


def test_an_account_cannot_reach_what_is_below_a_private_folder(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "file").touch()
    assert not STRANGER.can_reach(private / "file")


def test_an_account_reaches_a_readable_file_below_passable_folders(reachable_folder):
    reachable_folder.chmod(0o711)
    (reachable_folder / "file").touch(mode=0o644)
    assert STRANGER.can_reach(reachable_folder / "file")


def test_another_account_is_chosen_for_root_only(monkeypatch, tmp_path):
    account = accounts.for_postgres(tmp_path / "none")
    assert (account.uid == os.geteuid()) == (os.geteuid() != 0)
    assert account.uid != 0


def test_a_user_id_without_a_name_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(LocalError, match="user id 54321 has no name"):
        accounts.current()


def test_a_socket_folder_is_private(reachable_folder):
    folder = sockets.private_folder(reachable_folder / "run", "s", accounts.current())
    assert folder == reachable_folder / "run"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_many_at_once_find_the_same_folder(reachable_folder):
    wanted = reachable_folder / "run"

    def ask(_number: int) -> Path:
        return sockets.private_folder(wanted, "s", accounts.current())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(400))) == {wanted}


def test_a_long_path_gets_a_short_socket_folder_and_keeps_it(reachable_folder):
    deep = reachable_folder / ("x" * 100)
    deep.mkdir()
    first = sockets.private_folder(deep / "run", "valkey.sock", accounts.current())
    again = sockets.private_folder(deep / "run", "valkey.sock", accounts.current())
    first.rmdir()
    assert first == again
    assert len(str(first / "valkey.sock")) < 108


def test_a_socket_folder_made_by_someone_else_is_not_used(reachable_folder):
    deep = reachable_folder / ("x" * 100)
    deep.mkdir()
    planted = reachable_folder / "planted"
    planted.mkdir()
    planted.chmod(0o777)
    (deep / "run.txt").write_text(str(planted))
    folder = sockets.private_folder(deep / "run", "valkey.sock", accounts.current())
    folder.rmdir()
    assert folder != planted


def test_a_taken_default_port_gives_the_next_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with sockets.listen("127.0.0.1", port, search=True) as found:
            assert found.getsockname()[1] > port


def test_a_taken_explicit_port_is_told_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} is taken"):
            sockets.listen("127.0.0.1", port, search=False)


def test_an_address_of_another_machine_is_told_in_a_sentence():
    with pytest.raises(LocalError, match=r"Can't listen on 192\.0\.2\.1"):
        sockets.listen("192.0.2.1", 18080, search=True)


def test_a_second_start_is_told_who_runs(tmp_path):
    first, second = InstanceLock(tmp_path / "lock"), InstanceLock(tmp_path / "lock")
    first.acquire()
    first.describe("process 1, http://here")
    with pytest.raises(AlreadyRunningError, match=r"process 1, http://here"):
        second.acquire()
    assert is_held(tmp_path / "lock")
    first.release()
    assert not is_held(tmp_path / "lock")
    second.acquire()
    second.release()


def test_the_secret_key_is_made_once_and_private(tmp_path):
    made = Instance(tmp_path / "instance")
    made.prepare()
    key = made.secret_key.read_text()
    made.prepare()
    assert made.secret_key.read_text() == key
    assert len(key) == 64
    assert stat.S_IMODE(made.secret_key.stat().st_mode) == 0o600


def test_an_instance_of_another_user_is_told_in_a_sentence(tmp_path, monkeypatch):
    made = Instance(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(LocalError, match="belongs to another user"):
        made.prepare()


def test_too_little_space_is_told_before_anything_starts(tmp_path):
    with pytest.raises(DiskFullError, match="is full"):
        instance.require_space(tmp_path, megabytes=10**9)
