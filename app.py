"""The composition root: what this application is made of. No routes here."""

from chalice.app import Chalice

from chalicelib.handlers import live, schedules
from chalicelib.handlers.consumers import (
    deadlines,
    deliveries,
    emails,
    notices,
    relay,
    rewards,
    routing,
    spoken,
    timers,
)
from chalicelib.handlers.http import (
    conversations,
    documents,
    guests,
    helping,
    mails,
    members,
    memberships,
    messages,
    moderation,
    organizations,
    questions,
    readings,
    recognition,
    salons,
    sharing,
    watching,
    widget_client,
    widgets,
)
from chalicelib.handlers.http import live as live_tickets

app = Chalice(app_name="entraide", configure_logs=False)
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
app.api.binary_types = []  # everything here is text

APIS = [
    organizations.api, memberships.api, members.api, mails.api, live_tickets.api, salons.api,
    messages.api, readings.api, moderation.api, recognition.api, questions.api, conversations.api,
    sharing.api, watching.api, widgets.api, widget_client.api, guests.api, helping.api, documents.api,
]  # fmt: skip

for api in APIS:
    app.register_blueprint(api)

TRIGGERED = [
    live.live, relay.relay, emails.emails, rewards.rewards, deadlines.deadlines, timers.timers,
    routing.routing, spoken.spoken, deliveries.deliveries, notices.notices, schedules.schedules,
]  # fmt: skip

for blueprint in TRIGGERED:
    app.register_blueprint(blueprint)
