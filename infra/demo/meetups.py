from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from infra.demo.client import key_of

if TYPE_CHECKING:
    from infra.demo.cast import Meetup
    from infra.demo.client import Client
    from infra.demo.hubs import Hub

TIME_ZONE = "Europe/Paris"
_PAGE = 20


class Gathering:
    """A meetup that is told of, proposed and answered to. Done again, it adds the answers that are missing.

    Its date is counted from today: one still ahead is left as it is, one that is over is proposed anew.
    """

    def __init__(self, client: Client, told: Meetup, hub: Hub) -> None:
        self._client, self._told, self._hub = client, told, hub

    def hold(self) -> None:
        """Propose it, and have people say whether they come: in their order, who comes too late waits."""
        path = f"{self._meetups}/{self._found() or self._proposed()}"
        for username, party in self._told.going.items():
            self._answer(path, username, "going", party)
        for username in self._told.interested:
            self._answer(path, username, "interested", 1)

    @property
    def _meetups(self) -> str:
        return f"{self._hub.path}/meetups"

    def _answer(self, path: str, username: str, answer: str, party: int) -> None:
        self._client.call("PUT", f"{path}/rsvp", by=username, body={"answer": answer, "party": party})

    def _found(self) -> str | None:
        cursor = ""
        while True:
            listed = f"{self._meetups}?limit={_PAGE}{cursor}"
            page = self._client.call("GET", listed, by=self._told.by).json()
            for meetup in page["data"]:
                if meetup["title"] == self._told.title and meetup["state"] == "published":
                    return str(meetup["id"])
            if not page["has_more"]:
                return None
            cursor = f"&cursor={page['next_cursor']}"

    def _proposed(self) -> str:
        told, starts_at = self._told, self._starts_at()
        body: dict[str, Any] = {
            "title": told.title, "about": told.about, "time_zone": TIME_ZONE, "place": dict(told.place),
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=told.hours)).isoformat(),
            "capacity": told.seats, "languages": list(told.languages), "accessibility": told.accessibility,
            **({"salon_id": self._hub.salon_named(told.salon)} if told.salon else {}),
        }  # fmt: skip
        key = key_of(self._hub.told.slug, told.by, told.title, starts_at.isoformat())
        return str(self._client.call("POST", self._meetups, by=told.by, body=body, key=key).json()["id"])

    def _starts_at(self) -> datetime:
        zone = ZoneInfo(TIME_ZONE)
        day = datetime.now(UTC).astimezone(zone) + timedelta(days=self._told.in_days)
        hour, minute = (int(part) for part in self._told.at.split(":"))
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
