from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Contract, Input, Language, Moment, Title, Words
from chalicelib.contracts.helping import AvailabilityView
from chalicelib.contracts.ids import OrganizationId as Id
from chalicelib.contracts.organizations import Name

P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
SMALLEST_MODULUS, LARGEST_MODULUS = 2048, 4096


def _exact(origin: str) -> str:
    """As browsers say it, so that comparing is comparing."""
    parts = urlsplit(origin)
    try:
        port = parts.port
    except ValueError:
        port = 0
    usual = {"https": 443, "http": 80}[parts.scheme]
    spelled = f"{parts.scheme}://{parts.hostname or ''}" + (f":{port}" if port is not None else "")
    if port in (0, usual) or spelled != origin or len(parts.hostname or "") > 253:
        raise PydanticCustomError("inexact_origin", "An origin is spelled as browsers send it")
    return origin


def _distinct_topics(topics: list[str]) -> list[str]:
    _distinct([" ".join(topic.split()).casefold() for topic in topics])
    return topics


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("repeated_value", "Each value is given once")
    return values


_HOST = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
SiteOrigin = Annotated[
    str,
    Field(
        max_length=300,
        pattern=rf"^(https://{_HOST}|http://(localhost|127\.0\.0\.1))(:[0-9]{{1,5}})?$",
        examples=["https://www.cyclofil.example"],
    ),
    AfterValidator(_exact),
]
Origins = Annotated[
    list[SiteOrigin],
    Field(
        max_length=20,
        description="The sites that may carry it, exactly as browsers name them. http is for localhost.",
    ),
    AfterValidator(_distinct),
]
Colour = Annotated[str, Field(pattern="^#[0-9A-Fa-f]{6}$", examples=["#0b5d4e"]), AfterValidator(str.lower)]
Parameters = Annotated[
    list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.~-]{1,40}$", examples=["product"])]],
    Field(
        max_length=20,
        description="What of a page’s query helpers may see; the rest is cut off before it is kept.",
    ),
    AfterValidator(_distinct),
]


Suggested = Annotated[
    list[Annotated[Title, Field(min_length=1, max_length=40)]],
    Field(
        max_length=12,
        examples=[["Freins", "Crevaisons"]],
        description="Topics that the organization suggests; whoever asks chooses these, others, or none.",
    ),
    AfterValidator(_distinct_topics),
]


class Theme(Input):
    """The colours of a widget; what is left out is as for everyone."""

    accent: Colour | None = None
    on_accent: Colour | None = None
    background: Colour | None = None
    surface: Colour | None = None
    text: Colour | None = None
    muted: Colour | None = None


class Wording(Input):
    """What a widget says in one language; what is left out is as for everyone."""

    title: Annotated[Title | None, Field(max_length=60, examples=["Une question ?"])] = None
    greeting: Annotated[Words | None, Field(max_length=300, examples=["Posez-la ici."])] = None
    fallback: Annotated[Words | None, Field(max_length=300, examples=["Nous vous écrirons."])] = None


class Texts(Input):
    """What a widget says, by language."""

    fr: Wording | None = None
    en: Wording | None = None


Coordinate = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,700}$")]


class PublicKey(Input):
    """A public key as a JWK: RSA of at least 2048 bits for RS256, or P-256 for ES256."""

    kid: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$", examples=["2026-11"])]
    kty: Annotated[Literal["RSA", "EC"], Field(examples=["EC"])]
    alg: Annotated[Literal["RS256", "ES256"] | None, Field(examples=["ES256"])] = None
    use: Annotated[Literal["sig"] | None, Field(examples=["sig"])] = None
    crv: Annotated[Literal["P-256"] | None, Field(examples=["P-256"])] = None
    x: Annotated[Coordinate | None, Field(examples=["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"])] = None
    y: Annotated[Coordinate | None, Field(examples=["x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"])] = None
    n: Annotated[Coordinate | None, Field(examples=[None])] = None
    e: Annotated[Coordinate | None, Field(examples=[None])] = None

    @model_validator(mode="after")
    def _usable(self) -> PublicKey:
        usable = self._is_rsa() if self.kty == "RSA" else self._is_elliptic()
        if not usable:
            raise PydanticCustomError("unusable_key", "This is no public key for RS256 or ES256")
        return self

    def _is_rsa(self) -> bool:
        modulus, exponent = _number(self.n), _number(self.e)
        return (
            self.alg in (None, "RS256")
            and (self.crv, self.x, self.y) == (None, None, None)
            and SMALLEST_MODULUS <= modulus.bit_length() <= LARGEST_MODULUS
            and modulus % 2 == 1
            and exponent == 65537
        )

    def _is_elliptic(self) -> bool:
        x, y = _number(self.x), _number(self.y)
        return (
            self.alg in (None, "ES256")
            and (self.crv, self.n, self.e) == ("P-256", None, None)
            and 0 < x < P256
            and 0 < y < P256
            and (y * y - x**3 + 3 * x - P256_B) % P256 == 0
        )


def _number(encoded: str | None) -> int:
    try:
        return int.from_bytes(urlsafe_b64decode((encoded or "") + "=" * (-len(encoded or "") % 4)), "big")
    except ValueError:
        return 0


def _named_apart(keys: list[PublicKey]) -> list[PublicKey]:
    _distinct([key.kid for key in keys])
    return keys


Named = Annotated[Title, Field(max_length=200)]


class Host(Input):
    """Who vouches for visitors: the site’s own tokens, and the public keys that they are signed with."""

    issuer: Annotated[Named, Field(examples=["https://www.cyclofil.example"])]
    audience: Annotated[Named, Field(examples=["entraide"])]
    jwks: Annotated[list[PublicKey], Field(min_length=1, max_length=3), AfterValidator(_named_apart)]


class ConfigureWidget(Input):
    """The widget as a whole: what is left out goes back to how it is for everyone."""

    origins: Origins
    theme: Theme | None = None
    texts: Texts | None = None
    allowed_query_parameters: Parameters = []
    topics: Suggested = []
    host: Host | None = None


class ThemeView(Contract):
    """Every colour of a widget: what is read on what has a contrast of 4.5 at least."""

    accent: Colour
    on_accent: Annotated[Colour, Field(examples=["#ffffff"])]
    background: Annotated[Colour, Field(examples=["#ffffff"])]
    surface: Annotated[Colour, Field(examples=["#f4f1ea"])]
    text: Annotated[Colour, Field(examples=["#1f2933"])]
    muted: Annotated[Colour, Field(examples=["#4b5563"])]


class WordingView(Contract):
    """What a widget says in one language."""

    title: Annotated[str, Field(examples=["Une question ?"])]
    greeting: Annotated[str, Field(examples=["Posez-la ici."])]
    fallback: Annotated[str, Field(examples=["Nous vous écrirons."])]


class TextsView(Contract):
    """What a widget says, in every language."""

    fr: WordingView
    en: WordingView


class WidgetView(Contract):
    """An organization’s widget, as those who decide of it see it."""

    organization_id: Id
    origins: list[Annotated[str, Field(examples=["https://www.cyclofil.example"])]]
    theme: ThemeView
    texts: TextsView
    allowed_query_parameters: list[Annotated[str, Field(examples=["product"])]]
    topics: Annotated[list[str], Field(examples=[["Freins", "Crevaisons"]])]
    host: Host | None
    updated_by: Annotated[str | None, Field(examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"])]
    updated_at: Moment | None
    version: Annotated[int, Field(examples=[3], description="0 while nobody has decided anything.")]


Reason = Literal["not_configured", "questions_off", "nobody_available"]


class PublicWidget(Contract):
    """All that a widget wants to know before it shows itself."""

    organization_id: Id
    name: Name
    theme: ThemeView
    texts: TextsView
    languages: Annotated[
        list[Language], Field(examples=[["fr", "en"]], description="The organization’s own first.")
    ]
    allowed_query_parameters: list[Annotated[str, Field(examples=["product"])]]
    topics: Annotated[list[str], Field(examples=[["Freins", "Crevaisons"]])]
    asking_is_open: Annotated[
        bool, Field(examples=[True], description="True also while nobody is there: the answer comes later.")
    ]
    availability: AvailabilityView
    unavailable: Annotated[
        list[Reason], Field(examples=[[]], description="Why nobody answers at once; empty when someone may.")
    ]
    host_signs_in: Annotated[
        bool, Field(examples=[False], description="Whether the site may vouch for its visitors.")
    ]
    conversation_retention_days: Annotated[
        int,
        Field(examples=[365], description="How long what is said here is kept once the question is closed."),
    ]
    version: Annotated[int, Field(examples=[3])]
