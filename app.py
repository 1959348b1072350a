"""The composition root: what this application is made of. No routes here."""

from chalice.app import Chalice

from chalicelib.handlers import live, schedules
from chalicelib.handlers.consumers import emails, relay, rewards
from chalicelib.handlers.http import (
    documents,
    mails,
    members,
    memberships,
    messages,
    moderation,
    organizations,
    readings,
    recognition,
    salons,
)
from chalicelib.handlers.http import live as live_tickets

app = Chalice(app_name="entraide", configure_logs=False)
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
app.api.binary_types = []  # everything here is text

APIS = [
    organizations.api,
    memberships.api,
    members.api,
    mails.api,
    live_tickets.api,
    salons.api,
    messages.api,
    readings.api,
    moderation.api,
    recognition.api,
    documents.api,
]

for api in APIS:
    app.register_blueprint(api)

app.register_blueprint(live.live)
app.register_blueprint(relay.relay)
app.register_blueprint(emails.emails)
app.register_blueprint(rewards.rewards)
app.register_blueprint(schedules.schedules)
