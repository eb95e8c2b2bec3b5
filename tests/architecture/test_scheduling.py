"""What takes long is begun first, and a file of tests goes to one worker."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.support.scheduling import APART, FIRST, TESTS, LongestFirst, in_order


def item(path: Path) -> pytest.Item:
    return cast("pytest.Item", SimpleNamespace(path=path))


def test_files_stay_whole_and_begin_with_those_that_take_long() -> None:
    few, many = TESTS / "unit/test_a.py", TESTS / "unit/test_b.py"
    long, ours = TESTS / "proofs/test_reduced.py", TESTS.parent / "web/cli.py"
    given = [few, many, long, many, ours, long, TESTS / "browser/test_c.py"]

    found = [it.path for it in in_order([item(it) for it in given])]

    assert found == [long, long, TESTS / "browser/test_c.py", many, many, few, ours]


def test_only_proofs_and_measurements_are_taken_one_by_one() -> None:
    scheduler = LongestFirst.__new__(LongestFirst)

    assert scheduler._split_scope("tests/unit/test_a.py::test_b[c::d]") == "tests/unit/test_a.py"
    for file in APART:
        assert scheduler._split_scope(f"{file}::test_b[c]") == f"{file}::test_b[c]"


def test_what_is_named_is_there() -> None:
    assert [it for it in FIRST if not (TESTS / it).is_dir()] == []
    assert [it for it in APART if not (TESTS.parent / it).is_file()] == []
