"""Reads and writes the file of hashed keys, FANOUT_API_KEYS: a JSON list of keys."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from app.access.keys import RESERVED_NAMES, ApiKey, Permission, hash_of, id_of
from app.errors import ShiftFanoutError
from app.intake.errors import describe_errors
from app.intake.fields import Id, Name

#: Begins every key, so that programs that look for leaked secrets can find it.
_KEY_PREFIX = "fanout_"
_KEY_BYTES = 32


class KeyFileError(ShiftFanoutError):
    """The key file cannot be used. `reason` is one line without any part of a hash."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the key file {str(path)!r}: {reason}")
        self.reason = str(self)


def _not_reserved(name: str) -> str:
    if name.casefold() in RESERVED_NAMES:
        raise ValueError("this name is reserved; choose another")
    return name


class KeyEntry(BaseModel):
    """One key in the file. `key`: its hash."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name, AfterValidator(_not_reserved)]
    key: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    organization_id: Id | None = None
    may: Permission

    @property
    def record(self) -> ApiKey:
        """The key without its hash."""
        return ApiKey(name=self.name, may=self.may, organization_id=self.organization_id, id=id_of(self.key))


def read_keys(path: Path) -> list[KeyEntry]:
    """The keys in the file. Raises KeyFileError if it cannot be read, or has something wrong in it."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as exc:
        raise KeyFileError(path, f"cannot be read: {exc.strerror}") from None
    except (ValueError, RecursionError):
        raise KeyFileError(path, "is not JSON in UTF-8") from None
    if not isinstance(content, list):
        raise KeyFileError(path, "must be a JSON list of keys")
    entries: list[KeyEntry] = []
    for number, one in enumerate(content, 1):
        try:
            entry = KeyEntry.model_validate(one)
        except ValidationError as exc:
            raise KeyFileError(path, f"key {number}: {describe_errors(exc)}") from None
        for earlier in entries:
            if earlier.name == entry.name:
                raise KeyFileError(path, f"key {number}: there are two keys with the name {entry.name!r}")
            if earlier.key == entry.key:
                raise KeyFileError(path, f"key {number}: {earlier.name!r} and {entry.name!r} are the same key")
        entries.append(entry)
    return entries


def add_key(path: Path, name: str, organization_id: str | None, may: Permission) -> str:
    """Add a key to the file, which is created if it does not exist; returns the key, which is stored nowhere.

    Raises KeyFileError, and changes nothing, if the name is taken or wrong, or the file cannot be used.
    """
    key = _KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    try:
        entry = KeyEntry(name=name, key=hash_of(key.encode()), organization_id=organization_id, may=may)
    except ValidationError as exc:
        raise KeyFileError(path, f"nothing was added: {describe_errors(exc)}") from None
    with _Rewriting(path) as file:
        entries = read_keys(path) if path.exists() else []
        if any(one.name == entry.name for one in entries):
            raise KeyFileError(path, f"there is a key with the name {entry.name!r} already")
        file.write([*entries, entry])
    return key


def revoke_key(path: Path, name: str) -> None:
    """Remove the key with that name. Raises KeyFileError, and changes nothing, if there is none."""
    with _Rewriting(path) as file:
        entries = read_keys(path)
        left = [one for one in entries if one.name != name]
        if len(left) == len(entries):
            raise KeyFileError(path, f"there is no key with the name {name!r}")
        file.write(left)


class _Rewriting:
    """Replaces the file in one step: a reader finds the old keys or the new ones.

    The new file stands beside it under another name until then. While that name exists, nobody else may write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._new = self._path.with_name(self._path.name + ".new")
        self._descriptor = -1

    def __enter__(self) -> "_Rewriting":
        try:
            self._descriptor = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            reason = f"another command is changing it; if none runs, delete {str(self._new)!r}"
            raise KeyFileError(self._path, reason) from None
        except OSError as exc:
            raise KeyFileError(self._path, f"cannot be written: {exc.strerror}") from None
        return self

    def write(self, entries: Iterable[KeyEntry]) -> None:
        """Put these keys in place of the old ones."""
        rows = [one.model_dump(mode="json") for one in entries]
        try:
            with os.fdopen(self._descriptor, "w", encoding="utf-8") as file:
                self._descriptor = -1
                file.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
                file.flush()
                self._keep_owner(file.fileno())
                os.fsync(file.fileno())
            self._new.replace(self._path)
        except OSError as exc:
            raise KeyFileError(self._path, f"cannot be written: {exc.strerror}") from None

    def _keep_owner(self, new: int) -> None:
        """Give the new file to the owner of the old one, with its mode.

        Otherwise the service could not read what root has changed, and a revoked key would stay valid.
        """
        if not self._path.exists() or not hasattr(os, "fchown"):
            return
        old = self._path.stat()
        if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(new, old.st_uid, old.st_gid)
        os.fchmod(new, old.st_mode & 0o777)

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._new.unlink(missing_ok=True)
