"""What the user pool knows of a person, beyond what their access token says."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.gateways import aws


class IdentityUnavailable(Exception):  # noqa: N818
    """The user pool does not answer, or no longer knows the token."""


def attributes_of(access_token: str) -> dict[str, str]:
    """The standard attributes (`email`, `name`, `locale`, …) of the person with this access token."""
    try:
        answer = aws.client("cognito-idp").get_user(AccessToken=access_token)
    except (BotoCoreError, ClientError) as failure:
        raise IdentityUnavailable from failure
    return {attribute["Name"]: attribute["Value"] for attribute in answer["UserAttributes"]}
