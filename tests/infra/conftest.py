from __future__ import annotations

import pytest

from infra import packaging


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return packaging.build(tmp_path_factory.mktemp("package"), vendored=False)


@pytest.fixture(scope="session")
def resources(package):
    return package.template["Resources"]


@pytest.fixture(scope="session")
def of_type(resources):
    def chosen(kind):
        return {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}

    return chosen
