from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The repository."""

TEMPLATE = ROOT / "infra" / "template"
LOCAL_DATA = ROOT / "var" / "local"
BUILD = ROOT / "var" / "build"
CLOUD_PYTHON = ROOT / "var" / "cloud" / "bin" / "python"
"""The interpreter of the embedded cloud, which has a virtual environment of its own."""

DOCS = ROOT / "docs" / "reference"
DEMO = ROOT / "clients" / "demo"

STAGE = "tenant"
"""The Chalice stage that is packaged: the only one, every tenant is deployed from it."""
