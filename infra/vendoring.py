"""What the functions import: made for their machine rather than for this one, and slimmed."""

from __future__ import annotations

import hashlib
import shutil
import sys
from typing import TYPE_CHECKING

from infra import archives
from infra.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = frozenset(
    {
        "apigatewaymanagementapi",
        "cognito-idp",
        "dynamodb",
        "events",
        "s3",
        "scheduler",
        "secretsmanager",
        "sesv2",
        "sqs",
        "sts",
    }
)
"""The AWS services that the application calls: botocore's descriptions of four hundred others stay out."""

_NEVER_IMPORTED = (
    *("bin", "*.dist-info/RECORD", "*.dist-info/sboms", "**/tests", "**/*.pyi"),
    # pictures are read as JPEG, PNG and WebP, and nothing is written on them: the rest of Pillow stays out
    *(f"PIL/_{part}.*.so" for part in ("avif", "imagingft", "imagingmath", "imagingmorph", "imagingtk")),
    *(f"pillow.libs/lib{name}*" for name in ("avif", "brotli", "freetype", "harfbuzz", "png")),
)


def libraries(cache: Path) -> Path:
    """A folder with everything in requirements.txt, made once per lock; raises PackagingError."""
    lock = (ROOT / "requirements.txt").read_bytes()
    recipe = repr((sorted(SERVICES), _NEVER_IMPORTED, sys.version_info[:2])).encode()
    folder = cache / f"libraries-{hashlib.sha256(lock + recipe).hexdigest()[:16]}"
    if not folder.exists():
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _install(unfinished)
        _slim(unfinished)
        archives.compile_tree(unfinished)
        unfinished.rename(folder)
    return folder


def _install(target: Path) -> None:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    machine = ("--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64")
    archives.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--no-deps", "--no-compile", "--only-binary", ":all:"),
            *("--implementation", "cp", "--python-version", python, *machine),
            *("--target", str(target), "-r", str(ROOT / "requirements.txt")),
        ],
        cwd=ROOT,
        env={},
    )


def _slim(tree: Path) -> None:
    for pattern in _NEVER_IMPORTED:
        for found in sorted(tree.glob(pattern)):
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    for service in (tree / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
