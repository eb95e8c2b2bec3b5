"""What leaves here about an event, about a line, and what is shown of others' warnings: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.cap.reading import read
from alerts.cap.values import Area, Info, Message, Named, Reference
from alerts.cap.writing import as_cap
from alerts.networks.hooks.restricted import CAR, LINE, STOP, as_message
from alerts.networks.hooks.words import LANGUAGES
from alerts.networks.messages import Text
from alerts.networks.rules import SHOWN_MOST, WARNING_LASTS
from alerts.networks.services.public import as_message as as_public
from alerts.networks.services.public import as_notice
from alerts.networks.services.sentences import SENTENCES
from alerts.networks.services.values import ServiceAlert
from alerts.networks.values import Event, Kind, Outcome
from alerts.networks.warnings.mirror import id_of, mirrored, warning
from tests.unit.test_cap_samples import schema

AT = datetime(2026, 11, 26, 21, 4, 0, 500_000, tzinfo=UTC)
SENDER = "entraide.example"
EVENT = Event(
    network="tam", kind="sexual", began=AT, until=AT + timedelta(minutes=30), line="tam:T1",
    line_name="T1", headsign="Odysseum", stop="tam:41", stop_name="Comédie", car="3",
)  # fmt: skip
BEFORE = Reference(SENDER, "a.1", AT.replace(microsecond=0))


def told(event: Event = EVENT, before: Reference | None = None, at: datetime = AT) -> Message:
    made = as_message(event, name="a.2", sender=SENDER, at=at, network_name="TaM", before=before)
    written = as_cap(made)
    assert list(schema().iter_errors(written.decode())) == []
    assert read(written) == made
    return made


def test_an_event_is_told_to_its_network_and_to_nobody_else() -> None:
    message = told()

    french, english = message.infos
    assert (message.scope, message.status, message.kind) == ("Restricted", "Actual", "Alert")
    assert message.restriction is not None
    assert "TaM" in message.restriction
    assert message.sent.isoformat() == "2026-11-26T22:04:00+01:00"
    assert [it.language for it in message.infos] == ["fr-FR", "en-GB"]
    assert french.categories == ("Safety", "Security")
    assert french.headline == (
        "Agression sexuelle signalée, T1 vers Odysseum, arrêt Comédie, voiture 3"
    )
    assert english.headline == "Sexual assault reported, T1 towards Odysseum, stop Comédie, car 3"
    assert french.description == "Signalé à 22:04 par des voyageurs. Non confirmé."
    assert (french.urgency, french.severity, french.certainty) == (
        "Immediate", "Severe", "Possible",
    )  # fmt: skip
    assert french.areas[0].geocodes == (Named(LINE, "tam:T1"), Named(STOP, "tam:41"))
    assert french.parameters == (Named(CAR, "3"),)
    assert french.expires == AT.replace(microsecond=0) + timedelta(minutes=30)


def test_no_place_of_hers_goes_out() -> None:
    """An area has a name and codes of the network's own: no point, no circle, no polygon."""
    for info in told().infos:
        (area,) = info.areas
        assert (area.polygons, area.circles) == ((), ())


def test_what_is_not_known_is_not_said() -> None:
    bare = Event(network="tam", kind="other", began=AT, until=AT)

    french = told(bare).infos[0]

    assert french.headline == "Situation inquiétante signalée, tam"
    assert french.areas[0].geocodes == french.parameters == ()


@pytest.mark.parametrize("kind", ["verbal", "physical", "sexual", "followed", "other"])
def test_every_kind_has_its_words(kind: Kind) -> None:
    events = [it.event for it in told(replace(EVENT, kind=kind)).infos]

    assert len(set(events)) == 2


def test_a_confirmed_event_is_observed_and_asks_for_more() -> None:
    info = told(replace(EVENT, confirmed=True), BEFORE).infos[0]

    assert (info.certainty, info.responses) == ("Observed", ("Execute",))


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("helped", "Update"), ("agents", "Update"), ("gone", "Update"),
        ("nothing_seen", "Update"), ("expired", "Update"),
        ("false_alarm", "Cancel"), ("cancelled", "Cancel"),
    ],
)  # fmt: skip
def test_how_it_ended_is_told_about_the_message_before(outcome: Outcome, kind: str) -> None:
    message = told(replace(EVENT, outcome=outcome), BEFORE)

    info = message.infos[0]
    assert (message.kind, message.references) == (kind, (BEFORE,))
    assert (info.urgency, info.responses, info.instruction) == ("Past", ("AllClear",), None)
    assert info.description == LANGUAGES[0].outcomes[outcome]
    assert info.headline is not None
    assert info.headline.startswith("Terminé")


def test_an_exercise_says_so_everywhere() -> None:
    message = told(replace(EVENT, drill=True))

    assert message.status == "Exercise"
    assert message.note is not None
    for info, start in zip(message.infos, ("EXERCICE", "EXERCISE"), strict=True):
        assert info.headline is not None
        assert info.headline.startswith(start)


def test_what_is_told_late_does_not_expire_before_it_is_told() -> None:
    late = EVENT.until + timedelta(hours=1)

    assert told(at=late).infos[0].expires == late.replace(microsecond=0)


# Service alerts.

SERVICE = ServiceAlert(
    service="s1", network="tam", network_name="TaM", effect="SIGNIFICANT_DELAYS", text="delayed",
    at=AT, until=AT + timedelta(hours=2), line="tam:T1", line_name="T1", alert="alert-1",
)  # fmt: skip


def public(it: ServiceAlert) -> Message:
    made = as_public(it, sender=SENDER)
    written = as_cap(made)
    assert list(schema().iter_errors(written.decode())) == []
    assert b"alert-1" not in written
    return made


def test_travellers_are_told_where_and_not_why() -> None:
    message = public(SERVICE)

    french, english = message.infos
    assert (message.scope, message.kind, message.identifier) == ("Public", "Alert", "s1.1")
    assert (french.headline, english.headline) == (
        "Retards à prévoir, ligne T1", "Expect delays, line T1",
    )  # fmt: skip
    assert french.areas[0].description == "ligne T1"
    assert french.categories == ("Transport",)


def test_its_end_refers_to_its_beginning() -> None:
    first = public(SERVICE)
    over = public(replace(SERVICE, ended=AT + timedelta(hours=1)))

    assert (over.kind, over.references, over.identifier) == ("Cancel", (first.name,), "s1.2")
    assert over.infos[0].urgency == "Past"


def test_a_whole_network_may_be_disturbed() -> None:
    whole = replace(SERVICE, line=None, line_name="", stop="tam:41", stop_name="")

    assert public(whole).infos[0].areas[0].description == "TaM"


def test_machines_are_told_the_same() -> None:
    notice = as_notice(replace(SERVICE, stop="tam:41", stop_name="Comédie"))

    assert notice.header == {
        "fr": "Retards à prévoir, ligne T1, arrêt Comédie",
        "en": "Expect delays, line T1, stop Comédie",
    }
    assert (notice.effect, notice.lines, notice.stops) == (
        "SIGNIFICANT_DELAYS", ("tam:T1",), ("tam:41",),
    )  # fmt: skip
    assert as_notice(replace(SERVICE, line=None)).lines == ()


@pytest.mark.parametrize("text", sorted(SENTENCES))
def test_no_sentence_says_why(text: Text) -> None:
    """Neither an assault, nor the police, nor a person: whoever did it reads it too."""
    said = f"{SENTENCES[text].fr} {SENTENCES[text].en}".lower()

    assert not [it for it in ("agress", "police", "victim", "assault", "securit") if it in said]


# Warnings of others.

INFO = Info(
    language="fr-FR", categories=("Met",), event="Crue", urgency="Immediate", severity="Severe",
    certainty="Likely", expires=AT + timedelta(hours=3), areas=(Area(description="Somme"),),
)  # fmt: skip
WARNING = Message(
    identifier="w.1", sender="prefecture.example", sent=AT - timedelta(hours=1), status="Actual",
    kind="Alert", scope="Public", infos=(INFO,),
)  # fmt: skip
URL = "https://prefecture.example/w.1.xml"


def shown(*messages: Message, now: datetime = AT) -> list[str]:
    return [it.identifier for it in mirrored([(it, URL) for it in messages], now).shown]


def test_a_warning_keeps_its_words_its_name_and_its_address() -> None:
    (it,) = mirrored([(WARNING, URL)], AT).shown

    assert (it.sender, it.identifier, it.source_url) == ("prefecture.example", "w.1", URL)
    assert (it.sent, it.expires) == (WARNING.sent, INFO.expires)
    (said,) = it.said
    assert (said.event, said.headline, said.area) == ("Crue", "Crue", "Somme")


@pytest.mark.parametrize(
    "other",
    [
        replace(WARNING, status="Exercise"),
        replace(WARNING, status="Test"),
        replace(WARNING, scope="Restricted", restriction="x"),
        replace(WARNING, kind="Ack", references=(BEFORE,)),
        replace(WARNING, infos=()),
        replace(WARNING, infos=(replace(INFO, expires=AT),)),
        replace(WARNING, sent=AT + timedelta(days=1)),
    ],
)
def test_what_is_not_for_everybody_now_is_not_shown(other: Message) -> None:
    found = mirrored([(other, URL)], AT)

    assert (found.shown, found.left) == ((), 1)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "ftp://a.example", ""])
def test_a_warning_that_leads_nowhere_is_not_shown(url: str) -> None:
    assert warning(WARNING, url) is None


def test_what_was_updated_or_cancelled_goes() -> None:
    update = replace(WARNING, identifier="w.2", kind="Update", references=(WARNING.name,))
    cancel = replace(WARNING, identifier="w.3", kind="Cancel", references=(update.name,))

    assert shown(WARNING, update) == ["w.2"]
    assert shown(WARNING, update, cancel) == []
    assert mirrored([(cancel, URL)], AT).over == (id_of(update.name),)


def test_an_exercise_ends_no_warning() -> None:
    drill = replace(
        WARNING, identifier="w.2", kind="Cancel", status="Exercise", references=(WARNING.name,)
    )

    assert shown(WARNING, drill) == ["w.1"]


def test_what_does_not_say_when_it_ends_is_shown_for_a_day() -> None:
    endless = replace(WARNING, infos=(replace(INFO, expires=None),))

    assert shown(endless, now=WARNING.sent + WARNING_LASTS - timedelta(seconds=1)) == ["w.1"]
    assert shown(endless, now=WARNING.sent + WARNING_LASTS) == []


def test_a_text_that_would_hide_itself_is_shown_plainly_and_not_at_length() -> None:
    info = replace(INFO, headline="ok\u202eevil\x00\n\u200b  two", event="x" * 1000)
    (it,) = mirrored([(replace(WARNING, infos=(info,)), URL)], AT).shown

    assert it.said[0].headline == "ok evil two"
    assert len(it.said[0].event) == SHOWN_MOST
    assert it.said[0].event.endswith("…")
