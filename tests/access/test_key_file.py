"""The file of hashed keys, and the command that writes it."""

import json
import logging
import os
import re
import resource
import stat
from pathlib import Path
from typing import Any

import pytest

from app.access.key_file import add_key, revoke_key
from app.access.keyring import Keyring
from app.access.keys import GRANTS, Permission, hash_of
from app.cli.main import main
from app.errors import StartRefused


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file that does not exist yet."""
    return tmp_path / "keys.json"


def add(path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Add a key by the command; returns the key, the last word of the output."""
    assert main(["keys", "add", "--file", str(path), *arguments]) == 0
    return capsys.readouterr().out.split()[-1]


def write(path: Path, *entries: Any) -> None:
    """Write the file by hand, so that its stamp differs from the one before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(json.dumps(entries))
    os.utime(path, ns=(before + 10**9, before + 10**9))


def entry(name: str = "Kim", key: str = "k" * 30, may: str = "read", **fields: Any) -> dict[str, Any]:
    """A right entry of the file."""
    return {"name": name, "key": hash_of(key.encode()), "may": may, **fields}


def test_an_added_key_is_shown_once_and_stored_as_its_hash(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file has the hash, is readable for its owner only, and the key is long enough not to be guessed."""
    key = add(path, capsys, "--name", "Kim")
    (stored,) = json.loads(path.read_text())
    assert stored == {"name": "Kim", "key": hash_of(key.encode()), "organization_id": None, "may": "coordinate"}
    assert key not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) >= 43
    found = Keyring(None, path).find(key.encode())
    assert found is not None
    assert (found.name, found.may, found.organization_id) == ("Kim", Permission.COORDINATE, None)


def test_the_list_names_each_key_and_shows_none(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each key: its name, what it may do, and for whom."""
    keys = [
        add(path, capsys, "--name", "Kim", "--organization", "north"),
        add(path, capsys, "--name", "gate 1", "--may", "inbound"),
    ]
    main(["keys", "list", "--file", str(path)])
    listed = capsys.readouterr().out
    assert listed.splitlines() == [
        "Kim: may coordinate, organization north",
        "gate 1: may inbound, all organizations",
    ]
    assert not any(key in listed for key in keys)
    assert "sha256" not in listed


def test_a_running_service_notices_added_and_revoked_keys(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A keyring that is in use finds a new key at once, and no longer finds one that was revoked."""
    kim = add(path, capsys, "--name", "Kim")
    keyring = Keyring(None, path)
    lee = add(path, capsys, "--name", "Lee")
    assert keyring.find(lee.encode()) is not None
    main(["keys", "revoke", "Kim", "--file", str(path)])
    assert keyring.find(kim.encode()) is None
    assert keyring.find(lee.encode()) is not None


@pytest.mark.parametrize("name", ["Kim", " Kim ", "key", "Caregiver", "service", "gateway", "", "a\nb", "x" * 201])
def test_a_name_that_is_taken_or_wrong_is_refused(path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Nothing is added for a name that another key has, or that the log would show for somebody else."""
    add(path, capsys, "--name", "Kim")
    before = path.read_bytes()
    with pytest.raises(StartRefused, match="name"):
        main(["keys", "add", "--file", str(path), "--name", name])
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_who_is_not_there_cannot_be_revoked(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name, or no file, is said so."""
    with pytest.raises(StartRefused, match="cannot be read"):
        main(["keys", "revoke", "Kim", "--file", str(path)])
    add(path, capsys, "--name", "Kim")
    with pytest.raises(StartRefused, match="no key with the name 'kim'"):
        main(["keys", "revoke", "kim", "--file", str(path)])


def test_two_commands_do_not_write_at_once(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While one command writes the file, another one refuses."""
    add(path, capsys, "--name", "Kim")
    (path.parent / "keys.json.new").touch()
    with pytest.raises(StartRefused, match="another command is changing it"):
        main(["keys", "add", "--file", str(path), "--name", "Lee"])


def test_the_file_may_be_named_by_the_setting(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """FANOUT_API_KEYS names the file; without it and --file the command refuses."""
    monkeypatch.delenv("FANOUT_API_KEYS", raising=False)
    with pytest.raises(StartRefused, match="FANOUT_API_KEYS"):
        main(["keys", "list"])
    monkeypatch.setenv("FANOUT_API_KEYS", str(path))
    assert main(["keys", "add", "--name", "Kim"]) == 0
    assert path.exists()


WRONG: list[tuple[Any, str]] = [
    ({}, "must be a JSON list"),
    ([entry(), 5], "key 2: body"),
    ([{**entry(), "key": "secret-of-kim"}], "key 1: key"),
    ([{**entry(), "key": hash_of(b"x").upper()}], "key 1: key"),
    ([entry(may="all")], "key 1: may"),
    ([{"name": "Kim"}], "key 1: key: Field required; may: Field required"),
    ([entry(organisation_id="north")], "key 1: organisation_id"),
    ([entry(name="key")], "key 1: name: this name is reserved"),
    ([entry(), entry(key="l" * 30)], "two keys with the name 'Kim'"),
    ([entry(), entry(name="Lee")], "'Kim' and 'Lee' are the same key"),
]


@pytest.mark.parametrize(("content", "reason"), WRONG)
def test_a_wrong_file_stops_the_start(path: Path, content: Any, reason: str) -> None:
    """One line names what is wrong, and shows no part of a hash."""
    path.write_text(json.dumps(content))
    with pytest.raises(StartRefused, match=re.escape(reason)) as caught:
        Keyring(None, path)
    assert "FANOUT_API_KEYS" in caught.value.reason
    assert "\n" not in caught.value.reason
    assert "secret-of-kim" not in caught.value.reason
    assert hash_of(b"k" * 30)[10:20] not in caught.value.reason


@pytest.mark.parametrize("content", [b"", b"[", b"\xff", b"[" * 100_000])
def test_a_file_that_is_not_json_stops_the_start(path: Path, content: bytes) -> None:
    """Whatever stands in the file, the start ends with one line."""
    path.write_bytes(content)
    with pytest.raises(StartRefused, match="is not JSON"):
        Keyring(None, path)


def test_a_missing_file_stops_the_start(path: Path) -> None:
    """The line says which command makes one."""
    with pytest.raises(StartRefused, match=r"cannot be read: No such file.*shift-fanout keys add"):
        Keyring(None, path)


def test_a_file_that_breaks_keeps_the_last_good_keys(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each broken state is one error in the log; the next good file counts again."""
    write(path, entry())
    keyring = Keyring(None, path)
    with caplog.at_level(logging.ERROR):
        write(path, entry(), "broken")
        for _ in range(3):
            assert keyring.find(b"k" * 30) is not None
        assert len(caplog.records) == 1
        path.unlink()
        for _ in range(3):
            assert keyring.find(b"k" * 30) is not None
        assert len(caplog.records) == 2
    write(path, entry(name="Lee", key="l" * 30))
    assert keyring.find(b"k" * 30) is None
    assert keyring.find(b"l" * 30) is not None


def test_a_change_that_could_not_be_read_is_read_later(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A process with too many open files must not let a revoked key in for ever."""
    write(path, entry(), entry(name="Lee", key="l" * 30))
    keyring = Keyring(None, path)
    write(path, entry())
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        for _ in range(3):
            assert keyring.find(b"l" * 30) is not None
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert len([one for one in caplog.records if "Too many open files" in one.getMessage()]) == 1
    assert keyring.find(b"l" * 30) is None
    assert keyring.find(b"k" * 30) is not None


def test_a_changed_file_keeps_its_owner_and_mode(path: Path) -> None:
    """The service, which may run as another user than whoever runs the command, can still read it."""
    add_key(path, "Kim", None, Permission.READ)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    before = path.stat()
    revoke_key(path, "Kim")
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_the_single_key_may_do_everything_beside_a_file(path: Path) -> None:
    """Its name is `key`."""
    write(path, entry())
    keyring = Keyring("sesame", path)
    found = keyring.find(b"sesame")
    assert found is not None
    assert (found.name, found.may) == ("key", Permission.ADMIN)
    assert keyring.find(b"k" * 30) is not None
    assert keyring.find(b"") is None


def test_an_empty_list_lets_nobody_in(path: Path) -> None:
    """A file without keys does not mean that no key is needed."""
    write(path)
    assert Keyring(None, path).needed
    assert not Keyring(None, None).needed


def test_a_gateway_reads_nothing() -> None:
    """Who may do what, as the table says."""
    assert GRANTS[Permission.INBOUND] == {Permission.INBOUND}
    assert GRANTS[Permission.READ] == {Permission.READ}
    assert Permission.ADMIN not in GRANTS[Permission.COORDINATE]
    assert GRANTS[Permission.ADMIN] == set(Permission)
