"""People of the local community: signed up and signed in without a mail ever being opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSWORD = "entraide-sur-ma-machine"  # noqa: S105 - of demonstration accounts, on this machine only
DOMAIN = "entraide.localhost"


class People:
    """The user pool, as an operator of this machine sees it. A person is named by what precedes their @."""

    def __init__(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        self._cognito, self._pool, self._client = cognito, user_pool_id, client_id

    def sign_up(
        self,
        username: str,
        name: str,
        *,
        locale: str = "fr",
        zone: str = "Europe/Paris",
        groups: Iterable[str] = (),
    ) -> None:
        """Make an account that is confirmed, in these groups; someone already there is brought up to date."""
        email = email_of(username)
        attributes = [
            {"Name": key, "Value": value}
            for key, value in {
                "email": email, "email_verified": "true", "name": name, "locale": locale, "zoneinfo": zone,
            }.items()
        ]  # fmt: skip
        try:
            self._cognito.admin_create_user(
                UserPoolId=self._pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
            )
        except self._cognito.exceptions.UsernameExistsException:
            self._cognito.admin_update_user_attributes(
                UserPoolId=self._pool, Username=email, UserAttributes=attributes
            )
        self._cognito.admin_set_user_password(
            UserPoolId=self._pool, Username=email, Password=PASSWORD, Permanent=True
        )
        for group in groups:
            self._cognito.admin_add_user_to_group(UserPoolId=self._pool, Username=email, GroupName=group)

    def token(self, username: str) -> str:
        """An access token of this person; raises NobodyError."""
        failures = self._cognito.exceptions
        try:
            answer = self._cognito.initiate_auth(
                ClientId=self._client,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email_of(username), "PASSWORD": PASSWORD},
            )
        except (failures.UserNotFoundException, failures.NotAuthorizedException) as unknown:
            raise NobodyError(f"Nobody is called {username} here.") from unknown
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token

    def everyone(self) -> dict[str, str]:
        """Each person's username and name."""
        pages = self._cognito.get_paginator("list_users").paginate(UserPoolId=self._pool)
        found = (_attributes(user) for page in pages for user in page["Users"])
        known = {user["email"].removesuffix(f"@{DOMAIN}"): user.get("name", "") for user in found}
        return dict(sorted(known.items()))


class NobodyError(Exception):
    """There is no such person."""


def email_of(username: str) -> str:
    """The address of a person; an address is left as it is."""
    return username if "@" in username else f"{username}@{DOMAIN}"


def _attributes(user: dict[str, Any]) -> dict[str, str]:
    return {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
