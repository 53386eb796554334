"""The files around the program: one version everywhere, and line ends that every clone keeps."""

import io
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from mnist import __version__
from mnist.files import ROOT


def test_the_image_and_the_changelog_have_the_projects_version() -> None:
    assert f"ARG VERSION={__version__}\n" in (ROOT / "Dockerfile").read_text("utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == __version__
    assert versions == sorted(versions, reverse=True)


def test_an_environment_that_could_not_be_made_is_made_anew_the_next_time(tmp_path: Path) -> None:
    """Debian's Python without its package python3-venv leaves one that has no pip."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("Makefile", "requirements.txt", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python-without-venv"
    python.write_text('#!/bin/sh\ntest "$1" = -c && exit\nmkdir -p .venv/bin && cp "$0" .venv/bin/python\nexit 1\n')
    python.chmod(0o755)
    command = ["make", f"PYTHON={python}", ".venv/run"]
    made = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode
    assert "installing" not in made.stdout
    assert not (tmp_path / ".venv").exists()


def test_with_git_for_windows_the_entrypoint_keeps_its_line_ends() -> None:
    """As a clone with its default setting writes the files, or the image's entrypoint would not start."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    command = ["git", "-c", "core.autocrlf=true", "archive", "HEAD", "entrypoint.sh", "compose.yaml", ".gitattributes"]
    content = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        files = [archive.extractfile(member) for member in archive.getmembers()]
        assert not any(b"\r" in file.read() for file in files if file is not None)
