"""The one artifact: code, what it imports, and the template; the same inputs give the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra import archives, assembly, vendoring
from infra.places import BUILD, ROOT, STAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CLIENTS = "clients/widget"
"""What the application serves to browsers: beside it, not in it, there as here."""

_SOURCES = ("app.py", "chalicelib", ".chalice/config.json")


@dataclass(frozen=True)
class Package:
    """What is deployed."""

    template: Mapping[str, Any]
    archive: Path
    unpacked_size: int

    @property
    def size(self) -> int:
        """Bytes of the archive."""
        return self.archive.stat().st_size

    @property
    def digest(self) -> str:
        """SHA-256 of the archive: the name of this build."""
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()


def build(out: Path, *, vendored: bool) -> Package:
    """Package the application into a folder, which is emptied first.

    With `vendored` the archive holds all that it imports, as on AWS; without, the code alone, to be run by an
    interpreter that has the rest. Raises PackagingError, or IncompleteTemplateError.
    """
    shutil.rmtree(out, ignore_errors=True)
    packaged = _chalice_package(_staged(out / "source"), out / "chalice")
    tree = out / "tree"
    with zipfile.ZipFile(out / "chalice" / "deployment.zip") as archive:
        archive.extractall(tree)
    shutil.copytree(ROOT / _CLIENTS, tree / _CLIENTS)
    archives.compile_tree(tree)
    if vendored:
        shutil.copytree(vendoring.libraries(BUILD), tree, dirs_exist_ok=True)
    template = assembly.assemble(packaged)
    (out / "template.json").write_text(assembly.minified(template), "utf-8")
    unpacked = sum(file.stat().st_size for file in archives.files_of(tree))
    return Package(template, archives.write_archive(tree, out / "code.zip"), unpacked)


def _staged(stage: Path) -> Path:
    for name in _SOURCES:
        source, target = ROOT / name, stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    # Chalice would resolve them at every build and take pip along: vendoring does it once per lock
    (stage / "requirements.txt").touch()
    return stage


def _chalice_package(stage: Path, out: Path) -> dict[str, Any]:
    # the region is asked for and changes nothing in what is written
    command = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())"]
    archives.run(
        [*command, "package", "--stage", STAGE, str(out)], cwd=stage, env={"AWS_DEFAULT_REGION": "eu-west-3"}
    )
    packaged: dict[str, Any] = json.loads((out / "sam.json").read_text("utf-8"))
    return packaged
