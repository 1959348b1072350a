SUMMARY = "The backend for peer-help communities around organizations."

DESCRIPTION = """\
## Signing in
Send the access token as `Authorization: Bearer …`. No cookies are set or read. What needs no account takes no
token, and one that is sent all the same must be valid. What you may do is decided at every request: what is
not yours to know of answers 404, not 403.

Guests ask without an account: `POST /v1/widget/sessions`, from a site that carries the widget, gives them a
token for 24 hours, good in one organization and from that site. What is for members answers `members_only`.

## Errors
Every error is an `application/problem+json` document (RFC 9457). Its `code` is stable and never translated:
compare it. Its `title` and `detail` are in the language that `Accept-Language` asks for, French or English.
`errors` names each field at fault by a JSON pointer into the body, or each query parameter by its name.
`request_id`, also in `X-Request-Id`, is what support needs. What you get here without an operation's help:
`route_not_found` (404: no such path, or not with this method), `malformed_request` (400), `request_too_large`
(413), `wrong_media_type` (415), `too_many_requests` (429) and `service_unavailable` (503).

## Lists
A list answers `{data, has_more, next_cursor, order}`. Send `next_cursor` as `cursor`, with everything else as
it was, or follow `Link: <…>; rel="next"`. A cursor is good for you and for this list only. `order` names the
published rule by which the list is sorted, with its version. Some lists leave out what you may not see: a
page may be shorter than `limit`, and empty before the end.

## Sending a request again
PUT and DELETE may always be repeated. On POST, send an `Idempotency-Key`: for a day, the same key with the
same request is carried out once, and answered again with what it created or moved, as that is now, and with
`Idempotency-Replayed: true`.
The same key with another request is refused. A refused request spends no key. Messages carry a
`client_message_id` in their body instead.

## Changing what others change too
What several people change has an `ETag`. Send it as `If-Match` with your change: should anyone have been
faster, you get `changed_meanwhile` (412) and can read again. `If-None-Match` on GET answers 304 when nothing
changed.

## Limits
Bodies are JSON in UTF-8, of 64 KiB at most. Writing is limited to 120 requests a minute, 30 without an
account: `RateLimit` and `X-RateLimit-*` tell what is left, `Retry-After` how long to wait.

## Times, ids, evolution
Times are RFC 3339 in UTC. Ids are opaque. New members may appear in answers at any time: leave aside those
that you do not know. Members that are not documented are refused in requests.
"""
