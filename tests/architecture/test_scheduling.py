"""What takes long is begun first, of each kind in turn, and a file of tests goes to one worker."""

from types import SimpleNamespace
from typing import cast

import pytest

from tests.support.scheduling import APART, LONG, SHORTER, TESTS, LongestFirst, in_order


def item(nodeid: str) -> pytest.Item:
    path = TESTS.parent / nodeid.partition("::")[0]
    return cast("pytest.Item", SimpleNamespace(nodeid=nodeid, path=path))


def test_pieces_stay_whole_and_those_that_take_long_come_first_of_each_kind_in_turn() -> None:
    proofs = "tests/proofs/test_reduced.py::test"
    given = [
        "web/cli.py::it",
        "tests/unit/test_a.py::a",
        "tests/unit/test_b.py::a",
        "tests/scenarios/test_c.py::a",
        f"{proofs}[a]",
        f"{proofs}[b]",
        "tests/browser/test_d.py::a",
        "tests/unit/test_b.py::b",
        "tests/browser/test_e.py::a",
        "tests/browser/test_e.py::b",
    ]

    found = [it.nodeid for it in in_order([item(it) for it in given])]

    assert found == [
        f"{proofs}[a]",
        "tests/browser/test_e.py::a",
        "tests/browser/test_e.py::b",
        f"{proofs}[b]",
        "tests/browser/test_d.py::a",
        "tests/scenarios/test_c.py::a",
        "tests/unit/test_b.py::a",
        "tests/unit/test_b.py::b",
        "tests/unit/test_a.py::a",
        "web/cli.py::it",
    ]


def test_only_proofs_and_measurements_are_taken_one_by_one() -> None:
    scheduler = LongestFirst.__new__(LongestFirst)

    assert scheduler._split_scope("tests/unit/test_a.py::test_b[c::d]") == "tests/unit/test_a.py"
    for file in APART:
        assert scheduler._split_scope(f"{file}::test_b[c]") == f"{file}::test_b[c]"


def test_what_is_named_is_there() -> None:
    assert [it for it in (*LONG, *SHORTER) if not (TESTS / it).is_dir()] == []
    assert [it for it in APART if not (TESTS.parent / it).is_file()] == []
