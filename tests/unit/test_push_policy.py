"""Whom we may call, what answers mean, when a host is left alone. On the rims."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from realtime.push.circuit import CLOSED, FAILURES_MOST, OPEN_FIRST, OPEN_MOST, Circuit
from realtime.push.policy import (
    ENDPOINT_MOST,
    LATEST,
    SOONEST,
    TOO_MANY,
    Hosts,
    Verdict,
    judged,
    origin_of,
)
from realtime.push.signing import reference, repeat_of, signature

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HOSTS = Hosts.of()


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://fcm.googleapis.com/fcm/send/dGVzdA:APA91b", "fcm.googleapis.com"),
        (
            "https://updates.push.services.mozilla.com/wpush/v2/gAAA=",
            "updates.push.services.mozilla.com",
        ),
        ("https://web.push.apple.com/QAbc", "web.push.apple.com"),
        ("https://a.b.push.apple.com:443/QAbc", "a.b.push.apple.com"),
        ("https://db5p.notify.windows.com/w/?token=BQYAAA%3d%3d", "db5p.notify.windows.com"),
        ("https://FCM.googleapis.com/x", "fcm.googleapis.com"),
    ],
)
def test_the_services_of_browsers_may_be_called(endpoint: str, host: str) -> None:
    assert HOSTS.host_of(endpoint) == host


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.net/x",
        "https://evilfcm.googleapis.com/x",
        "https://x.fcm.googleapis.com/x",
        "https://push.apple.com/x",
        "https://push.apple.com.evil.net/x",
        "https://fcm.googleapis.com@evil.net/x",
        "https://evil.net#@fcm.googleapis.com/x",
        "https://evil.net\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:99999/x",
        "https://fcm.googleapis.com./x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://localhost/x",
        "https://.push.apple.com/x",
        "https://a..push.apple.com/x",
        "https://-a.push.apple.com/x",
        "https:///x",
        "https://?x",
        "ftp://fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x\r\nHost: evil.net",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/é",
        "http://127.0.0.1:8080/x",
        "",
        "https://fcm.googleapis.com/" + "x" * ENDPOINT_MOST,
    ],
)
def test_nothing_else_may(endpoint: str) -> None:
    assert HOSTS.host_of(endpoint) is None


def test_this_machine_may_be_called_in_tests_only_and_only_plainly() -> None:
    tests = Hosts.of(loopback=True)

    assert tests.host_of("http://127.0.0.1:8080/x") == "127.0.0.1"
    assert tests.host_of("http://127.0.0.2:8080/x") is None
    assert tests.host_of("https://127.0.0.1:8080/x") is None
    assert tests.host_of("http://localhost:8080/x") is None


@pytest.mark.parametrize("name", ["", "*", "*.com.", "127.0.0.1", "a b.com", "push", "**.a.com"])
def test_a_list_holds_names(name: str) -> None:
    with pytest.raises(ValueError, match="host name"):
        Hosts.of([name])


def test_the_origin_of_a_service_has_no_path_and_no_usual_port() -> None:
    assert origin_of("https://A.push.apple.com/secret?x=y") == "https://a.push.apple.com"
    assert origin_of("http://127.0.0.1:8080/secret") == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.SENT), (201, Verdict.SENT), (202, Verdict.SENT), (204, Verdict.SENT),
        (301, Verdict.FAULT), (302, Verdict.FAULT), (307, Verdict.FAULT), (399, Verdict.FAULT),
        (400, Verdict.FAULT), (401, Verdict.FAULT), (403, Verdict.FAULT), (413, Verdict.FAULT),
        (404, Verdict.GONE), (410, Verdict.GONE),
        (429, Verdict.LATER), (503, Verdict.LATER),
        (199, Verdict.FAILED), (418, Verdict.FAILED), (500, Verdict.FAILED), (502, Verdict.FAILED),
    ],
)  # fmt: skip
def test_what_each_status_means(status: int, verdict: Verdict) -> None:
    outcome = judged(status, None, NOW)

    assert outcome.verdict is verdict
    assert outcome.again is (verdict in {Verdict.LATER, Verdict.FAILED})


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "wait"),
    [
        (None, TOO_MANY),
        ("30", timedelta(seconds=30)),
        (" 30 ", timedelta(seconds=30)),
        ("0", SOONEST),
        ("999999999", LATEST),
        ("9999999999", TOO_MANY),
        ("-5", TOO_MANY),
        ("1.5", TOO_MANY),
        ("soon", TOO_MANY),
        (format_datetime(NOW + timedelta(seconds=45), usegmt=True), timedelta(seconds=45)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), SOONEST),
        (format_datetime(NOW + timedelta(days=1), usegmt=True), LATEST),
        ("Mon, 23 Nov 2026 20:00:20 -0000", timedelta(seconds=20)),
        ("Mon, 23 Nov 2026 25:00:20 GMT", TOO_MANY),
    ],
)
def test_retry_after_is_obeyed_within_bounds(
    status: int, said: str | None, wait: timedelta
) -> None:
    outcome = judged(status, said, NOW)

    assert outcome.wait == wait
    assert outcome.whole_host is (status == 503)


def failed(times: int, circuit: Circuit = CLOSED) -> Circuit:
    for _ in range(times):
        circuit = circuit.failed(NOW)
    return circuit


def test_a_host_that_fails_is_left_alone_then_tried_once() -> None:
    almost, opened = failed(FAILURES_MOST - 1), failed(FAILURES_MOST)
    end = NOW + OPEN_FIRST

    assert almost.admits(NOW)
    assert almost.state(NOW) == "closed"
    assert not opened.admits(NOW)
    assert not opened.admits(end - timedelta(milliseconds=1))
    assert opened.state(NOW) == "open"
    assert opened.admits(end)
    assert opened.state(end) == "trying"
    assert not opened.asked().admits(end)
    assert almost.asked() == almost


def test_the_answer_of_the_one_call_closes_it_and_its_failure_opens_it_for_longer() -> None:
    opened = failed(FAILURES_MOST)
    end = NOW + OPEN_FIRST
    trying = opened.asked()

    assert trying.answered() == CLOSED
    assert trying.failed(end).until == end + 2 * OPEN_FIRST
    assert failed(FAILURES_MOST + 200).until == NOW + OPEN_MOST


def test_a_host_that_asks_for_time_gets_it() -> None:
    told = CLOSED.told_to_wait(NOW + timedelta(seconds=30))

    assert not told.admits(NOW + timedelta(seconds=29))
    assert told.admits(NOW + timedelta(seconds=30))
    assert told.asked().failed(NOW).until == NOW + OPEN_FIRST


def test_a_signature_is_of_the_key_the_time_the_name_and_the_body() -> None:
    said = {
        signature(b"k" * 32, 1, "a", b"x"),
        signature(b"l" * 32, 1, "a", b"x"),
        signature(b"k" * 32, 2, "a", b"x"),
        signature(b"k" * 32, 1, "b", b"x"),
        signature(b"k" * 32, 1, "a", b"y"),
    }

    assert len(said) == 5
    assert all(one.startswith("sha256=") and len(one) == 71 for one in said)


def test_a_reference_names_nobody_and_a_repeat_has_one_name() -> None:
    assert reference(b"k" * 32, "anna") != reference(b"l" * 32, "anna")
    assert reference(b"k" * 32, "anna") != reference(b"k" * 32, "bea")
    assert repeat_of(b"k", "a", "bc") != repeat_of(b"k", "ab", "c")
    assert repeat_of(b"k", "a", "b") == repeat_of(b"k", "a", "b")
