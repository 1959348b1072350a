"""The widget on an organization's own site: what it says, how it looks, where it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, helping, presets, standing
from chalicelib.domain.roles import MANAGERS
from chalicelib.gateways import clock, links
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.markers import Unique
from chalicelib.models.organizations import Organization
from chalicelib.models.tables import load
from chalicelib.models.widgets import Widget

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: below it, text is lost to many who read it."""

THEME = {
    "accent": "#0b5d4e",
    "on_accent": "#ffffff",
    "background": "#ffffff",
    "surface": "#f4f1ea",
    "text": "#1f2933",
    "muted": "#4b5563",
}
"""The look of a widget that nobody dressed."""

PAIRS = (
    ("text", "background"),
    ("text", "surface"),
    ("muted", "background"),
    ("on_accent", "accent"),
)
"""What is read, and on what."""

TEXTS = {
    "fr": {
        "title": "Une question\u00a0?",
        "greeting": "Posez-la ici\u00a0: une personne qui connaît le sujet vous répond.",
        "fallback": "Personne n’est là. Laissez votre question, et une adresse où vous écrire.",
    },
    "en": {
        "title": "A question?",
        "greeting": "Ask it here: someone who knows the subject answers you.",
        "fallback": "Nobody is here right now. Leave your question, and an address for us to write to.",
    },
}
"""What a widget says where nobody found better words."""


class ContrastTooLow(errors.Invalid):
    reason: ClassVar = {
        "en": "{text} on {background} has a contrast of {ratio}: text takes {least} to be readable.",
        "fr": "{text} sur {background} a un contraste de {ratio} : il faut {least} pour qu’un texte se lise.",
    }
    example: ClassVar = {
        "text": "#999999", "background": "#ffffff", "ratio": 2.84, "least": LEAST_CONTRAST,
        "pointer": "/theme/text",
    }  # fmt: skip


def find(caller: Caller, organization_id: str) -> dict[str, Any]:
    """An organization's widget as those who decide of it see it. Raises RoleRequired."""
    here = standing.of(caller, organization_id, Widget.key(organization_id))
    here.must_be_one_of(MANAGERS)
    (widget,) = here.also
    return _view(organization_id, widget)


@retry_if_overtaken
def configure(  # noqa: PLR0913 - the widget as a whole
    caller: Caller,
    organization_id: str,
    *,
    version: int,
    origins: list[str],
    allowed_query_parameters: list[str],
    theme: dict[str, str] | None = None,
    texts: dict[str, dict[str, str]] | None = None,
    topics: list[str] | None = None,
    host: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Decide of the widget as a whole; what is left out is as for everyone.

    Decided on version 0 where nobody did before. Raises RoleRequired, ChangedMeanwhile, ContrastTooLow.
    """
    decided: dict[str, Any] = {
        "origins": origins,
        "theme": theme or {},
        "texts": texts or {},
        "allowed_query_parameters": allowed_query_parameters,
        "topics": topics or [],
        "host": host,
    }
    _must_be_readable({**THEME, **decided["theme"]})
    here = standing.of(caller, organization_id, Widget.key(organization_id))
    here.must_be_one_of(MANAGERS)
    (widget,) = here.also
    if widget is not None and all(getattr(widget, name) == value for name, value in decided.items()):
        return _view(organization_id, widget)
    if version != (widget.version if widget else 0):
        raise errors.ChangedMeanwhile
    now = clock.now()
    with changes() as change:
        if widget is None:
            widget = Widget.of(organization_id, by=here.member.id, at=now, **decided)
            change.create(widget)
        else:
            for name, value in {**decided, "updated_by": here.member.id, "updated_at": now}.items():
                setattr(widget, name, value)
            change.save(widget)
    return _view(organization_id, widget)


def shown(name: str) -> dict[str, Any]:
    """All that the widget of an organization, by its id or slug, wants to know. Raises OrganizationNotFound.

    It is public and says nothing of anyone: the same for whoever asks.
    """
    organization_id = name if name.startswith("org_") else _called(name)
    there, organization, (widget,) = helping.look_around(organization_id, None, Widget.key(organization_id))
    asking = bool(organization.settings["questions"]["value"])
    reasons = [] if widget is not None and widget.origins else ["not_configured"]
    reasons += [] if asking else ["questions_off"]
    reasons += [] if there.available or there.is_at_least else ["nobody_available"]
    first = organization.language
    view = _view(organization.id, widget)
    return {
        **view,
        "name": organization.name,
        "languages": [first, *(language for language in TEXTS if language != first)],
        "asking_is_open": asking,
        "unavailable": reasons,
        "availability": there,
        "host_signs_in": view["host"] is not None,
        "conversation_retention_days": presets.value_of(organization.settings, "conversation_retention_days"),
    }


def hosted_by(name: str) -> Organization:
    """The organization whose page this is, by its id or slug. Raises OrganizationNotFound."""
    organization_id = name if name.startswith("org_") else _called(name)
    (organization,) = load(Organization.key(organization_id))
    if organization is None:
        raise standing.OrganizationNotFound
    return organization


def may_be_on(widget: Widget | None, origin: str | None) -> bool:
    """Whether a page of this origin may carry the widget: one that says none may not, ours always may."""
    if origin is None:
        return False
    return origin == links.own_origin() or (widget is not None and origin in widget.origins)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours in `#rrggbb`: from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _must_be_readable(theme: dict[str, str]) -> None:
    for text, background in PAIRS:
        ratio = contrast(theme[text], theme[background])
        if ratio < LEAST_CONTRAST:
            raise ContrastTooLow(
                text=theme[text],
                background=theme[background],
                ratio=int(ratio * 100) / 100,  # never rounded up to what it is not
                least=LEAST_CONTRAST,
                pointer=f"/theme/{text}",
            )


def _called(slug: str) -> str:
    (name,) = load(Unique.key("slug", slug))
    if name is None:
        raise standing.OrganizationNotFound
    return name.holder


def _view(organization_id: str, widget: Widget | None) -> dict[str, Any]:
    kept = widget or Widget()
    return {
        "organization_id": organization_id,
        "origins": kept.origins,
        "theme": {**THEME, **kept.theme},
        "texts": {language: {**words, **kept.texts.get(language, {})} for language, words in TEXTS.items()},
        "allowed_query_parameters": kept.allowed_query_parameters,
        "topics": kept.topics,
        "host": kept.host,
        "updated_by": widget.updated_by if widget else None,
        "updated_at": widget.updated_at if widget else None,
        "version": widget.version if widget else 0,
    }
