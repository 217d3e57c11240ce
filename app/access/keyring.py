"""The keys that are valid now: that of FANOUT_API_KEY, and those of the key file. A changed file is read again."""

import logging
from pathlib import Path

from app.access.key_file import KeyFileError, read_keys
from app.access.keys import ADMIN_KEY_NAME, ApiKey, Permission, hash_of, id_of
from app.errors import StartRefused

log = logging.getLogger("shift_fanout.keys")

_Stamp = tuple[int, int, int]


class Keyring:
    """Finds out whose key a request has."""

    def __init__(self, admin_key: str | None, path: Path | None) -> None:
        """`admin_key` None, or `path` None: there is none. Raises StartRefused if the file cannot be used."""
        self._admin: dict[str, ApiKey] = {}
        if admin_key is not None:
            hash_ = hash_of(admin_key.encode())
            self._admin = {hash_: ApiKey(name=ADMIN_KEY_NAME, may=Permission.ADMIN, id=id_of(hash_))}
        self._path = path
        self._keys = self._admin
        self._stamp: _Stamp | None = None
        #: Why the file could not be used the last time, and what its stamp was then; None: it could.
        self._failure: tuple[_Stamp | None, str] | None = None
        if path is not None:
            self._stamp = _stamp_of(path)
            try:
                self._read(path)
            except KeyFileError as exc:
                reason = f"FANOUT_API_KEYS: {exc.reason}"
                hint = "" if path.exists() else "; `shift-fanout keys add` creates it"
                raise StartRefused(reason + hint) from None

    @property
    def needed(self) -> bool:
        """Whether requests need a key at all."""
        return bool(self._admin) or self._path is not None

    def find(self, key: bytes) -> ApiKey | None:
        """Whose key this is; None if it is wrong.

        Looks at the file each time, which takes a few microseconds: a key that was revoked must end at once. Only
        hashes are compared, so the time that it takes says nothing about a right key.
        """
        if self._path is not None:
            self._read_if_changed(self._path)
        return self._keys.get(hash_of(key))

    def _read_if_changed(self, path: Path) -> None:
        stamp = _stamp_of(path)
        if stamp == self._stamp and self._failure is None:
            return
        try:
            self._read(path)
        except KeyFileError as exc:
            # It is tried again with the next request, although the stamp is the same: the file may be good, and the
            # process may have too many files open. Until then the old keys stay valid, a revoked one too.
            if self._failure != (stamp, exc.reason):
                self._failure = stamp, exc.reason
                log.error("keys.unusable the keys that were valid before stay valid: %s", exc.reason)
            return
        # That of before the file was read: a change meanwhile is noticed the next time.
        self._stamp, self._failure = stamp, None

    def _read(self, path: Path) -> None:
        self._keys = {**{one.key: one.record for one in read_keys(path)}, **self._admin}
        log.info("keys.loaded path=%s keys=%d", path, len(self._keys) - len(self._admin))


def _stamp_of(path: Path) -> _Stamp | None:
    """Changes when the file does; None while there is no file that can be read."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
