"""Editors' changes come in by git, and nothing that lies here is overwritten."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.pulling import PullError, pull

IDENTITY = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *IDENTITY, *words], check=True, capture_output=True)


def save(folder: Path, text: str) -> None:
    (folder / "rent.questions.txt").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-m", text)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "-b", "main")
    save(folder, "first")
    return folder


@pytest.fixture
def checkout(tmp_path: Path, origin: Path) -> Path:
    folder = tmp_path / "checkout"
    git(tmp_path, "clone", str(origin), str(folder))
    return folder


async def test_what_an_editor_saved_comes_in(origin: Path, checkout: Path) -> None:
    save(origin, "second")
    await pull(checkout)
    assert (checkout / "rent.questions.txt").read_text() == "second"


async def test_a_change_made_here_is_not_overwritten(origin: Path, checkout: Path) -> None:
    save(origin, "second")
    save(checkout, "made here")
    with pytest.raises(PullError):
        await pull(checkout)
    assert (checkout / "rent.questions.txt").read_text() == "made here"


async def test_a_folder_that_is_no_checkout_is_told(tmp_path: Path) -> None:
    with pytest.raises(PullError, match="git"):
        await pull(tmp_path)
