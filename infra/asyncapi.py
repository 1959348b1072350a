"""What both AsyncAPI documents begin with."""

from __future__ import annotations

from typing import Any


def head(title: str, *, version: str, rules: str, server: dict[str, Any]) -> dict[str, Any]:
    """The document's own members; its channels, operations and components come after."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": version, "description": rules, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "servers": {"tenant": server},
    }
