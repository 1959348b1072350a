from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from chalicelib.api.endpoints import Endpoint


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - a title would repeat the name
        return False


class Shapes:
    """Every contract as a JSON schema under its own name, and examples composed from their properties'."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        bodies = {(model, "validation") for e in endpoints for model in (e.body, e.query) if model}
        answers = {(e.returns, "serialization") for e in endpoints if e.returns}
        wanted: Any = sorted(bodies | answers, key=lambda pair: (pair[0].__name__, pair[1]))
        found = models_json_schema(
            wanted, ref_template="#/components/schemas/{model}", schema_generator=_Untitled
        )
        refs, definitions = [json.loads(_named(text)) for text in _texts(*found)]
        self._refs: dict[str, Any] = refs
        self.without_example: set[str] = set()
        self.definitions: dict[str, Any] = {
            name: {key: value for key, value in schema.items() if key != "title"}
            for name, schema in sorted(definitions.items())
        }
        # a query is told parameter by parameter
        self._queries = {
            name: self.definitions.pop(name) for name in {e.query.__name__ for e in endpoints if e.query}
        }

    def ref(self, model: type[BaseModel]) -> dict[str, Any]:
        """Where the model's schema is."""
        ref: dict[str, Any] = self._refs[model.__name__]
        return ref

    def example(self, model: type[BaseModel]) -> Any:
        """A whole example of the model."""
        return self._compose(self.ref(model), "")

    def parameters(self, model: type[BaseModel]) -> list[dict[str, Any]]:
        """A query's parameters."""
        schema = self._queries[model.__name__]
        return [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                **({"description": asked["description"]} if "description" in asked else {}),
                "schema": _without_null(asked),
                "example": self._compose(asked, f"{model.__name__}.{name}"),
            }
            for name, asked in schema["properties"].items()
        ]

    def _compose(self, schema: dict[str, Any], place: str) -> Any:
        example: Any = None
        if "examples" in schema:
            example = schema["examples"][0]
        elif "const" in schema:
            example = schema["const"]
        elif "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            example = self._compose(self.definitions[name], name)
        elif "anyOf" in schema:
            example = self._compose(schema["anyOf"][0], place)
        elif "items" in schema:
            example = [self._compose(schema["items"], place)]
        elif "properties" in schema:
            inside = schema["properties"].items()
            example = {name: self._compose(inner, f"{place}.{name}") for name, inner in inside}
        else:
            self.without_example.add(place)
        return example


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What a query parameter holds when it is there: nothing in a query is null."""
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    inner = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return {key: value for key, value in inner.items() if key not in ("examples", "description", "default")}


def _texts(refs: Any, schema: dict[str, Any]) -> tuple[str, str]:
    known = {model.__name__: ref for (model, _), ref in refs.items()}
    return json.dumps(known), json.dumps(schema.get("$defs", {}))


def _named(text: str) -> str:
    """`Listing[SalonView]` is published as `SalonListing`."""
    return re.sub(r"Listing_([A-Za-z0-9]+?)(?:View)?_(?=\")", r"\1Listing", text)
