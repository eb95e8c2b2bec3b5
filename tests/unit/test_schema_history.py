"""Which program may serve which database; and migrations that stand in one line, pair by pair."""

import pytest

from web.migrations.history import Revision, Verdict, verdict
from web.migrations.running import VERSIONS, newest, script


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, Verdict.OLD),
        ("pre_0001", Verdict.OLD),
        ("post_0001", Verdict.OLD),
        ("pre_0002", Verdict.READY),
        ("post_0002", Verdict.READY),
        # The next release is being rolled out around us.
        ("pre_0003", Verdict.READY),
        ("post_0003", Verdict.NEW),
        ("pre_0004", Verdict.NEW),
    ],
)
def test_a_program_lives_through_its_own_pair_and_the_start_of_the_next(
    found: str | None, expected: Verdict
) -> None:
    assert verdict(None if found is None else Revision.read(found), 2) is expected


@pytest.mark.parametrize("name", ["", "pre_2", "pre_00002", "prepost_0001", "base", "pre_0001 "])
def test_what_is_no_name_of_a_migration_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a migration"):
        Revision.read(name)


def test_migrations_follow_one_another_pre_then_post_without_a_gap() -> None:
    walked = [it.revision for it in script().walk_revisions()][::-1]

    last = newest()
    expected = [
        Revision(release, post).name
        for release in range(1, last.release + 1)
        for post in (False, True)
    ]
    assert walked == expected
    assert sorted(path.stem for path in VERSIONS.glob("p*.py")) == sorted(expected)
