"""What an organization sets up by naming its aims instead of filling in forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

DEFAULTS: dict[str, tuple[Any, str]] = {
    "welcome_email": (True, "A newcomer who is greeted by a person stays."),
    "reply_promise_hours": (72, "A promise anyone can keep until the organization signs its own."),
    "slow_mode_seconds": (0, "Nobody is slowed down without a reason."),
    "questions": (False, "Off until an aim asks for it."),
    "ideas": (False, "Off until an aim asks for it."),
    "meetups": (False, "Off until an aim asks for it."),
    "courses": (False, "Off until an aim asks for it."),
}
"""Every setting, its value before anyone decides, and why."""


@dataclass(frozen=True)
class Preset:
    """An aim: the settings it decides, why, and the salon it opens, by language."""

    why: str
    settings: dict[str, Any]
    salon: dict[str, tuple[str, str]] = field(default_factory=dict)


PRESETS: dict[str, Preset] = {
    "help": Preset(
        "The organization wants its community to help each other.",
        {"questions": True, "reply_promise_hours": 24},
        {
            "fr": ("Coups de main", "Une question, un souci ? Ici, on s’entraide."),
            "en": ("A helping hand", "A question, a snag? This is where we help each other."),
        },
    ),
    "ideas": Preset(
        "The organization wants to hear ideas and answer them.",
        {"ideas": True, "reply_promise_hours": 48},
        {
            "fr": ("Boîte à idées", "Ce qui pourrait être mieux, et comment."),
            "en": ("Ideas", "What could be better, and how."),
        },
    ),
    "meet": Preset(
        "The organization wants people to meet in real life.",
        {"meetups": True},
        {
            "fr": ("On se retrouve ?", "Un café, une sortie, un atelier : proposez."),
            "en": ("Shall we meet?", "A coffee, an outing, a workshop: propose one."),
        },
    ),
    "learn": Preset(
        "The organization wants people to learn from each other.",
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


def settings_of(presets: list[str], *, at: datetime) -> dict[str, dict[str, Any]]:
    """Every setting, who set it and why; where aims differ, the more demanding promise wins."""
    found = {
        name: {"value": value, "set_by": "default", "why": why, "set_at": at.isoformat()}
        for name, (value, why) in DEFAULTS.items()
    }
    for name in presets:
        preset = PRESETS[name]
        for setting, value in preset.settings.items():
            if setting == "reply_promise_hours" and found[setting]["value"] < value:
                continue
            found[setting] = {
                "value": value, "set_by": f"preset:{name}", "why": preset.why, "set_at": at.isoformat(),
            }  # fmt: skip
    return found


def decided(
    values: dict[str, Any], settings: dict[str, dict[str, Any]], *, by: str, why: str, at: datetime
) -> dict[str, dict[str, Any]]:
    """These values as settings that a person decides, but for what they decided so already."""
    return {
        name: {"value": value, "set_by": by, "why": why, "set_at": at.isoformat()}
        for name, value in values.items()
        if (settings[name]["value"], settings[name]["set_by"], settings[name]["why"]) != (value, by, why)
    }
