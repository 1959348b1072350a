"""One botocore session for the whole process, and each service's client created on first use."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from chalicelib.settings import settings


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str, endpoint: str | None = None, *, is_patient: bool = True) -> Any:
    """The client of an AWS service, at an endpoint of its own if told so, shared by the whole process.

    A session or a client of one's own costs tens of milliseconds and megabytes at every cold start. One that
    is not patient tries once, and waits two seconds at most: its caller has something better to do.
    """
    # parameters are built by PynamoDB and by our own gateways: validating them again is pure cost
    config = Config(
        parameter_validation=False,
        connect_timeout=2,
        read_timeout=10 if is_patient else 2,
        max_pool_connections=20,
        retries={"mode": "standard", "total_max_attempts": 4 if is_patient else 1},
        # what is signed for others names the bucket's own host, in its region: from there nobody is sent on
        s3={"addressing_style": "path" if endpoint else "virtual"},
        signature_version="s3v4" if service == "s3" else None,
    )
    return _session().create_client(
        service, region_name=settings().region, endpoint_url=endpoint, config=config
    )


def credentials() -> Any:
    """The credentials at hand, as they are now: `access_key`, `secret_key` and `token`."""
    return _session().get_credentials().get_frozen_credentials()
