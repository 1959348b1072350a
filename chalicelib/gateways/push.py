from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.gateways import aws
from chalicelib.settings import settings


def send(connection_id: str, frame: dict[str, Any], *, api_id: str, stage: str) -> bool:
    """Send a frame to one live connection; False when it is gone.

    Connections are reached at their API's own address, even where people reach it at a domain of the
    tenant's, unless the settings name another endpoint.
    """
    known = settings()
    endpoint = known.live_endpoint or f"https://{api_id}.execute-api.{known.region}.amazonaws.com/{stage}"
    client = aws.client("apigatewaymanagementapi", endpoint)
    try:
        client.post_to_connection(
            ConnectionId=connection_id, Data=json.dumps(frame, ensure_ascii=False).encode()
        )
    except ClientError as failure:
        if failure.response["Error"]["Code"] == "GoneException":
            return False
        raise
    return True
