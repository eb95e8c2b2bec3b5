"""A key for each object, locked by one that is not in the database."""

import pytest

from realtime import seal
from realtime.kernel.errors import Gone
from realtime.seal import KEY_BYTES, Seals, lock, unlock

KEY = b"k" * KEY_BYTES


def test_what_is_locked_opens_with_its_key_and_context_only() -> None:
    sealed = lock(KEY, b"here", "alert 1")

    assert b"here" not in sealed
    assert unlock(KEY, sealed, "alert 1") == b"here"
    for key, body, context in [
        (b"x" * KEY_BYTES, sealed, "alert 1"),
        (KEY, sealed, "alert 2"),
        (KEY, sealed[:-1] + bytes([sealed[-1] ^ 1]), "alert 1"),
        (KEY, sealed[:5], "alert 1"),
        (KEY, b"", "alert 1"),
    ]:
        with pytest.raises(Gone):
            unlock(key, body, context)


def test_the_same_words_are_never_sealed_alike() -> None:
    assert lock(KEY, b"here", "c") != lock(KEY, b"here", "c")


def test_a_key_is_wrapped_under_its_own_name() -> None:
    seals = Seals(KEY)
    key, wrapped = seals.wrap("place:1")

    assert seals.unwrap("place:1", wrapped) == key
    with pytest.raises(Gone):
        seals.unwrap("place:2", wrapped)
    with pytest.raises(Gone):
        Seals(b"other".ljust(KEY_BYTES)).unwrap("place:1", wrapped)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_master_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seals(b"k" * size)


def test_a_reader_from_before_the_shredding_does_not_bring_the_key_back() -> None:
    seals = Seals(KEY)
    seals.remember("place:1", b"key")

    seals.forget("place:1")
    seals.remember("place:1", b"key")

    assert seals.remembered("place:1") is None


def test_a_reader_from_before_does_not_replace_the_key_made_since() -> None:
    seals = Seals(KEY)
    seals.made("zone:1", b"old")
    seals.forget("zone:1")
    seals.made("zone:1", b"new")

    seals.remember("zone:1", b"old")

    assert seals.remembered("zone:1") == b"new"


def test_the_least_recently_used_key_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "REMEMBERED_KEYS", 2)
    seals = Seals(KEY)
    seals.remember("a", b"a")
    seals.remember("b", b"b")
    seals.remembered("a")

    seals.remember("c", b"c")

    assert [seals.remembered(name) for name in "abc"] == [b"a", None, b"c"]


def test_what_is_vouched_for_with_one_master_key_is_not_with_another() -> None:
    assert Seals(KEY).vouch(b"end") == Seals(KEY).vouch(b"end")
    assert Seals(KEY).vouch(b"end") != Seals(KEY).vouch(b"End")
    assert Seals(KEY).vouch(b"end") != Seals(b"x" * KEY_BYTES).vouch(b"end")
