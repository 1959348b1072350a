"""The template that AWS is given → the same one as the emulator takes it. Pure: no file, no network."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.local import rest_api

if TYPE_CHECKING:
    from collections.abc import Mapping

REST_ID = "entraiderest"
LIVE_ID = "entraidelive"
FILES = "entraide-files"
"""Fixed addresses, so that URLs survive restarts and new routes."""

REPLACED = {
    "AWS::Serverless::Api": "by its own resources: see rest_api.py",
    "AWS::ApiGatewayV2::Deployment": "by AutoDeploy on the stage",
    "AWS::S3::BucketPolicy": "by nothing: it keeps out whoever comes without TLS, which is everyone here",
}
"""The resources that the emulator cannot take as they are, by name: any other that it refuses must fail."""


@dataclass(frozen=True)
class Place:
    """Where the emulator runs, and where the code was put in it."""

    control_port: int
    bucket: str
    key: str


def localised(template: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The template for the emulator."""
    local = copy.deepcopy(dict(template))
    resources: dict[str, Any] = {}
    for name, resource in local["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Api":
            resources.update(rest_api.exploded(name, resource, REST_ID))
        elif resource["Type"] not in REPLACED:
            resources[name] = _adapted(resource, place)
    local["Resources"] = resources
    endpoint = f"http://127.0.0.1:{place.control_port}/_aws/execute-api/{LIVE_ID}/api"
    variables = local["Globals"]["Function"]["Environment"]["Variables"]
    variables["LIVE_ENDPOINT"] = endpoint
    variables["FILES_ENDPOINT"] = {"Ref": "PublicUrl"}  # the front serves the bucket, too
    variables["LIVE_URL"] = {"Fn::Sub": "${PublicUrl}/ws"}  # its settings say it as a WebSocket's
    return local


def _adapted(resource: dict[str, Any], place: Place) -> dict[str, Any]:
    properties = resource.setdefault("Properties", {})
    match resource["Type"]:
        case "AWS::Serverless::Function":
            properties["CodeUri"] = f"s3://{place.bucket}/{place.key}"
        case "AWS::ApiGatewayV2::Stage":
            del properties["DeploymentId"]
            properties["AutoDeploy"] = True
        case "AWS::ApiGatewayV2::Api":
            properties.setdefault("Tags", {})["ms-custom-id"] = LIVE_ID
        case "AWS::S3::Bucket":
            properties["BucketName"] = FILES
        case "AWS::IAM::Role":
            for policy in properties["Policies"]:
                _widen(policy["PolicyDocument"])
        case "AWS::IAM::Policy":
            _widen(properties["PolicyDocument"])
    for event in properties.get("Events", {}).values():
        if event["Type"] == "DynamoDB":
            # the emulator retries a poisoned batch for ever and holds up the stream: only age ends it
            event["Properties"]["MaximumRecordAgeInSeconds"] = 60
    return resource


def _widen(document: Mapping[str, Any]) -> None:
    """What the emulator refuses where roles are enforced, and AWS allows."""
    for statement in document["Statement"]:
        actions = statement["Action"]
        if "ses:SendEmail" in actions:  # it knows neither the resource nor the sender of a message
            statement["Resource"] = "*"
            del statement["Condition"]
        elif actions == "sqs:SendMessage":  # on AWS that is the right to send ten at once, too
            statement["Action"] = [actions, "sqs:SendMessageBatch"]
        elif "scheduler:CreateSchedule" in actions:  # it takes each schedule to be in the default group
            group = "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/default/*"
            statement["Resource"] = {"Fn::Sub": group}


def times_to_live(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The time to live of each table that has one: the emulator's CloudFormation ignores it."""
    return {
        name: resource["Properties"]["TimeToLiveSpecification"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::Table"
        and "AttributeName" in resource["Properties"].get("TimeToLiveSpecification", {})
    }
