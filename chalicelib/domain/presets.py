"""What an organization sets up by naming its aims instead of filling in forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

Why = dict[str, str]
"""A reason, in each language."""

_OFF: Why = {"en": "Off until an aim asks for it.", "fr": "Éteint tant qu’aucune intention ne le demande."}

DEFAULTS: dict[str, tuple[Any, Why]] = {
    "welcome_email": (
        True,
        {
            "en": "A newcomer who is greeted by a person stays.",
            "fr": "Qui est accueilli par une personne reste.",
        },
    ),
    "reply_promise_hours": (
        72,
        {
            "en": "A promise anyone can keep until the organization signs its own.",
            "fr": "Une promesse tenable par tous, en attendant que l’organisation signe la sienne.",
        },
    ),
    "slow_mode_seconds": (
        0,
        {
            "en": "Nobody is slowed down without a reason.",
            "fr": "On ne ralentit personne sans raison.",
        },
    ),
    "conversation_retention_days": (
        365,
        {
            "en": "A year to come back to an answer; then what was said in private is gone.",
            "fr": "Un an pour revenir à une réponse ; ensuite ce qui s’est dit en privé disparaît.",
        },
    ),
    "questions": (False, _OFF),
    "ideas": (False, _OFF),
    "meetups": (False, _OFF),
    "courses": (False, _OFF),
}
"""Every setting, its value before anyone decides, and why."""


@dataclass(frozen=True)
class Preset:
    """An aim: the settings it decides, why, and the salon it opens, by language."""

    why: Why
    settings: dict[str, Any]
    salon: dict[str, tuple[str, str]] = field(default_factory=dict)


PRESETS: dict[str, Preset] = {
    "help": Preset(
        {
            "en": "The organization wants its community to help each other.",
            "fr": "L’organisation veut que sa communauté s’entraide.",
        },
        {"questions": True, "reply_promise_hours": 24},
        {
            "fr": ("Coups de main", "Une question, un souci ? Ici, on s’entraide."),
            "en": ("A helping hand", "A question, a snag? This is where we help each other."),
        },
    ),
    "ideas": Preset(
        {
            "en": "The organization wants to hear ideas and answer them.",
            "fr": "L’organisation veut entendre des idées et y répondre.",
        },
        {"ideas": True, "reply_promise_hours": 48},
        {
            "fr": ("Boîte à idées", "Ce qui pourrait être mieux, et comment."),
            "en": ("Ideas", "What could be better, and how."),
        },
    ),
    "meet": Preset(
        {
            "en": "The organization wants people to meet in real life.",
            "fr": "L’organisation veut que les gens se rencontrent pour de vrai.",
        },
        {"meetups": True},
        {
            "fr": ("On se retrouve ?", "Un café, une sortie, un atelier : proposez."),
            "en": ("Shall we meet?", "A coffee, an outing, a workshop: propose one."),
        },
    ),
    "learn": Preset(
        {
            "en": "The organization wants people to learn from each other.",
            "fr": "L’organisation veut que chacun apprenne des autres.",
        },
        {"courses": True},
        {
            "fr": ("Apprendre ensemble", "Trucs, tours de main et ressources."),
            "en": ("Learning together", "Tips, knacks and resources."),
        },
    ),
}

SALONS: dict[str, dict[str, tuple[str, str]]] = {
    "default": {
        "fr": ("Accueil", "On se dit bonjour, on se présente, on fait connaissance."),
        "en": ("Welcome", "Say hello, introduce yourself, get to know each other."),
    },
    "off_topic": {
        "fr": ("Hors-sujet", "Tout le reste, débats compris. Personne ne peut fermer ce salon."),
        "en": ("Off topic", "Everything else, debates included. Nobody can close this salon."),
    },
}


def settings_of(presets: list[str], *, language: str, at: datetime) -> dict[str, dict[str, Any]]:
    """Every setting, who set it and why; where aims differ, the more demanding promise wins."""
    found = {
        name: {"value": value, "set_by": "default", "why": why[language], "set_at": at.isoformat()}
        for name, (value, why) in DEFAULTS.items()
    }
    for name in presets:
        preset = PRESETS[name]
        for setting, value in preset.settings.items():
            if setting == "reply_promise_hours" and found[setting]["value"] < value:
                continue
            found[setting] = {
                "value": value,
                "set_by": f"preset:{name}",
                "why": preset.why[language],
                "set_at": at.isoformat(),
            }
    return found


def value_of(settings: dict[str, dict[str, Any]], name: str) -> Any:
    """What an organization's setting is, decided or not: an older organization may not know it yet."""
    return settings[name]["value"] if name in settings else DEFAULTS[name][0]


def decided(
    values: dict[str, Any], settings: dict[str, dict[str, Any]], *, by: str, why: str, at: datetime
) -> dict[str, dict[str, Any]]:
    """These values as settings that a person decides, but for what they decided so already."""
    return {
        name: {"value": value, "set_by": by, "why": why, "set_at": at.isoformat()}
        for name, value in values.items()
        if name not in settings
        or (settings[name]["value"], settings[name]["set_by"], settings[name]["why"]) != (value, by, why)
    }
