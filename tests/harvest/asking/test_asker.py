import asyncio
import itertools
import random

import msgspec
import pytest

from harvest.asking.answers import Means
from harvest.asking.asker import SUSPECT_TRIES, Asker
from harvest.auth import BearerSender, TokenSource
from harvest.config import Secret, SpotifySettings
from harvest.errors import CredentialsRefused, InputError, Postponed
from harvest.pacing import PASSING_S, Pacer
from harvest.sending.client import MAX_TRIES, Client, PacedSender
from harvest.sources.spotify import SpotifyFeatures
from harvest.sources.spotify_search import SpotifySearch
from harvest.worklist import State, Task
from tests.harvest.fakes import (
    ID,
    AnsweringSender,
    FakeClock,
    StopOnFakeTime,
    features,
    ids_in,
    reply,
)

TASKS = [Task(ID(i), "artist", "title") for i in range(8)]


def ask(
    answer,
    tasks=TASKS,
    *,
    known_good=None,
    batch_size=100,
    refusing=None,
    authorise=lambda s: s,
    source=None,
    clock=None,
    left=TASKS,
):
    """Ask a service that answers by `answer`; return what is committed, requests and pauses."""
    clock = clock or FakeClock()
    sender = AnsweringSender(answer)
    changes, records, pauses = {}, {}, []
    refusing = [] if refusing is None else refusing

    async def commit(one):
        changes.update({t.spotify_id: change for change in one.changes for t in change.tasks})
        records.update({record.spotify_id: record for record in one.records})

    async def some_known_good():
        return known_good

    async def others(task):
        return [other for other in left if other != task]

    async def on_single(address):
        refusing.append(address)

    async def scenario():
        stop = StopOnFakeTime(clock)
        pacer = Pacer(1e6, stop=stop, clock=clock, on_pause=lambda s, _why: pauses.append(s))

        paced = PacedSender(authorise(sender), pacer)
        client = Client(paced, pacer=pacer, sleep=clock.sleep, max_wait_s=120)
        means = Means(
            client=client,
            pacer=pacer,
            commit=commit,
            known_good=some_known_good,
            others=others,
            clock=clock,
        )
        spotify = SpotifyFeatures("http://api/v1", batch_size=batch_size)
        asker = Asker(source or spotify, means, on_single=on_single)
        await asyncio.gather(*(asker.settle(batch) for batch in batches))

    batches = [tasks] if isinstance(tasks[0], Task) else tasks
    asyncio.run(scenario())
    return changes, records, sender.requests, pauses


def batch_of(request, bad=()):
    return {"audio_features": [None if i in bad else features(i) for i in ids_in(request)]}


def states(changes):
    return {spotify_id: change.state for spotify_id, change in changes.items()}


def test_a_good_batch_takes_one_request():
    changes, records, requests, _ = ask(lambda request: reply(batch_of(request)))
    assert set(states(changes).values()) == {State.DONE}
    assert set(records) == {task.spotify_id for task in TASKS}
    assert len(requests) == 1


def test_a_null_is_a_missing_track_and_harms_no_other():
    changes, records, *_ = ask(lambda request: reply(batch_of(request, bad={ID(3)})))
    assert changes[ID(3)].state is State.MISSING
    assert len(records) == 7


@pytest.mark.parametrize("status", [400, 414, 413])
def test_one_bad_id_is_found_by_halving_and_dies_alone(status):
    def answer(request):
        return reply({}, status) if ID(5) in ids_in(request) else reply(batch_of(request))

    changes, records, requests, _ = ask(answer)
    assert {i for i, change in changes.items() if change.state is State.DEAD} == {ID(5)}
    assert len(records) == 7
    # 8 fails, 4 good, 4 fails, 2 fails, 1 good, 1 fails, another passes, 1 fails (dead), 2 good.
    assert len(requests) == 9


@pytest.mark.parametrize("status", [400, 405, 302, 418, 204])
def test_a_service_that_never_answered_well_is_a_wrong_address_and_charges_nobody(status):
    with pytest.raises(InputError):
        ask(lambda request: reply(b"", status))


@pytest.mark.parametrize("status", [400, 404, 405, 413, 414])
def test_what_to_try_is_said_where_batches_are_answered_oddly_from_the_start(status):
    expected = rf"answers {status}.*; check that SPOTIFY_API_URL is .*/v1, or try --batch 1, "
    with pytest.raises(InputError, match=expected):
        ask(lambda request: reply({"error": {"status": status, "message": "bad request"}}, status))


@pytest.mark.parametrize("status", [400, 405])
def test_no_smaller_batch_is_advised_where_tracks_are_asked_for_one_by_one(status):
    with pytest.raises(InputError, match=r"; check that SPOTIFY_API_URL is .*/v1$"):
        ask(lambda request: reply(b"", status), TASKS[:1], batch_size=1)


@pytest.mark.parametrize("answer", [reply(b"", 400), reply(b"", 404), reply(b"", 405)])
def test_odd_answers_of_a_service_that_was_good_before_are_waited_out(answer):
    requests = []

    def moody(request):
        requests.append(request)
        return answer if 3 < len(requests) < 200 else reply(batch_of(request))

    workers = [[task] for task in TASKS]
    changes, records, _, pauses = ask(moody, workers, known_good=Task(ID(99), "", ""))
    assert set(states(changes).values()) == {State.DONE}
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 8
    assert pauses


def test_a_service_that_lies_about_everything_is_waited_out_and_charges_nobody():
    requests = []

    def liar(request):
        requests.append(request)
        if len(requests) < 30:
            return reply({"audio_features": [features(ID(77)) for _ in ids_in(request)]})
        return reply(batch_of(request))

    changes, records, _, pauses = ask(liar, known_good=Task(ID(99), "", ""))
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 8
    assert pauses


WRONG_SHAPES = [reply({}), reply([]), reply(b"<html>"), reply({"audio_features": "none"})]


@pytest.mark.parametrize("answer", WRONG_SHAPES, ids=lambda each: each.body.decode())
@pytest.mark.parametrize("tasks", [[TASKS], [[task] for task in TASKS]])
def test_an_address_that_never_answers_in_the_services_shape_is_a_wrong_one(answer, tasks):
    clock = FakeClock(0.0)
    with pytest.raises(InputError, match=r"http://api/v1 has .* check that SPOTIFY_API_URL is"):
        ask(lambda _: answer, tasks, clock=clock)
    # From 60 s on; in between is a pause of 32 s at most, and a round of tries.
    assert 60 <= clock.now <= 60 + 32 + 8


def test_single_tracks_that_never_come_in_the_services_shape_are_asked_for_in_vain():
    def answer(request):
        return reply(b"", 403) if "ids" in request.params else reply(b"<html>")

    with pytest.raises(InputError, match="has sent nothing usable for"):
        ask(answer)


@pytest.mark.parametrize("answer", WRONG_SHAPES[:3])
def test_a_service_that_was_of_the_right_shape_in_an_earlier_run_is_left_for_later(answer):
    clock = FakeClock(0.0)
    with pytest.raises(Postponed, match="as it did before"):
        ask(lambda _: answer, known_good=Task(ID(99), "", ""), clock=clock)
    assert 600 <= clock.now <= 600 + 60 + 8


def test_pages_that_stand_before_a_service_for_half_a_minute_are_waited_out():
    clock = FakeClock(0.0)

    def answer(request):
        return reply(b"<html>") if clock.now < 30 else reply(batch_of(request))

    changes, records, *_ = ask(answer, clock=clock)
    assert (set(states(changes).values()), len(records)) == ({State.DONE}, 8)


def test_pages_are_waited_out_for_hours_once_the_service_was_heard():
    clock, requests = FakeClock(0.0), []

    def answer(request):
        requests.append(request)
        is_page = len(requests) > 1 and clock.now < 9000
        return reply(b"<html>") if is_page else reply(batch_of(request))

    batches = [[TASKS[0]], TASKS[1:]]
    changes, *_ = ask(answer, batches, known_good=Task(ID(99), "", ""), clock=clock)
    assert set(states(changes).values()) == {State.DONE}
    assert clock.now >= 9000


def test_a_large_batch_of_nulls_is_believed_where_what_was_known_is_known_yet():
    tasks = [Task(ID(i), "", "") for i in range(20)]
    known = Task(ID(99), "", "")

    def knows_one(request):
        asked = ids_in(request)
        return reply({"audio_features": [features(i) if i == ID(99) else None for i in asked]})

    changes, _, requests, pauses = ask(knows_one, tasks, known_good=known)
    assert set(states(changes).values()) == {State.MISSING}
    assert (len(requests), pauses) == (2, [])

    n_nulls = iter(range(30))

    def forgets_all_for_a_while(request):
        if next(n_nulls, None) is not None:
            return reply({"audio_features": [None for _ in ids_in(request)]})
        return reply({"audio_features": [features(i) for i in ids_in(request)]})

    changes, *_, pauses = ask(forgets_all_for_a_while, tasks, known_good=known)
    assert set(states(changes).values()) == {State.DONE}
    assert pauses


def test_a_batch_that_breaks_the_server_is_halved_once_the_service_is_seen_to_be_up():
    def answer(request):
        return reply(b"", 500) if ID(5) in ids_in(request) else reply(batch_of(request))

    changes, records, requests, _ = ask(answer, known_good=Task(ID(99), "", ""))
    assert changes[ID(5)].state is State.PENDING
    assert changes[ID(5)].attempts == 1
    assert len(records) == 7
    # Five tries, one more, a look after each whether the service is up, and the first half.
    assert [len(ids_in(request)) for request in requests[:9]] == [8] * 5 + [1, 8, 1, 4]


def test_an_outage_costs_no_track_an_attempt_and_is_waited_out_with_growing_pauses():
    n_requests = 0

    def answer(request):
        nonlocal n_requests
        n_requests += 1
        return reply(b"", 503) if n_requests <= 24 else reply(batch_of(request))

    changes, records, _, pauses = ask(answer, known_good=Task(ID(99), "", ""))
    assert set(states(changes).values()) == {State.DONE}
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 8
    # Each round is five tries and one look whether the service is up: 24 = 4 rounds of 6.
    assert pauses == [1, 2, 4, 8]


@pytest.mark.parametrize("n_failures", [5, 40])
def test_an_outage_that_begins_between_two_answers_costs_no_track_an_attempt(n_failures):
    requests = []

    def answer(request):
        requests.append(request)
        is_down = 1 < len(requests) <= 1 + n_failures
        asked = request.url.rsplit("/", 1)[1]
        return reply(b"", 503) if is_down else reply(features(asked))

    # Each track is asked for by a worker of its own; the first is answered while the others wait.
    workers = [[task] for task in TASKS[:3]]
    changes, records, *_ = ask(answer, workers, known_good=Task(ID(99), "", ""), batch_size=1)
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 3


def test_a_track_that_failed_before_the_service_was_seen_to_be_up_is_asked_for_once_more():
    answers = iter([reply(b"", 503)] * 5)

    def answer(request):
        return next(answers, None) or reply(features(request.url.rsplit("/", 1)[1]))

    known = Task(ID(99), "", "")
    changes, _, requests, pauses = ask(answer, TASKS[:1], known_good=known, batch_size=1)
    assert states(changes) == {ID(0): State.DONE}
    # Five tries, a look whether the service is up, one more try.
    assert (len(requests), pauses) == (7, [])


def test_a_single_track_is_charged_where_it_fails_between_two_answers_for_another():
    def answer(request):
        asked = request.url.rsplit("/", 1)[1]
        return reply(b"", 500) if asked == ID(0) else reply(features(asked))

    known = Task(ID(99), "", "")
    changes, _, requests, pauses = ask(answer, TASKS[:1], known_good=known, batch_size=1)
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.PENDING, 1)
    # Five tries, a look whether the service is up, and four times one more try and another look.
    assert (len(requests), pauses) == (14, [])


def test_a_lone_track_is_charged_where_the_service_was_heard_and_its_answer_is_none():
    search, odd = SpotifySearch("http://api/v1"), reply({"tracks": {"items": [5]}})
    changes, _, requests, pauses = ask(lambda _: odd, TASKS[:1], source=search)
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.PENDING, 1)
    # A round of tries; then the one by which it is charged, for the service is up.
    assert (len(requests), pauses) == (MAX_TRIES + 1, [])
    last = msgspec.structs.replace(TASKS[0], attempts=4)
    changes, _, requests, _ = ask(lambda _: odd, [last], source=search)
    assert (changes[ID(0)].state, len(requests)) == (State.DEAD, SUSPECT_TRIES + 1)


def test_a_track_without_names_is_not_asked_for_and_missing():
    nameless, search = Task(ID(0), "", "title"), SpotifySearch("http://api/v1")
    changes, _, requests, _ = ask(lambda _: reply(b"", 500), [nameless], source=search)
    assert states(changes) == {ID(0): State.MISSING}
    assert changes[ID(0)].error == "it has no artist or no title to search for"
    assert not requests


def test_a_track_whose_answer_lies_is_charged_alone():
    def answer(request):
        items = [features(i) for i in ids_in(request)]
        items[2] = features(ID(2), energy=7.0)
        return reply({"audio_features": items})

    changes, records, *_ = ask(answer)
    assert (changes[ID(2)].state, changes[ID(2)].attempts) == (State.PENDING, 1)
    assert "energy" in changes[ID(2)].error
    assert ID(2) not in records
    assert len(records) == 7


def test_refused_credentials_end_everything_and_charge_nobody():
    with pytest.raises(CredentialsRefused, match="27 November 2024"):
        ask(lambda request: reply({"error": {"status": 403}}, 403))


def no_batches(request):
    """Answers single tracks alone, all but the third."""
    if "ids" in request.params:
        return reply({"error": {"status": 403}}, 403)
    asked = request.url.rsplit("/", 1)[1]
    unknown = reply({"error": {"status": 404, "message": "analysis not found"}}, 404)
    return unknown if asked == ID(2) else reply(features(asked))


def test_where_batches_are_refused_tracks_are_asked_for_one_by_one():
    refusing = []
    changes, records, requests, _ = ask(no_batches, refusing=refusing)
    assert states(changes) == {ID(i): State.MISSING if i == 2 else State.DONE for i in range(8)}
    assert len(records) == 7
    # A refused batch, and two of one other track; then each track once, the first as a trial.
    assert len(requests) == 11
    assert refusing == ["http://api/v1"]


def test_workers_that_meet_the_refusal_together_try_one_single_track_between_them():
    refusing = []
    changes, _, requests, _ = ask(no_batches, [TASKS[:4], TASKS[4:]], refusing=refusing)
    assert len(changes) == 8
    # Two refused batches, two of one other track between them; each track once.
    assert len(requests) == 12
    assert refusing == ["http://api/v1"]


def test_a_batch_refused_for_a_moment_is_asked_for_again_and_batches_stay():
    answers = iter([None, reply(b"<html>", 403), reply(b"<html>", 403)])
    refusing = []

    def wall_for_a_moment(request):
        return next(answers, None) or reply(batch_of(request))

    halves = [TASKS[:4], TASKS[4:]]
    changes, records, requests, pauses = ask(
        wall_for_a_moment, halves, known_good=TASKS[0], refusing=refusing
    )
    assert set(states(changes).values()) == {State.DONE}
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 8
    # A half; the other, refused, as is a look whether the service is up; and that half again.
    assert (len(requests), pauses, refusing) == (4, [1], [])


def test_batches_refused_for_long_after_some_were_served_are_given_up():
    n_served, refusing = iter(range(1)), []

    def answer(request):
        is_served = next(n_served, None) is not None
        return reply(batch_of(request)) if is_served else no_batches(request)

    halves = [TASKS[:4], TASKS[4:]]
    changes, _, _, pauses = ask(answer, halves, known_good=TASKS[0], refusing=refusing)
    assert len(changes) == 8
    assert sum(pauses) >= PASSING_S
    assert refusing == ["http://api/v1"]


def test_one_track_that_is_refused_among_others_is_charged_alone():
    def answer(request):
        return reply({}, 403) if ID(5) in ids_in(request) else reply(batch_of(request))

    changes, records, *_ = ask(answer, [TASKS[:4], TASKS[4:]], known_good=TASKS[0])
    assert (changes[ID(5)].state, changes[ID(5)].attempts) == (State.PENDING, 1)
    assert changes[ID(5)].error.endswith("; others are not")
    assert len(records) == 7


@pytest.mark.parametrize("n_workers", [1, 4])
def test_a_service_that_forgets_every_track_asked_for_singly_is_waited_out(n_workers):
    tasks = [[Task(ID(i), "", "") for i in range(n, 60, n_workers)] for n in range(n_workers)]
    answers = iter([True] * 5 + [False] * 40)

    def forgets_for_a_while(request):
        asked = request.url.rsplit("/", 1)[1]
        unknown = reply({"error": {"status": 404, "message": "analysis not found"}}, 404)
        return reply(features(asked)) if next(answers, True) else unknown

    known = Task(ID(99), "", "")
    changes, _, _, pauses = ask(forgets_for_a_while, tasks, known_good=known, batch_size=1)
    pending = {i for i, change in changes.items() if change.state is State.PENDING}
    done = {i for i, change in changes.items() if change.state is State.DONE}
    # What was taken for unknown before is due again; nothing is lost.
    assert pending | done == {ID(i) for i in range(60)}
    assert 19 - n_workers < len(pending) <= 19
    assert pauses


def test_an_odd_answer_to_the_first_request_of_a_later_run_is_waited_out():
    answers = iter([reply(b"", 302), reply(b"", 302)])

    def answer(request):
        return next(answers, None) or reply(batch_of(request))

    changes, _, _, pauses = ask(answer, known_good=Task(ID(99), "", ""))
    assert set(states(changes).values()) == {State.DONE}
    assert pauses == [1]


def test_an_address_that_answers_oddly_for_longer_is_a_wrong_one_though_tracks_are_known():
    with pytest.raises(InputError, match="answers 404; check that SPOTIFY_API_URL"):
        ask(lambda _: reply(b"", 404), known_good=Task(ID(99), "", ""))


def test_a_trial_that_fails_for_the_moment_is_made_again():
    # To a batch, to two of one other track, to the trial.
    answers = iter([reply(b"", 403), *[reply(b"", 503)] * 7])
    changes, *_, pauses = ask(lambda request: next(answers, None) or no_batches(request))
    assert len(changes) == 8
    assert pauses == [1]


@pytest.mark.parametrize("n_tracks", [1, 8])
def test_a_trial_by_a_track_that_breaks_the_server_is_made_with_another(n_tracks):
    def answer(request):
        return reply(b"", 500) if request.url.endswith(ID(0)) else no_batches(request)

    known, refusing = Task(ID(9), "", ""), []
    changes, *_ = ask(answer, TASKS[:n_tracks], known_good=known, refusing=refusing)
    assert len(changes) == n_tracks
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.PENDING, 1)
    assert refusing == ["http://api/v1"]


@pytest.mark.parametrize("single_status", [403, 404])
def test_where_single_tracks_are_refused_too_the_app_is_shut_out(single_status):
    requests = []

    def answer(request):
        requests.append(request)
        return reply(b"", 403 if "ids" in request.params else single_status)

    with pytest.raises(CredentialsRefused):
        ask(answer)
    # A batch, two of one other track, three single tracks.
    assert len(requests) == 6


@pytest.mark.parametrize("batch_size", [1, 100])
@pytest.mark.parametrize("status", [403, 451])
def test_a_track_at_the_head_that_is_refused_is_charged_where_any_other_is_served(
    status, batch_size
):
    def answer(request):
        asked = ids_in(request) if "ids" in request.params else [request.url.rsplit("/", 1)[1]]
        if ID(0) in asked:
            return reply({"error": {"status": status}}, status)
        return reply(batch_of(request) if "ids" in request.params else features(asked[0]))

    workers = [[task] for task in TASKS] if batch_size == 1 else [TASKS]
    refusing = []
    changes, records, *_ = ask(answer, workers, batch_size=batch_size, refusing=refusing)
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.PENDING, 1)
    assert len(records) == 7
    assert not refusing  # batches go on


@pytest.mark.parametrize("known_good", [None, Task(ID(99), "", "")])
@pytest.mark.parametrize("batch_size", [1, 100])
def test_an_outage_in_which_nothing_is_served_charges_nobody_however_long_it_lasts(
    known_good, batch_size
):
    requests, down = [], itertools.cycle([reply(b"", 503), reply(b"", 500), reply(b"", 429)])

    def answer(request):
        requests.append(request)
        if len(requests) < 600:
            return next(down)
        single = "ids" not in request.params
        return reply(features(request.url.rsplit("/", 1)[1]) if single else batch_of(request))

    workers = [[task] for task in TASKS] if batch_size == 1 else [TASKS]
    changes, records, *_ = ask(answer, workers, known_good=known_good, batch_size=batch_size)
    assert set(states(changes).values()) == {State.DONE}
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 8


def test_the_last_track_is_charged_where_one_that_is_well_known_is_served_for_long_and_it_is_not():
    def answer(request):
        asked = request.url.rsplit("/", 1)[1]
        return reply(b"", 500) if asked == ID(0) else reply(features(asked))

    changes, _, requests, pauses = ask(answer, TASKS[:1], batch_size=1, left=TASKS[:1])
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.PENDING, 1)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    # Five tries before each pause; five more, then one before each look but the first: 55 + 5 + 4.
    assert len(requests) == 64


def test_an_outage_for_the_last_track_charges_it_nothing_however_long_it_lasts():
    requests = []

    def answer(request):
        requests.append(request)
        return reply(b"", 500) if len(requests) < 600 else reply(features(ID(0)))

    changes, *_ = ask(answer, TASKS[:1], batch_size=1, left=TASKS[:1])
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.DONE, 0)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("known_good", [None, Task(ID(99), "", "")])
def test_a_brown_out_charges_hardly_anybody_and_kills_nobody(share, known_good):
    chance = random.Random(f"{share} {known_good}")

    def answer(request):
        if chance.random() < share:
            return reply(b"<html>", 503)
        return reply(features(request.url.rsplit("/", 1)[1]))

    tasks = [[Task(ID(i), "", "")] for i in range(300)]
    changes, records, *_ = ask(answer, tasks, known_good=known_good, batch_size=1)
    assert len(records) == 300
    assert set(states(changes).values()) == {State.DONE}


def test_a_track_that_breaks_a_service_that_answered_for_none_before_is_charged_alone():
    def answer(request):
        asked = request.url.rsplit("/", 1)[1]
        return reply(b"", 500) if asked == ID(0) else reply(features(asked))

    changes, _, requests, pauses = ask(answer, TASKS[:1], batch_size=1)
    assert (changes[ID(0)].state, changes[ID(0)].attempts) == (State.PENDING, 1)
    # As where another track was known: any other shows as well that the service is up.
    assert (len(requests), pauses) == (14, [])


def test_bare_404s_are_believed_at_once_after_a_few_of_which_others_were_known():
    def answer(request):
        asked = request.url.rsplit("/", 1)[1]
        return reply(features(asked)) if int(asked) % 2 else reply(b"Not Found", 404)

    tasks = [Task(ID(i), "", "") for i in range(40)]
    changes, _, requests, _ = ask(answer, [tasks[n::4] for n in range(4)], batch_size=1)
    missing = {i for i, change in changes.items() if change.state is State.MISSING}
    assert missing == {ID(i) for i in range(0, 40, 2)}
    # The first three, or one more for each worker, cost a look at another and a second question.
    assert 40 < len(requests) <= 40 + 5 * 7


def test_a_bare_404_is_an_unknown_track_where_another_track_is_known():
    def answer(request):
        asked = request.url.rsplit("/", 1)[1]
        return reply(features(asked)) if asked == ID(3) else reply(b"Not Found", 404)

    changes, records, *_ = ask(answer, TASKS[:1], batch_size=1)
    assert states(changes) == {ID(0): State.MISSING}
    assert not records


class TokenService(AnsweringSender):
    """Issues a token to whoever asks, but for the first few; these get another answer."""

    def __init__(self, others=0, answer=None, clock=None):
        super().__init__(
            lambda _: (
                answer
                if len(self.requests) <= others
                else reply({"access_token": f"t{len(self.requests)}"})
            )
        )
        self.clock = clock or FakeClock()

    def __call__(self, sender):
        settings = SpotifySettings("http://api/v1", "http://token", "id", Secret("secret"))
        return BearerSender(sender, TokenSource(settings, self, clock=self.clock))


@pytest.mark.parametrize("tasks", [TASKS, TASKS[5:6]])
def test_a_track_refused_with_every_token_is_charged_where_others_are_served(tasks):
    def answer(request):
        return reply({}, 401) if ID(5) in ids_in(request) else reply(batch_of(request))

    tokens = TokenService()
    changes, records, *_ = ask(answer, tasks, known_good=TASKS[0], authorise=tokens)
    failed = changes.pop(ID(5))
    assert (failed.state, failed.attempts) == (State.PENDING, 1)
    assert failed.error == "refused (401), while others are served with the same token"
    assert records.keys() == changes.keys()
    assert set(states(changes).values()) <= {State.DONE}
    assert len(tokens.requests) <= 6


@pytest.mark.parametrize("known_good", [None, TASKS[0]])
def test_a_service_that_takes_no_token_refuses_the_credentials(known_good):
    tokens, requests = TokenService(), []

    def answer(request):
        requests.append(request)
        return reply({}, 401)

    with pytest.raises(CredentialsRefused, match="issued just now"):
        ask(answer, known_good=known_good, authorise=tokens)
    assert len(tokens.requests) == 2
    assert all("ids" in request.params for request in requests)  # no single track is tried


@pytest.mark.parametrize("batch_size", [100, 1])
def test_impossible_ids_of_older_runs_are_unknown_without_being_asked_for(batch_size):
    def answer(request):
        return reply(batch_of(request) if batch_size > 1 else features(request.url[-22:]))

    odd = [Task("garbage", "artist", "title"), Task(ID(3)[1:], "artist", "title")]
    tasks = [odd[0], *TASKS, odd[1]]
    changes, records, requests, _ = ask(answer, tasks, batch_size=batch_size)
    unknown = {spotify_id for spotify_id, c in changes.items() if c.state is State.MISSING}
    assert unknown == {task.spotify_id for task in odd}
    assert "none of Spotify's" in changes["garbage"].error
    assert (len(records), len(requests)) == (8, 1 if batch_size > 1 else 8)


def test_where_batches_are_refused_no_impossible_id_is_tried_alone():
    seen = []

    def answer(request):
        if "ids" in (request.params or {}):
            return reply({}, 403)
        seen.append(request.url[-22:])
        return reply(b"", 503) if len(seen) < 30 else reply(features(request.url[-22:]))

    changes, *_ = ask(answer, [TASKS[:2], [Task("garbage", "", ""), *TASKS[2:]]])
    assert changes["garbage"].state is State.MISSING
    assert set(seen) == {task.spotify_id for task in TASKS}


OUTAGE, WALL = reply(b"", 503), reply(b"<html>blocked</html>", 403)


@pytest.mark.parametrize(
    ("n_refused", "answer", "tasks"),
    [
        (9, WALL, [TASKS]),
        (200, OUTAGE, [TASKS]),
        (3, WALL, [[task] for task in TASKS]),  # whose waits this clock adds up
        (200, OUTAGE, [[task] for task in TASKS]),
    ],
)
def test_a_first_token_that_is_long_in_coming_charges_nobody(n_refused, answer, tasks):
    clock = FakeClock()
    tokens = TokenService(n_refused, answer, clock)
    changes, records, *_ = ask(
        lambda request: reply(batch_of(request)), tasks, authorise=tokens, clock=clock
    )
    assert set(states(changes).values()) == {State.DONE}
    assert {change.attempts for change in changes.values()} == {0}
    assert len(records) == 8


def test_a_first_token_that_is_refused_for_half_a_minute_refuses_the_credentials():
    clock = FakeClock(1000.0)
    tokens = TokenService(10_000, WALL, clock)
    with pytest.raises(CredentialsRefused, match=r"refuses the credentials \(403\)"):
        ask(lambda request: reply(batch_of(request)), authorise=tokens, clock=clock)
    # From 30 s on, and the longest wait in between: a pause of 8 s, or a backoff of 4 s.
    assert PASSING_S <= clock.now - 1000.0 <= PASSING_S + 8


def test_a_first_token_that_is_refused_in_the_services_own_words_ends_it_at_once():
    tokens = TokenService(10_000, reply({"error": "invalid_client"}, 400))
    with pytest.raises(CredentialsRefused, match="invalid_client"):
        ask(lambda request: reply(batch_of(request)), authorise=tokens)
    assert len(tokens.requests) == 1


def test_a_bare_404_for_every_track_is_a_wrong_address_and_charges_nobody():
    with pytest.raises(InputError, match="answers 404; check that SPOTIFY_API_URL"):
        ask(lambda request: reply({"detail": "Not Found"}, 404), TASKS[:1], batch_size=1)


def test_a_404_for_a_batch_is_a_wrong_address_and_seen_at_once():
    requests = []

    def answer(request):
        requests.append(request)
        return reply(b"", 404)

    with pytest.raises(InputError, match="answers 404; check that SPOTIFY_API_URL"):
        ask(answer)
    assert len(requests) == 1


def test_a_404_for_batches_says_nothing_of_their_tracks_where_each_is_known():
    def answer(request):
        return reply(b"", 404) if len(ids_in(request)) > 1 else reply(batch_of(request))

    changes, records, *_ = ask(answer, known_good=Task(ID(99), "", ""))
    assert set(states(changes).values()) == {State.DONE}
    assert len(records) == 8
