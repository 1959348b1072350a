from __future__ import annotations

import re
import zipfile

import pytest

from infra import packaging
from infra.places import ROOT

pytestmark = pytest.mark.plain


@pytest.fixture(scope="module")
def names(package):
    with zipfile.ZipFile(package.archive) as archive:
        return archive.namelist()


def test_the_same_inputs_give_the_same_bytes(package, tmp_path):
    again = packaging.build(tmp_path, vendored=False)

    assert again.digest == package.digest
    assert again.template == package.template


def test_every_module_is_there_compiled(names):
    sources = [name for name in names if name.endswith(".py")]
    compiled = {name for name in names if name.endswith(".pyc")}

    assert "chalicelib/settings.py" in sources
    assert len(compiled) == len(sources)


def test_chalice_is_there_at_run_time_and_its_tools_are_not(names):
    assert {name for name in names if name.startswith("chalice/") and name.endswith(".py")} == {
        "chalice/__init__.py",
        "chalice/app.py",
    }
    assert not [name for name in names if name.startswith(("pip/", "boto3/", "infra/", "tests/"))]


def test_templates_of_e_mails_are_there(names):
    assert "chalicelib/emails/templates/fr/welcome/body.html" in names


def test_what_browsers_are_served_is_beside_the_application(names):
    kept = {file.name for file in (ROOT / "clients" / "widget").iterdir() if file.is_file()}

    assert {f"clients/widget/{name}" for name in kept} == {n for n in names if n.startswith("clients/")}
    assert "clients/widget/v1.js" in names


USED = {
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


def test_the_archive_for_aws_holds_what_it_imports_and_little_else(tmp_path):
    built = packaging.build(tmp_path, vendored=True)

    with zipfile.ZipFile(built.archive) as archive:
        held = archive.namelist()
    services = {
        name.split("/")[2] for name in held if name.startswith("botocore/data/") and name.count("/") > 2
    }
    assert services == USED
    assert {"pydantic/main.py", "pynamodb/models.py", "jwt/api_jwt.py", "jinja2/environment.py"} <= set(held)
    assert not [name for name in held if name.startswith(("pip/", "boto3/", "moto/", "chalice/cli"))]
    sources = {name for name in held if name.endswith(".py")}
    assert sum(name.endswith(".pyc") for name in held) == len(sources)
    # what reads pictures is there, and not what writes letters on them
    assert {"PIL/Image.py", "PIL/ImageCms.py"} <= set(held)
    assert not [name for name in held if re.search(r"avif.*\.so|freetype|harfbuzz|_imagingft", name)]
    assert built.archive.stat().st_size < 23_000_000
