"""What Chalice packages + `infra/template/*.yaml` = the template that every tenant is deployed from."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any

import yaml

from infra import consumers
from infra.places import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDER = "replaced-by-the-template"
_PER_CONSUMER = "consumer.yaml"


class IncompleteTemplateError(Exception):
    """Something of the application is not dressed: what, and where to say it."""


def assemble(packaged: Mapping[str, Any]) -> dict[str, Any]:
    """The whole template; raises IncompleteTemplateError when a function was forgotten."""
    template = {**packaged, "Outputs": {}}
    for page in sorted(TEMPLATE.glob("*.yaml")):
        if page.name != _PER_CONSUMER:
            template = merged(template, yaml.safe_load(page.read_text("utf-8")))
    for consumer in consumers.packaged(packaged):
        template = merged(template, consumer.resources())
    _require_complete(template)
    return _redeploying_websocket(template)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both, `over` winning; an intrinsic such as {Ref: X} replaces another instead of joining it."""
    result = {**base}
    for key, value in over.items():
        held = result.get(key)
        if isinstance(held, dict) and isinstance(value, dict) and not (_is_intrinsic(held | value)):
            result[key] = merged(held, value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def _is_intrinsic(value: Mapping[str, Any]) -> bool:
    return any(key == "Ref" or key.startswith("Fn::") for key in value)


def minified(template: Mapping[str, Any]) -> str:
    """The template as CloudFormation is given it: it takes 1 MB at most."""
    return json.dumps(template, separators=(",", ":"), sort_keys=True)


def _redeploying_websocket(template: dict[str, Any]) -> dict[str, Any]:
    """Name the WebSocket's deployment after its routes: under one fixed name, new ones are never deployed."""
    resources = template["Resources"]
    kinds = ("AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration")
    routes = {name: resource for name, resource in resources.items() if resource["Type"] in kinds}
    digest = hashlib.sha256(json.dumps(routes, sort_keys=True).encode()).hexdigest()[:8]
    old, new = '"WebsocketAPIDeployment"', f'"WebsocketAPIDeployment{digest}"'
    renamed: dict[str, Any] = json.loads(json.dumps(template).replace(old, new))
    return renamed


def _require_complete(template: Mapping[str, Any]) -> None:
    for name, resource in template["Resources"].items():
        if "Type" not in resource:
            raise IncompleteTemplateError(f"{name}: infra/template knows it, the application does not")
        if PLACEHOLDER in json.dumps(resource):
            raise IncompleteTemplateError(f"{name}: say its role, and what it reads, in functions.yaml")
