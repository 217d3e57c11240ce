"""Pins every package of the dependency tree to its newest version, in pyproject.toml.

Run by `just pin`. The lock file is not committed, because it records where packages were downloaded from.
"""

import re
import subprocess
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
_LIST = re.compile(r"^constraint-dependencies = \[[^\]]*\]", re.MULTILINE)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+==[^ ;]+)")


def main() -> None:
    """Resolve without the old pins and write the new ones. Restores the file and raises if `uv` fails."""
    text = PYPROJECT.read_text()
    PYPROJECT.write_text(_LIST.sub("constraint-dependencies = []", text))
    try:
        subprocess.run(["uv", "lock", "--upgrade"], cwd=PYPROJECT.parent, check=True)
        export = ["uv", "export", "--frozen", "--all-extras", "--all-groups", "--no-hashes", "--no-emit-project"]
        exported = subprocess.run(export, cwd=PYPROJECT.parent, check=True, capture_output=True, text=True).stdout
    except subprocess.CalledProcessError:
        PYPROJECT.write_text(text)
        raise
    pins = sorted({found.group(1) for line in exported.splitlines() if (found := _PINNED.match(line))})
    listed = "".join(f'    "{pin}",\n' for pin in pins)
    PYPROJECT.write_text(_LIST.sub(f"constraint-dependencies = [\n{listed}]", text))


if __name__ == "__main__":
    main()
