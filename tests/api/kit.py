"""A tiny API on an application of its own: what the kit does, without anyone's rules in the way."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from chalice.app import Chalice
from pydantic import Field
from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from chalicelib.api.endpoints import EVERYONE, GUESTS, PEOPLE, Answer, Api, IfMatch, Origin
from chalicelib.contracts.base import Contract, Input, Listing, Title
from chalicelib.domain import errors
from chalicelib.domain.callers import Caller  # noqa: TC001 - the kit reads annotations
from chalicelib.gateways import ids
from chalicelib.models.changes import changes
from chalicelib.models.tables import CommunityItem, Key, load
from chalicelib.pages import Page  # noqa: TC001 - same


class Thing(CommunityItem, discriminator="thing_of_the_kit"):
    id = UnicodeAttribute()
    name = UnicodeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, shelf, thing_id):
        return Key(cls, f"SHELF#{shelf}", thing_id)


class ThingNotFound(errors.NotFound):
    reason: ClassVar = {"en": "No such thing.", "fr": "Rien de tel."}


class NameTaken(errors.Conflict):
    reason: ClassVar = {"en": "{name} is taken.", "fr": "{name} est pris."}
    example: ClassVar = {"name": "Ada"}


class NameOdd(errors.Invalid):
    reason: ClassVar = {"en": "{name} is odd.", "fr": "{name} est étrange."}
    example: ClassVar = {"name": "7", "pointer": "/name"}


class Enough(errors.LimitReached):
    reason: ClassVar = {"en": "Enough.", "fr": "Assez."}


class Part(Input):
    size: Annotated[int, Field(ge=1, le=9, examples=[3])]


class MakeThing(Input):
    name: Annotated[Title, Field(max_length=20, examples=["Ada"])]
    parts: Annotated[list[Part], Field(max_length=3)] = []  # noqa: RUF012 - pydantic copies it
    sure: Annotated[bool, Field(examples=[True])] = True
    notes: Annotated[Any, Field(examples=[{"any": "thing"}])] = None


class ThingQuery(Input):
    name: Annotated[str | None, Field(max_length=20, examples=["Ada"])] = None


class ThingView(Contract):
    id: Annotated[str, Field(examples=["thg_01JD3Q7M5T8XW2RBN4CJ6HDPEA"])]
    name: Annotated[str, Field(examples=["Ada"])]
    version: Annotated[int, Field(examples=[1])]


api = Api(__name__, tag="Kit")
SHELF = "/shelves/{organization_id}/things"
made: list[str] = []
"""What the use cases were asked to make: empty when no request came through."""


def find(shelf, thing_id):
    (thing,) = load(Thing.key(shelf, thing_id))
    if thing is None:
        raise ThingNotFound
    return thing


@api.endpoint("GET", "/open", access=EVERYONE, raw=False)
def look(caller: Caller | None) -> ThingView:
    """Look, whoever you are."""
    return {
        "id": caller.member_id if caller else "anyone",
        "name": caller.language if caller else "",
        "version": 1,
    }


@api.endpoint("POST", "/open", access=EVERYONE)
def knock() -> None:
    """Knock, whoever you are."""
    made.append("knock")


@api.endpoint("GET", "/scoped", access="kit.look")
def look_closer(caller: Caller) -> ThingView:
    """Look closer."""
    return {"id": caller.member_id, "name": "", "version": 1}


@api.endpoint("POST", "/scoped", access="kit.make")
def make_closer(caller: Caller) -> None:
    """Make, with a scope."""
    made.append("scoped")


@api.endpoint("GET", SHELF, order="oldest_first@1", most=50)
def list_things(organization_id: str, page: Page, query: ThingQuery) -> Listing[ThingView]:
    """List things."""
    return Thing.slice(f"SHELF#{organization_id}", page)


@api.endpoint("GET", "/public/{organization_id}/things", access=EVERYONE, order="oldest_first@1")
def list_public_things(organization_id: str, page: Page) -> Listing[ThingView]:
    """List things, whoever you are."""
    return Thing.slice(f"SHELF#{organization_id}", page)


@api.endpoint("POST", SHELF, status=201, refusals=[NameTaken, NameOdd, Enough])
def make_thing(caller: Caller, organization_id: str, body: MakeThing) -> ThingView:
    """Make a thing."""
    made.append(body.name)
    if body.name == "taken":
        raise NameTaken(name=body.name, status="context", code="context", language="context")
    if body.name == "7":
        raise NameOdd(name=body.name, pointer="/name")
    if body.name == "enough":
        raise Enough(retry_after=9)
    key = Thing.key(organization_id, ids.new("thg"))
    thing = Thing(key.pk, key.sk, id=key.sk, name=body.name)
    with changes() as change:
        change.create(thing)
    return thing


@api.endpoint("POST", "/elsewhere", status=201)
def make_elsewhere(caller: Caller) -> ThingView:
    """Make a thing that is found at another address."""
    return Answer(
        {"id": "thg_1", "name": "", "version": 1}, location="/v1/over/there", headers={"X-Own": "1"}
    )


@api.endpoint("GET", SHELF + "/{thing_id}", refusals=[ThingNotFound])
def read_thing(organization_id: str, thing_id: str) -> ThingView:
    """Read a thing."""
    return find(organization_id, thing_id)


@api.endpoint("PATCH", SHELF + "/{thing_id}", refusals=[ThingNotFound, errors.ChangedMeanwhile])
def rename_thing(organization_id: str, thing_id: str, body: MakeThing, version: IfMatch) -> ThingView:
    """Rename a thing."""
    thing = find(organization_id, thing_id)
    if thing.version != version:
        raise errors.ChangedMeanwhile
    thing.name = body.name
    with changes() as change:
        change.save(thing)
    return thing


@api.endpoint("DELETE", SHELF + "/{thing_id}")
def delete_thing(organization_id: str, thing_id: str) -> None:
    """Delete a thing."""
    with changes() as change:
        change.delete(find(organization_id, thing_id))


@api.endpoint("GET", "/organizations/{organization_id}/people", access=PEOPLE)
def look_in(caller: Caller, organization_id: str) -> ThingView:
    """Look, as a member or as a guest of the organization."""
    return {"id": caller.member_id, "name": f"verified: {caller.is_verified}", "version": 1}


@api.endpoint("POST", "/guests", access=GUESTS)
def ask(caller: Caller, origin: Origin) -> ThingView:
    """Ask, as a guest."""
    made.append(origin)
    return {"id": caller.member_id, "name": caller.guest_of, "version": 1}


@api.endpoint("POST", "/bug")
def stumble(caller: Caller) -> ThingView:
    """Stumble."""
    return 1 / 0


@api.endpoint("POST", "/misshapen")
def misshape(caller: Caller) -> ThingView:
    """Answer what the contract does not say."""
    return {"id": 3}


app = Chalice(app_name="kit", configure_logs=False)
app.experimental_feature_flags.update(["BLUEPRINTS"])
app.api.binary_types = []
app.register_blueprint(api)
