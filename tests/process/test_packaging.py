"""What the wheel and the container image contain."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from processes import ROOT, server

from app.settings import SAMPLE_DATA

UV = os.environ.get("UV") or shutil.which("uv")


@pytest.mark.skipif(UV is None, reason="needs uv: install it to build the wheel")
def test_a_wheel_serves_the_sample_data(tmp_path: Path) -> None:
    """`uv build --wheel` puts the sample data into the package, and the service loads it from there."""
    assert UV is not None
    built = subprocess.run(
        [UV, "build", "--wheel", "--offline", "--out-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    packaged = tmp_path / "installed" / "app" / "sample_data.json"
    assert packaged.read_bytes() == SAMPLE_DATA.read_bytes()
    # -P keeps the checkout, in which the process starts, out of the import path.
    with server(
        tmp_path / "log",
        lambda port: [sys.executable, "-P", "-m", "app", "serve", "--port", str(port)],
        PYTHONPATH=str(tmp_path / "installed"),
    ) as running:
        assert len(httpx.get(running.url + "/shifts").json()["items"]) == 5
        assert f"path={packaged}" in running.log


def test_the_sample_data_of_a_checkout_is_the_file_at_its_root() -> None:
    """The package has a link to the file, so that there is one file to edit."""
    assert ROOT / "sample_data.json" == SAMPLE_DATA
    assert (ROOT / "app" / "sample_data.json").read_bytes() == SAMPLE_DATA.read_bytes()


def test_the_image_takes_nothing_that_git_ignores() -> None:
    """The image must not get a local .venv, which it would use instead of building its own."""
    ignored = [line for line in (ROOT / ".gitignore").read_text().splitlines() if line and not line.startswith("#")]
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert ".venv/" in ignored
    # Docker looks only at the root unless a pattern begins with `**/`.
    assert [line for line in ignored if f"**/{line.rstrip('/')}" not in left_out] == []
