"""Puts a package into the local cloud: the template that AWS is given, localised."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.localise import Place, localised, times_to_live
from infra.local.process import ACCOUNT, REGION, LocalCloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.packaging import Package

STACK = "entraide-local"
_BUCKET = "entraide-artifacts"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_MAIL_DOMAIN = "entraide.localhost"


@cache
def client(service: str, control_port: int) -> Any:
    """The client of one of the local cloud's services."""
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{control_port}",
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106 - any will do
        config=Config(s3={"addressing_style": "path"}, retries={"mode": "standard"}),
    )


def parameters(port: int) -> dict[str, str]:
    """What the local tenant is told; the rest is as by default."""
    return {
        "Tenant": "local",
        "PublicUrl": f"http://localhost:{port}",
        "MailSender": f"bonjour@{_MAIL_DOMAIN}",
        "MailDomain": _MAIL_DOMAIN,
        "Protected": "false",
    }


def deploy(package: Package, port: int, control_port: int) -> None:
    """Create or update the stack; raises LocalCloudError with what failed."""
    s3 = client("s3", control_port)
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    key = f"{package.digest}.zip"
    s3.put_object(Bucket=_BUCKET, Key=key, Body=package.archive.read_bytes())
    template = localised(package.template, Place(control_port, _BUCKET, key))
    s3.put_object(Bucket=_BUCKET, Key="template.json", Body=json.dumps(template))
    _create_or_update(f"http://127.0.0.1:{control_port}/{_BUCKET}/template.json", port, control_port)
    _apply_times_to_live(template, control_port)


def _create_or_update(url: str, port: int, control_port: int) -> None:
    cloudformation = client("cloudformation", control_port)
    action = cloudformation.update_stack if exists(control_port) else cloudformation.create_stack
    try:
        action(
            StackName=STACK,
            TemplateURL=url,
            Capabilities=_CAPABILITIES,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters(port).items()],
        )
    except ClientError as refused:
        if "No updates" not in str(refused):
            raise LocalCloudError(f"The template was refused: {refused}") from refused
    while (stack := _described(control_port))["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.1)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        failed = [
            f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
            if "FAILED" in event["ResourceStatus"]
        ]
        raise LocalCloudError("\n".join([f"The stack is {stack['StackStatus']}:", *failed]))


def exists(control_port: int) -> bool:
    """Whether the stack was ever deployed here."""
    try:
        _described(control_port)
    except ClientError:
        return False
    return True


def outputs(control_port: int) -> Mapping[str, str]:
    """What the stack says of itself."""
    return {output["OutputKey"]: output["OutputValue"] for output in _described(control_port)["Outputs"]}


def _described(control_port: int) -> Mapping[str, Any]:
    answer = client("cloudformation", control_port).describe_stacks(StackName=STACK)
    described: Mapping[str, Any] = answer["Stacks"][0]
    return described


def _apply_times_to_live(template: Mapping[str, Any], control_port: int) -> None:
    dynamodb = client("dynamodb", control_port)
    names = outputs(control_port)
    for logical_id, specification in times_to_live(template).items():
        known = dynamodb.describe_time_to_live(TableName=names[logical_id])["TimeToLiveDescription"]
        if known["TimeToLiveStatus"] == "DISABLED":
            dynamodb.update_time_to_live(TableName=names[logical_id], TimeToLiveSpecification=specification)
