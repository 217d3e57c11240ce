"""Key files for tests."""

import json
from pathlib import Path

from app.access.keys import Permission, hash_of


def key_file(path: Path, *keys: tuple[str, Permission, str | None]) -> Path:
    """A key file with these keys; the name of each is the key too."""
    entries = [
        {"name": name, "key": hash_of(name.encode()), "may": may, "organization_id": organization_id}
        for name, may, organization_id in keys
    ]
    path.write_text(json.dumps(entries))
    return path


def by(name: str) -> dict[str, str]:
    """The header with the key of that name."""
    return {"authorization": f"Bearer {name}"}
