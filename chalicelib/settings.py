from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one deployed tenant is told by its template; the only reader of the environment.

    Every value has a default, so that packaging and tools can import the application with no environment.
    """

    tenant: str
    region: str
    community_table: str
    messages_table: str
    journal_table: str
    live_table: str
    event_bus: str
    user_pool_id: str
    user_pool_client_id: str
    user_pool_jwks_url: str
    trusted_issuers: tuple[Mapping[str, Any], ...]
    """Further issuers whose tokens are accepted, each `{issuer, audience, jwks_url}`."""
    signing_secret: str
    """Name or ARN of the secret that signs cursors and links."""
    mail_sender: str
    """Address that e-mails are sent from; its domain is the tenant's."""
    public_url: str
    """Where the API is reached from outside, without a trailing slash."""
    live_endpoint: str
    """Endpoint of the WebSocket callback API, or empty to derive it from each event."""
    live_url: str
    """Where clients open the WebSocket."""
    files_bucket: str
    """Where the files are that people send, and those that are shown to them."""
    files_endpoint: str
    """Where people reach that bucket, when that is not AWS."""
    deliveries_queue: str
    """Address of the queue whose workers tell frames to live connections."""
    account_request_rate: int
    """This tenant's part of the requests a second that API Gateway takes from the account."""
    timers_queue: str
    """URL of the queue that timers ring in."""
    timers_queue_arn: str
    timers_group: str
    """Where the schedules of timers are kept."""
    timers_role: str
    """What the scheduler acts as when a timer rings."""
    log_level: str
    clock_ahead: float
    """Seconds that the clock is ahead, for rehearsals of what takes days: no deployment of ours sets it."""

    @property
    def user_pool_issuer(self) -> str:
        """The `iss` of the tenant's own user pool."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings from an environment; raises ValueError on malformed JSON."""

        def value(name: str, default: str = "") -> str:
            return environ.get(name, default)

        return cls(
            tenant=value("TENANT", "local"),
            region=value("AWS_REGION", value("AWS_DEFAULT_REGION", "eu-west-3")),
            community_table=value("COMMUNITY_TABLE", "community"),
            messages_table=value("MESSAGES_TABLE", "messages"),
            journal_table=value("JOURNAL_TABLE", "journal"),
            live_table=value("LIVE_TABLE", "live"),
            event_bus=value("EVENT_BUS", "entraide"),
            user_pool_id=value("USER_POOL_ID"),
            user_pool_client_id=value("USER_POOL_CLIENT_ID"),
            user_pool_jwks_url=_jwks_url(environ),
            trusted_issuers=tuple(json.loads(value("TRUSTED_ISSUERS", "[]"))),
            signing_secret=value("SIGNING_SECRET", "entraide/signing"),
            mail_sender=value("MAIL_SENDER", "bonjour@example.org"),
            public_url=value("PUBLIC_URL", "http://localhost:8000").rstrip("/"),
            live_endpoint=value("LIVE_ENDPOINT"),
            live_url=re.sub("^http", "ws", value("LIVE_URL", "ws://localhost:8000/ws")),
            files_bucket=value("FILES_BUCKET", "files"),
            files_endpoint=value("FILES_ENDPOINT").rstrip("/"),
            deliveries_queue=value("DELIVERIES_QUEUE"),
            account_request_rate=int(value("ACCOUNT_REQUEST_RATE", "10000")),
            timers_queue=value("TIMERS_QUEUE"),
            timers_queue_arn=value("TIMERS_QUEUE_ARN"),
            timers_group=value("TIMERS_GROUP", "default"),
            timers_role=value("TIMERS_ROLE"),
            log_level=value("LOG_LEVEL", "INFO"),
            clock_ahead=float(value("CLOCK_AHEAD", "0")),
        )


def _jwks_url(environ: Mapping[str, str]) -> str:
    """The user pool's keys: beside its issuer on AWS, on the AWS endpoint itself in the local cloud."""
    pool = environ.get("USER_POOL_ID", "")
    region = environ.get("AWS_REGION", environ.get("AWS_DEFAULT_REGION", "eu-west-3"))
    base = environ.get("AWS_ENDPOINT_URL", f"https://cognito-idp.{region}.amazonaws.com")
    return f"{base.rstrip('/')}/{pool}/.well-known/jwks.json"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings.from_environment(os.environ)
