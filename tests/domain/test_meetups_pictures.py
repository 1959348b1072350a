"""Pictures of a meetup: sent by who came, looked at before anyone reads them, counted, taken away."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from chalicelib.domain import errors, events, meetups, standing
from chalicelib.domain.meetups import album, pictures, stripping
from chalicelib.gateways import aws, clock, files, ids
from chalicelib.models.pictures import COUNTED, LISTED, Album, Picture, PicturePlace
from chalicelib.models.suspensions import RunningSuspension
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import faults, photographs
from tests.factories import a_caller, a_follower
from tests.meetups import Coffee
from tests.roads import announced

PAGE = Page(40)


class Table(Coffee):
    """A coffee that Awa and Bob come to, and that has begun; whoever sends a picture does it by name."""

    def __init__(self, time_passes):
        super().__init__(seats=60)
        self.says("awa")
        self.says("bob")
        time_passes(days=3, minutes=5)

    def expects(self, name="awa", media_type="image/jpeg"):
        return pictures.expect(a_caller(name), *self.this, media_type=media_type)

    def posts(self, name="awa", content=None):
        """Someone's picture, as it is in the bucket before they say so."""
        seen = self.expects(name)
        files.put(album.upload_key(seen.id), content or photographs.photograph(), media_type="image/jpeg")
        return seen.id

    def sends(self, name="awa", content=None):
        """Someone's picture, of which they say that it is sent."""
        picture_id = self.posts(name, content)
        pictures.send(a_caller(name), *self.this, picture_id)
        return picture_id

    def shows(self, name="awa"):
        """Someone's picture, once it is shown."""
        picture_id = self.sends(name)
        look()
        return picture_id

    def removes(self, name, picture_id):
        pictures.remove(a_caller(name), *self.this, picture_id)

    def picture(self, picture_id):
        return load(Picture.key(self.id, picture_id))[0]

    def state(self, picture_id):
        return self.picture(picture_id).state

    def listed(self, name="bob"):
        return [seen.id for seen in album.shown(a_caller(name), *self.this, PAGE).items]

    def must_add_up(self):
        """What is counted is what is there, and what is listed is what is shown."""
        super().must_add_up()
        kept = list(Picture.query(f"MEETUP#{self.id}#PICTURES"))
        counts = {}
        for picture in kept:
            if picture.state in COUNTED:
                counts[picture.member_id] = counts.get(picture.member_id, 0) + 1
        counted = load(Album.key(self.id))[0]
        assert (counted.counts if counted else {}) == counts
        shown = [picture.id for picture in kept if picture.state in LISTED]
        assert [place.sk for place in PicturePlace.shown(self.id, PAGE).items] == shown


@pytest.fixture
def table(time_passes):
    table = Table(time_passes)
    yield table
    table.must_add_up()


def bucket():
    """The keys of everything in the bucket."""
    found = aws.client("s3").list_objects_v2(Bucket="files").get("Contents", [])
    return sorted(entry["Key"] for entry in found)


def look(kinds=(events.PictureSent, events.PictureRemoved)):
    """Hand over all that was ever announced of pictures, as a queue may."""
    for event in announced():
        if isinstance(event, kinds):
            CONSUMER[type(event)](event)


CONSUMER = {events.PictureSent: stripping.look_at, events.PictureRemoved: stripping.clean_up}


def test_a_picture_is_posted_by_its_sender_under_one_key_of_one_type_and_no_larger_than_that(table):
    seen = table.expects(media_type="image/png")

    policy = json.loads(base64.b64decode(seen.upload.fields["policy"]))
    conditions = policy["conditions"]
    assert (seen.state, seen.url) == ("expected", None)
    assert seen.upload.fields["key"] == f"uploads/{seen.id}"
    assert {"key": f"uploads/{seen.id}"} in conditions
    assert {"Content-Type": "image/png"} in conditions
    assert {"bucket": "files"} in conditions
    assert ["content-length-range", 1, 8 * 1024 * 1024] in conditions
    assert seen.upload.expires_at - clock.now() <= timedelta(minutes=5)
    # nothing may be sent with it but what signs it
    named = {name for condition in conditions if isinstance(condition, dict) for name in condition}
    assert {name for name in named if not name.startswith("x-amz-")} == {"bucket", "key", "Content-Type"}


def test_what_was_sent_is_shown_without_where_it_was_taken_and_what_was_sent_is_gone(table):
    picture_id = table.sends()
    assert table.listed() == []

    look()

    (seen,) = album.shown(a_caller("bob"), *table.this, PAGE).items
    key = album.shown_key(*table.this, picture_id)
    assert (seen.id, seen.state, seen.width, seen.height) == (picture_id, "shown", 320, 200)
    assert bucket() == [key]
    assert photographs.SECRET not in files.fetch(key, most=10**6)
    assert table.picture(picture_id).expires_at is None


def test_its_address_is_good_for_a_quarter_of_an_hour_and_for_a_picture_only(table):
    table.shows()

    (seen,) = album.shown(a_caller("bob"), *table.this, PAGE).items

    assert "response-content-type=image%2Fjpeg" in seen.url
    assert "X-Amz-Expires=900" in seen.url
    assert "/pictures/" in seen.url
    assert seen.url_until - clock.now() <= timedelta(minutes=15)


def test_nothing_is_read_of_a_picture_before_it_was_looked_at(table):
    picture_id = table.sends()

    assert album.read(a_caller("awa"), *table.this, picture_id).url is None
    assert table.listed("awa") == []
    with pytest.raises(album.PictureNotFound):
        album.read(a_caller("bob"), *table.this, picture_id)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (photographs.PAGE, "not_a_picture"),
        (photographs.photograph()[:400], "not_a_picture"),
        (photographs.bomb(), "too_many_pixels"),
        (b"\xff" * (8 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=["page", "half", "bomb", "large"],
)
def test_what_is_no_picture_is_refused_with_a_reason_and_frees_its_place(table, content, reason):
    picture_id = table.sends(content=content)

    look()

    seen = album.read(a_caller("awa"), *table.this, picture_id)
    (refused,) = announced(events.PictureRefused)
    assert (seen.state, seen.reason, seen.url) == ("refused", reason, None)
    assert (refused.picture_id, refused.reason) == (picture_id, reason)
    assert bucket() == table.listed() == []
    assert load(Album.key(table.id))[0].total == 0


def test_what_was_said_to_be_sent_and_never_posted_is_refused(table):
    seen = table.expects()
    pictures.send(a_caller("awa"), *table.this, seen.id)

    look()

    assert album.read(a_caller("awa"), *table.this, seen.id).reason == "nothing_was_posted"


def test_saying_again_that_it_is_sent_changes_nothing(table):
    picture_id = table.posts()
    states = [pictures.send(a_caller("awa"), *table.this, picture_id).state for _ in range(2)]
    look()
    states.append(pictures.send(a_caller("awa"), *table.this, picture_id).state)

    assert states == ["sent", "sent", "shown"]
    assert len(announced(events.PictureSent)) == 1


def test_told_twice_or_late_it_is_shown_once(table):
    picture_id = table.sends()
    look()
    before = table.picture(picture_id).version
    look()

    assert table.picture(picture_id).version == before
    assert len(announced(events.PictureShown)) == 1


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", range(1, 6))
@pytest.mark.parametrize("content", [None, photographs.PAGE], ids=["picture", "page"])
def test_a_process_that_dies_anywhere_on_the_way_leaves_all_to_the_next_delivery(table, call, fault, content):
    picture_id = table.sends(content=content)
    (sent,) = announced(events.PictureSent)
    with faults.installed() as injector:
        injector.fail(call, fault)
        try:
            stripping.look_at(sent)
        except faults.Crash:
            died = True
        else:
            died = False
    assert died == (call <= (5 if content is None else 4))

    stripping.look_at(sent)

    key = album.shown_key(*table.this, picture_id)
    assert table.state(picture_id) == ("shown" if content is None else "refused")
    assert bucket() == ([key] if content is None else [])
    assert len(announced(events.PictureShown)) + len(announced(events.PictureRefused)) == 1


@pytest.mark.parametrize("fault", ["crash-before", "crash-after"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_process_that_dies_while_it_cleans_up_leaves_the_rest_to_the_next_delivery(table, call, fault):
    picture_id = table.shows()
    table.removes("awa", picture_id)
    (removed,) = announced(events.PictureRemoved)
    with faults.installed() as injector:
        injector.fail(call, fault)
        with pytest.raises(faults.Crash):
            stripping.clean_up(removed)

    stripping.clean_up(removed)

    assert bucket() == []


def test_a_fault_of_the_bucket_is_no_reason_to_refuse_a_picture(table):
    picture_id = table.sends()
    (sent,) = announced(events.PictureSent)
    with faults.installed() as injector:
        for attempt in range(2, 7):
            injector.fail(attempt, "5xx")
        with pytest.raises(Exception, match=r"500|Internal"):
            stripping.look_at(sent)

    assert table.state(picture_id) == "sent"
    stripping.look_at(sent)
    assert table.state(picture_id) == "shown"


def test_one_that_is_taken_away_while_it_is_looked_at_is_not_shown_and_leaves_no_file(table, monkeypatch):
    picture_id = table.sends()
    put = files.put

    def put_late(*args, **values):
        put(*args, **values)
        monkeypatch.setattr(files, "put", put)
        table.removes("awa", picture_id)
        look((events.PictureRemoved,))  # the files are cleaned up first, and come back:
        put(*args, **values)

    monkeypatch.setattr(files, "put", put_late)
    look((events.PictureSent,))

    assert table.state(picture_id) == "removed"
    assert bucket() == table.listed() == []
    assert announced(events.PictureShown) == []


def test_what_another_delivery_refuses_while_it_is_looked_at_leaves_no_file(table, monkeypatch):
    picture_id = table.sends()
    (sent,) = announced(events.PictureSent)
    put = files.put

    def put_late(*args, **values):
        put(*args, **values)
        monkeypatch.setattr(files, "put", put)
        put(album.upload_key(picture_id), photographs.PAGE, media_type="image/jpeg")
        stripping.look_at(sent)

    monkeypatch.setattr(files, "put", put_late)
    stripping.look_at(sent)

    assert table.state(picture_id) == "refused"
    assert bucket() == table.listed() == []


def test_what_cannot_be_looked_at_however_often_is_refused_at_last(table, monkeypatch):
    picture_id = table.sends()
    (sent,) = announced(events.PictureSent)

    def out_of_time(_):
        raise TimeoutError

    monkeypatch.setattr(stripping.pictures, "stripped", out_of_time)
    with pytest.raises(TimeoutError):
        stripping.look_at(sent)
    for _ in range(2):
        stripping.give_up(sent)

    seen = album.read(a_caller("awa"), *table.this, picture_id)
    assert (seen.state, seen.reason) == ("refused", "too_complex")
    assert bucket() == table.listed() == []
    assert len(announced(events.PictureRefused)) == 1


def test_what_was_never_looked_at_because_the_bucket_is_out_of_reach_is_not_given_up(table):
    picture_id = table.sends()
    (sent,) = announced(events.PictureSent)
    with faults.installed() as injector:
        for attempt in range(2, 7):
            injector.fail(attempt, "5xx")
        with pytest.raises(Exception, match=r"500|Internal"):
            stripping.give_up(sent)

    assert table.state(picture_id) == "sent"


def test_what_is_shown_already_is_not_given_up(table):
    picture_id = table.shows()
    (sent,) = announced(events.PictureSent)

    stripping.give_up(sent)

    assert table.listed() == [picture_id]


def test_one_that_was_taken_away_before_it_was_looked_at_is_never_shown(table):
    picture_id = table.sends()
    table.removes("awa", picture_id)

    look()

    assert bucket() == table.listed() == announced(events.PictureShown) == []


def test_its_sender_takes_it_away(table):
    picture_id = table.shows("awa")

    table.removes("awa", picture_id)
    look()

    assert bucket() == table.listed() == []
    (removed,) = announced(events.PictureRemoved)
    assert removed.actor_id == removed.member_id == a_caller("awa").member_id


def test_a_host_takes_nobody_elses_away(table):
    picture_id = table.shows("awa")

    with pytest.raises(pictures.NotYourPicture):
        table.removes("hana", picture_id)

    assert table.listed() == [picture_id]


def test_taking_it_away_again_changes_nothing(table):
    picture_id = table.shows()
    for _ in range(2):
        table.removes("awa", picture_id)

    assert len(announced(events.PictureRemoved)) == 1


def test_nobody_else_takes_it_away(table):
    shown, sent = table.shows("awa"), table.sends("awa")
    a_follower("cleo", table.hub)

    with pytest.raises(pictures.NotYourPicture):
        table.removes("bob", shown)
    for name, picture_id in (("bob", sent), ("cleo", shown), ("bob", ids.new("pic"))):
        with pytest.raises(album.PictureNotFound):
            table.removes(name, picture_id)


def test_who_sent_it_takes_it_away_even_when_they_come_no_more(table, monkeypatch):
    picture_id = table.shows("awa")
    rsvp = table.rsvp("awa")
    rsvp.state = "declined"
    rsvp.save()

    with pytest.raises(meetups.NotComing):
        table.listed("awa")
    table.removes("awa", picture_id)

    assert table.listed() == []
    rsvp.refresh()
    rsvp.state = "going"
    rsvp.save()


def test_pictures_are_sent_and_read_by_those_who_came(table):
    picture_id = table.shows()
    a_follower("cleo", table.hub)

    with pytest.raises(meetups.NotComing):
        table.expects("cleo")
    with pytest.raises(meetups.NotComing):
        table.listed("cleo")
    with pytest.raises(album.PictureNotFound):
        album.read(a_caller("cleo"), *table.this, picture_id)
    assert table.listed("hana") == table.listed("bob") == [picture_id]


def test_nobody_sends_what_someone_else_began_to_send(table):
    picture_id = table.posts("awa")

    for name in ("bob", "hana"):
        with pytest.raises(album.PictureNotFound):
            pictures.send(a_caller(name), *table.this, picture_id)


def test_a_picture_is_of_one_meetup(table):
    other = Coffee(slug="potager")

    with pytest.raises(album.PictureNotFound):
        album.read(other.hana, *other.this, table.shows())
    with pytest.raises(meetups.MeetupNotFound):
        pictures.expect(table.hana, other.hub.id, table.id, media_type="image/png")


def test_pictures_are_taken_from_its_start_until_thirty_days_after_its_end(time_passes):
    coffee = Coffee(seats=5)
    coffee.says("awa")

    def expected():
        return pictures.expect(a_caller("awa"), *coffee.this, media_type="image/png").state

    with pytest.raises(meetups.MeetupStateRefused):
        expected()
    time_passes(days=3, minutes=1)
    assert expected() == "expected"
    time_passes(days=30)
    assert expected() == "expected"
    late = pictures.expect(a_caller("awa"), *coffee.this, media_type="image/png").id
    time_passes(minutes=119)
    with pytest.raises(pictures.PicturesClosed) as refusal:
        expected()
    assert refusal.value.context["closed_at"] == (coffee.meetup.ends_at + timedelta(days=30)).isoformat(
        timespec="seconds"
    )
    with pytest.raises(album.PictureNotFound):  # it was waited for in vain, too
        pictures.send(a_caller("awa"), *coffee.this, late)


def test_of_a_meetup_that_was_cancelled_there_are_no_pictures(time_passes):
    coffee = Coffee()
    meetup = coffee.meetup
    meetup.state = "cancelled"
    meetup.save()
    time_passes(days=3, minutes=5)

    with pytest.raises(meetups.MeetupStateRefused):
        pictures.expect(coffee.hana, *coffee.this, media_type="image/png")


def test_what_is_not_sent_within_an_hour_was_never_begun(table, time_passes):
    picture_id = table.posts()
    time_passes(minutes=61)

    for act in (pictures.send, album.read, album.again, pictures.remove):
        with pytest.raises(album.PictureNotFound):
            act(a_caller("awa"), *table.this, picture_id)


def test_whoever_is_suspended_sends_none_and_may_take_theirs_away(table):
    shown, posted = table.shows(), table.posts()
    suspend(table)

    for act in (table.expects, lambda: pictures.send(a_caller("awa"), *table.this, posted)):
        with pytest.raises(standing.Suspended):
            act()
    table.removes("awa", shown)


def suspend(table):
    running = RunningSuspension.key(table.hub.id, a_caller("awa").member_id)
    RunningSuspension(
        running.pk, running.sk, statement_id=ids.new("sta"), suspension_id=ids.new("sus"),
        until=clock.now() + timedelta(days=7),
    ).save()  # fmt: skip


def test_one_person_sends_five_pictures_and_one_more_when_one_is_taken_away_or_refused(table):
    mine = [table.sends() for _ in range(4)]
    more = [table.posts(), table.posts(content=photographs.PAGE)]
    pictures.send(a_caller("awa"), *table.this, more[0])

    with pytest.raises(pictures.TooManyPictures):
        table.expects()
    with pytest.raises(pictures.TooManyPictures):
        pictures.send(a_caller("awa"), *table.this, more[1])
    table.sends("bob")
    table.removes("awa", mine[0])
    pictures.send(a_caller("awa"), *table.this, more[1])
    look()  # it is refused, and frees its place
    table.sends()
    with pytest.raises(pictures.TooManyPictures):
        table.expects()


def test_what_was_only_begun_holds_no_place(table):
    for _ in range(12):
        table.expects()

    assert load(Album.key(table.id))[0] is None


def test_a_meetup_has_forty_pictures(time_passes, monkeypatch):
    coffee = Table(time_passes)
    full = Album.of(coffee.id)
    full.counts = {f"mem_{number}": 5 for number in range(8)}
    full.save()

    with pytest.raises(pictures.AlbumFull):
        coffee.expects()


def test_of_two_who_send_the_last_one_at_once_one_is_told_that_there_is_no_room(table, monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 1)
    mine, theirs = table.posts("awa"), table.posts("bob")
    hold = standing.hold_to_it

    def meanwhile(*args):
        monkeypatch.setattr(standing, "hold_to_it", hold)
        pictures.send(a_caller("bob"), *table.this, theirs)
        hold(*args)

    monkeypatch.setattr(standing, "hold_to_it", meanwhile)
    with pytest.raises(pictures.AlbumFull):
        pictures.send(a_caller("awa"), *table.this, mine)

    assert [table.state(mine), table.state(theirs)] == ["expected", "sent"]


def test_the_list_goes_on_where_it_ended(table):
    sent = [table.shows(name) for name in ("awa", "bob", "hana")]

    first = album.shown(a_caller("bob"), *table.this, Page(2))
    rest = album.shown(a_caller("bob"), *table.this, Page(2, first.last))

    assert [seen.id for seen in [*first.items, *rest.items]] == sent
    assert rest.last is None


def test_every_refusal_says_why_in_both_languages():
    for refusal in (
        album.PictureNotFound, pictures.NotYourPicture, pictures.PicturesClosed, pictures.TooManyPictures,
        pictures.AlbumFull,
    ):  # fmt: skip
        told = refusal(**refusal.example)
        assert isinstance(told, errors.Refusal)
        assert told.sentence("fr") != told.sentence("en")
