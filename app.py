"""The composition root: what this application is made of. No routes here."""

from chalice.app import Chalice

from chalicelib.handlers import live, schedules

from chalicelib.handlers.consumers import (  # isort: skip
    deadlines, deliveries, emails, notices, relay, rewards, routing, spoken, timers,
)  # fmt: skip
from chalicelib.handlers.http import (  # isort: skip
    agenda, attendance, calendars, conversations, documents, guests, helping, mails, meetup_changes,
    meetups, members, memberships, messages, moderation, one_click, organizations, pictures, questions,
    readings, recognition, rsvps, salons, series, sharing, watching, widget_client, widgets,
)  # fmt: skip
from chalicelib.handlers.consumers import meetups as tended
from chalicelib.handlers.consumers import pictures as looked_at
from chalicelib.handlers.http import live as live_tickets

app = Chalice(app_name="entraide", configure_logs=False)
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
app.api.binary_types = []  # everything here is text

APIS = [
    organizations.api, memberships.api, members.api, mails.api, live_tickets.api, salons.api, messages.api,
    readings.api, moderation.api, recognition.api, questions.api, conversations.api, sharing.api,
    watching.api, widgets.api, widget_client.api, guests.api, helping.api, meetups.api, rsvps.api, agenda.api,
    calendars.api, attendance.api, meetup_changes.api, series.api, pictures.api, one_click.api,
    documents.api,
]  # fmt: skip
TRIGGERED = [
    live.live, relay.relay, emails.emails, rewards.rewards, deadlines.deadlines, timers.timers,
    routing.routing, spoken.spoken, deliveries.deliveries, notices.notices, schedules.schedules,
    tended.meetups, looked_at.pictures,
]  # fmt: skip

for blueprint in [*APIS, *TRIGGERED]:
    app.register_blueprint(blueprint)
