"""The one artifact that every tenant is deployed from."""

from __future__ import annotations

from pathlib import Path

import click

from infra import assembly, packaging
from infra.archives import PackagingError
from infra.places import BUILD


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=BUILD / "package", help="Emptied first.")
@click.option("--quick", is_flag=True, help="The code alone, without what it imports.")
def package(out: Path, *, quick: bool) -> None:
    """Build the archive and the template; the same inputs give the same bytes."""
    try:
        built = packaging.build(out, vendored=not quick)
    except (PackagingError, assembly.IncompleteTemplateError) as failure:
        raise click.ClickException(str(failure)) from failure
    template = len(assembly.minified(built.template)) / 1000
    click.echo(f"{built.archive}: {_megabytes(built.size)}, {_megabytes(built.unpacked_size)} unpacked")
    click.echo(f"{out / 'template.json'}: {template:.0f} kB, {len(built.template['Resources'])} resources")
    click.echo(f"sha256 {built.digest}")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
