"""What is refused of the settings that wake phones, and what they default to."""

from pathlib import Path

import pytest

from web.keys import make_key
from web.settings import BadSettings, Settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("ENTRAIDE_"):
            monkeypatch.delenv(name)


def problems(**given: object) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        Settings.read(**given)
    return caught.value.problems


def production(folder: Path, **given: object) -> dict[str, object]:
    make_key(folder / "keys" / "seal.key")
    return {"production": True, "data_dir": folder, "origins": "https://entraide.example", **given}


def test_a_newcomer_s_phones_ring_and_only_known_services_are_called() -> None:
    settings = Settings.read()

    assert settings.pushes(production=False)
    assert settings.hosts.host_of("https://fcm.googleapis.com/x") == "fcm.googleapis.com"
    assert settings.hosts.host_of("http://127.0.0.1:1/x") is None


def test_without_a_contact_production_wakes_nobody(tmp_path: Path) -> None:
    settings = Settings.read(**production(tmp_path))

    assert not settings.pushes(production=True)


def test_with_a_contact_production_wants_its_key(tmp_path: Path) -> None:
    contact = {"push_contact": "mailto:astreinte@entraide.example"}
    (missing,) = problems(**production(tmp_path, **contact))
    assert "push.key is missing" in missing

    make_key(tmp_path / "keys" / "push.key")

    assert Settings.read(**production(tmp_path, **contact)).pushes(production=True)


def test_keys_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "secrets" / "vapid"
    make_key(elsewhere)

    settings = Settings.read(
        **production(tmp_path, push_contact="https://entraide.example/contact", push_key=elsewhere)
    )

    assert settings.push_key_file(tmp_path) == elsewhere
    assert settings.sms_key_file(tmp_path) == tmp_path / "keys" / "sms.key"


def test_a_gateway_wants_https_a_key_and_pushes_before_it(tmp_path: Path) -> None:
    found = problems(**production(tmp_path, sms_webhook="http://gateway.example/sms"))

    assert len(found) == 3
    assert [word for word in ("https://", "PUSH_CONTACT", "sms.key") if word in str(found)] == [
        "https://",
        "PUSH_CONTACT",
        "sms.key",
    ]


def test_the_tests_own_push_service_is_refused_in_production(tmp_path: Path) -> None:
    assert any("PUSH_LOOPBACK" in it for it in problems(**production(tmp_path, push_loopback=True)))


@pytest.mark.parametrize(
    "given",
    [
        {"push_contact": "anna"},
        {"push_contact": "mailto:anna"},
        {"push_contact": "mailto:@anna"},
        {"push_contact": "mailto:a@b\r\nX: y"},
        {"push_contact": "http://entraide.example"},
        {"push_contact": "https://?anna"},
        {"push_hosts": "127.0.0.1"},
        {"push_hosts": "push.example, *"},
        {"sms_webhook": "gateway.example"},
        {"sms_webhook": "file:///etc/passwd"},
    ],
)
def test_what_cannot_work_is_refused_everywhere(given: dict[str, object]) -> None:
    (problem,) = problems(**given)

    assert problem.startswith("ENTRAIDE_")
    assert not any(str(value) in problem for value in given.values())


def test_another_allow_list_takes_the_place_of_ours() -> None:
    settings = Settings.read(push_hosts="push.example, *.wake.example")

    assert settings.hosts.host_of("https://push.example/x") == "push.example"
    assert settings.hosts.host_of("https://a.wake.example/x") == "a.wake.example"
    assert settings.hosts.host_of("https://fcm.googleapis.com/x") is None
