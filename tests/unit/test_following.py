"""In order, without a hole, and never twice."""

from realtime.following import Following, Verdict


def followed(offset: int | None, *, durable: bool = True) -> Following[str]:
    following: Following[str] = Following(durable)
    following.offset = offset
    return following


def test_the_next_publication_is_let_through() -> None:
    assert followed(4).judge(5) is Verdict.NEXT


def test_one_that_was_delivered_already_is_not_delivered_again() -> None:
    assert followed(4).judge(4) is Verdict.OLD
    assert followed(4).judge(1) is Verdict.OLD


def test_one_that_comes_too_early_leaves_a_gap() -> None:
    following = followed(4)

    assert following.judge(6) is Verdict.GAP
    assert following.behind


def test_until_the_ledger_has_spoken_everything_is_a_gap_and_remembered() -> None:
    following = followed(None)

    assert following.judge(3) is Verdict.GAP
    assert not following.behind
    following.stands(2)
    assert following.behind
    following.said(3, b"frame")
    assert not following.behind


def test_where_the_stream_stands_is_learnt_once_and_then_only_how_far_it_goes() -> None:
    following = followed(None)

    following.stands(7)
    following.stands(9)

    assert following.offset == 7
    assert following.behind


def test_a_channel_that_keeps_nothing_has_no_order_to_keep() -> None:
    following = followed(None, durable=False)

    assert following.judge(0) is Verdict.NEXT
    following.said(0, b"frame")
    assert following.offset is None


def test_who_is_joining_hears_what_was_said_after_what_it_has_read() -> None:
    following = followed(0)
    following.joining["anna"] = []
    for offset in (1, 2, 3):
        following.said(offset, b"%d" % offset)

    assert list(following.joined("anna", 1)) == [b"2", b"3"]
    assert following.joining == {}


def test_who_joins_a_channel_that_keeps_nothing_hears_all_that_was_said_meanwhile() -> None:
    following = followed(None, durable=False)
    following.joining["anna"] = []
    following.said(0, b"count")

    assert list(following.joined("anna", 0)) == [b"count"]


def test_who_was_not_joining_is_owed_nothing() -> None:
    assert list(followed(3).joined("anna", 0)) == []


def test_a_stream_that_is_cut_goes_on_further_and_those_joining_must_read_again() -> None:
    following = followed(3)
    following.joining["anna"] = []

    following.cut(8)

    assert following.judge(9) is Verdict.NEXT
    following.said(9, b"9")
    assert following.joining == {"anna": None}


def test_a_hole_that_somebody_else_tells_of_is_noticed() -> None:
    following = followed(4)
    following.heard_of(6)

    assert following.behind
