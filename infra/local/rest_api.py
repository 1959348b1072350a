"""The REST API as resources of its own, instead of an OpenAPI body.

The emulator's import of a body gives the API another address whenever a route changes, and ignores what
integrations answer, so that CORS preflights carry no headers.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_PROPERTIES = {
    "EndpointConfiguration", "StageName", "DefinitionBody", "MinimumCompressionSize", "GatewayResponses",
}  # fmt: skip
_INTEGRATION = {
    "httpMethod": "IntegrationHttpMethod",
    "uri": "Uri",
    "passthroughBehavior": "PassthroughBehavior",
    "contentHandling": "ContentHandling",
    "requestTemplates": "RequestTemplates",
}


class UnknownDeclarationError(Exception):
    """The API declares something that would be lost on the way: it must be translated here first."""


def exploded(logical_id: str, api: Mapping[str, Any], custom_id: str) -> dict[str, Any]:
    """The resources that an AWS::Serverless::Api with an OpenAPI body stands for, at a fixed address."""
    properties, ref = api["Properties"], {"Ref": logical_id}
    body = properties["DefinitionBody"]
    _require_known(properties, body)
    resources: dict[str, Any] = {logical_id: _rest_api(properties, body, custom_id)}
    for path, operations in sorted(body["paths"].items()):
        resources.update(_path(logical_id, path))
        for verb in _VERBS:
            if verb in operations:
                name = _name(logical_id, "Method", verb, path)
                resources[name] = _method(ref, _parent(logical_id, path), verb, operations[verb])
    resources.update(dict(_gateway_responses(logical_id, properties.get("GatewayResponses", {}))))
    deployed = [name for name in resources if name != logical_id]
    # a deployment is a picture of the API: it needs another name whenever the API changes
    digest = hashlib.sha256(repr(resources).encode()).hexdigest()[:8]
    deployment, stage = f"{logical_id}Deployment{digest}", properties["StageName"]
    resources[deployment] = {
        "Type": "AWS::ApiGateway::Deployment", "DependsOn": deployed, "Properties": {"RestApiId": ref},
    }  # fmt: skip
    resources[f"{logical_id}{stage}Stage"] = {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {"RestApiId": ref, "DeploymentId": {"Ref": deployment}, "StageName": stage},
    }
    return resources


def _require_known(properties: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    if unknown := set(properties) - _PROPERTIES:
        raise UnknownDeclarationError(f"of the API: {sorted(unknown)}")
    if "securityDefinitions" in body:
        raise UnknownDeclarationError("of the API: authorizers")


def _rest_api(properties: Mapping[str, Any], body: Mapping[str, Any], custom_id: str) -> dict[str, Any]:
    return {
        "Type": "AWS::ApiGateway::RestApi",
        "Properties": {
            "Name": body["info"]["title"],
            "EndpointConfiguration": {"Types": [properties["EndpointConfiguration"]]},
            "BinaryMediaTypes": body.get("x-amazon-apigateway-binary-media-types", []),
            "MinimumCompressionSize": properties["MinimumCompressionSize"],
            "Tags": [{"Key": "ms-custom-id", "Value": custom_id}],
        },
    }


def _path(logical_id: str, path: str) -> dict[str, Any]:
    segments = [segment for segment in path.split("/") if segment]
    return {
        _name(logical_id, "Path", *segments[: depth + 1]): {
            "Type": "AWS::ApiGateway::Resource",
            "Properties": {
                "RestApiId": {"Ref": logical_id},
                "ParentId": _parent(logical_id, "/".join(segments[:depth])),
                "PathPart": segment,
            },
        }
        for depth, segment in enumerate(segments)
    }


def _parent(logical_id: str, path: str) -> dict[str, Any]:
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        return {"Fn::GetAtt": [logical_id, "RootResourceId"]}
    return {"Ref": _name(logical_id, "Path", *segments)}


def _method(
    ref: Mapping[str, str], parent: Mapping[str, Any], verb: str, operation: Mapping[str, Any]
) -> dict[str, Any]:
    declared = operation["x-amazon-apigateway-integration"]
    answers = [
        (answer["statusCode"], answer.get("responseParameters", {}))
        for answer in declared.get("responses", {}).values()
    ]
    integration = {
        "Type": declared["type"].upper(),
        **{ours: declared[theirs] for theirs, ours in _INTEGRATION.items() if theirs in declared},
        "IntegrationResponses": [
            {"StatusCode": status, "ResponseParameters": headers} for status, headers in answers
        ],
    }
    allowed = [
        {"StatusCode": status, "ResponseParameters": dict.fromkeys(headers, False)}
        for status, headers in answers
    ]
    return {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": ref, "ResourceId": parent, "HttpMethod": verb.upper(), "AuthorizationType": "NONE",
            "Integration": integration, "MethodResponses": allowed,
        },
    }  # fmt: skip


def _gateway_responses(logical_id: str, declared: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind, response in declared.items():
        headers = response.get("ResponseParameters", {}).get("Headers", {}).items()
        properties = {
            "RestApiId": {"Ref": logical_id},
            "ResponseType": kind,
            "ResponseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers},
            "ResponseTemplates": response.get("ResponseTemplates", {}),
        }
        if "StatusCode" in response:
            properties["StatusCode"] = str(response["StatusCode"])
        yield _name(logical_id, kind), {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}


def _name(*parts: str) -> str:
    words = "".join(re.sub(r"[^A-Za-z0-9]", "", part.title()) for part in parts)
    return words[:80] + hashlib.sha256("/".join(parts).encode()).hexdigest()[:8]
