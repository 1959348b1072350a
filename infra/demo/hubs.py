from __future__ import annotations

from typing import TYPE_CHECKING

from infra.demo.client import key_of

if TYPE_CHECKING:
    from infra.demo.cast import Organization, Salon
    from infra.demo.client import Client

_PINGS_A_DAY = 5


class Hub:
    """An organization of the demonstration, brought to what is told of it.

    Only what is missing is added: what someone decided there since is left as it is.
    """

    def __init__(self, client: Client, told: Organization, member_ids: dict[str, str]) -> None:
        self.told = told
        self.member_ids = member_ids
        """Everyone's, by username: known once they follow somewhere."""
        self.id = ""
        self._client = client
        self._salon_ids: dict[str, str] = {}
        self._voiceless: set[str] = set()

    @property
    def path(self) -> str:
        """Where the organization is in the API."""
        return f"/organizations/{self.id}"

    def open(self) -> None:
        """Have the organization."""
        owner = self.told.the("owner")
        self.id = self._found(owner) or self._created(owner)

    def prepare(self) -> None:
        """Have someone who welcomes, and every salon: the people come after."""
        owner, manager = self.told.the("owner"), self.told.the("community_manager")
        for username in (owner, manager):
            self.welcome(username)
        self.give_role(manager)
        self._name(manager, by=owner)
        self._open_salons(manager)

    def welcome(self, username: str) -> None:
        """Have someone follow and introduce themself."""
        follower = self.told.people[username]
        answer = self._client.call("PUT", f"{self.path}/follow", by=username)
        membership = answer.json()
        self.member_ids[username] = membership["member_id"]
        if (membership["role"], membership["voice"]) == ("none", "member"):
            self._voiceless.add(username)
        if not membership["story"]:
            self._client.call(
                "PATCH",
                f"/me{self.path}",
                by=username,
                version=answer.headers["ETag"],
                body={
                    "story": follower.story,
                    "knows": list(follower.knows),
                    "wants": list(follower.wants),
                },
            )

    def set_up_widget(self) -> None:
        """Have the widget as it is told of, unless someone decided of it since."""
        place, owner = f"{self.path}/widget", self.told.the("owner")
        if self.told.widget and self._client.call("GET", place, by=owner).json()["version"] == 0:
            self._client.call("PUT", place, by=owner, version='"0"', body=self.told.widget)

    def let_help(self, username: str) -> None:
        """Have someone volunteer as it is told of them, unless they arranged it themself."""
        helps, place = self.told.people[username].helps, f"/me{self.path}/helping"
        if helps is not None and not self._client.call("GET", place, by=username).json()["topics"]:
            body = {"all_topics": False, "daily_cap": _PINGS_A_DAY, **helps}
            self._client.call("PUT", place, by=username, body=body)

    def give_role(self, username: str) -> None:
        """Have the owner give someone the role or the voice that is told of them."""
        follower = self.told.people[username]
        if username not in self._voiceless or (follower.role, follower.voice) == ("none", None):
            return
        self._client.call(
            "PUT",
            f"{self.path}/members/{self.member_ids[username]}/role",
            by=self.told.the("owner"),
            body={"role": follower.role, "voice": follower.voice},
        )

    def share(self, salon: Salon, with_: Hub) -> None:
        """Have another organization at home in a salon of this one."""
        owner, salon_path = self.told.the("owner"), f"{self.path}/salons/{self.salon_id(salon)}"
        shared = self._client.call("GET", salon_path, by=owner).json()["shared_with"]
        if with_.id not in shared:
            self._client.call("POST", f"{salon_path}/shares", by=owner, body={"organization_id": with_.id})
            accepted = f"{with_.path}/shared-salons/{self.salon_id(salon)}"
            self._client.call("PUT", accepted, by=with_.told.the("owner"))

    def salon_id(self, salon: Salon) -> str:
        """Id of a salon that is told of."""
        return self.salon_named(salon.title)

    def salon_named(self, title: str) -> str:
        """The salon that goes by this title."""
        return self._salon_ids[_words(title)]

    def _found(self, owner: str) -> str | None:
        found = self._client.call("GET", f"/organizations?slug={self.told.slug}", by=owner).json()["data"]
        return found[0]["id"] if found else None

    def _created(self, owner: str) -> str:
        told = self.told
        body = {
            "slug": told.slug,
            "name": told.name,
            "aim": told.aim,
            "presets": list(told.presets),
            "site_url": told.site_url,
            "resources": [dict(resource) for resource in told.resources],
        }
        created = self._client.call("POST", "/organizations", by=owner, body=body, key=key_of(told.slug))
        return str(created.json()["id"])

    def _name(self, manager: str, *, by: str) -> None:
        answer = self._client.call("GET", self.path, by=by)
        if answer.json()["community_manager_id"] == self.member_ids[by]:
            named = {"community_manager_id": self.member_ids[manager]}
            self._client.call("PATCH", self.path, by=by, version=answer.headers["ETag"], body=named)

    def _open_salons(self, manager: str) -> None:
        """Find the salons that the presets opened, by their titles, and open those that are told besides."""
        path = f"{self.path}/salons"
        found = self._client.call("GET", f"{path}?limit=90", by=manager).json()["data"]
        self._salon_ids = {_words(salon["title"]): salon["id"] for salon in found}
        for salon in self.told.salons:
            if salon.theme is not None and _words(salon.title) not in self._salon_ids:
                body = {"title": salon.title, "theme": salon.theme}
                key = key_of(self.told.slug, salon.title)
                opened = self._client.call("POST", path, by=manager, body=body, key=key)
                self._salon_ids[_words(salon.title)] = opened.json()["id"]


def _words(title: str) -> str:
    """A title whatever its spaces are made of: French has four kinds."""
    return " ".join(title.split())
