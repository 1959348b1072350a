"""Folders of Python made into archives that do not depend on when, where or by whom."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)


class PackagingError(Exception):
    """The application could not be packaged: what the tool that failed said."""


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> None:
    """Run a tool in silence; raises PackagingError with its words when it fails."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PackagingError((done.stdout + done.stderr).strip())


def compile_tree(tree: Path) -> None:
    """Put the compiled form of every module beside it, valid whatever the time on the files."""
    mode = ("--invalidation-mode", "unchecked-hash")
    places = ("-s", str(tree), "-p", "/var/task", str(tree))
    # sets of constants are written in hash order
    run([sys.executable, "-m", "compileall", "-q", *mode, *places], cwd=tree, env={"PYTHONHASHSEED": "0"})


def write_archive(tree: Path, target: Path) -> Path:
    """Zip a folder so that the same files give the same bytes: sorted names, no times, no owners."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files_of(tree):
            entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return target


def files_of(tree: Path) -> list[Path]:
    """Every file under a folder, sorted."""
    return sorted(file for file in tree.rglob("*") if file.is_file())
