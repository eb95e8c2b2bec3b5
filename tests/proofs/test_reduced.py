"""Every proof and every measurement, at a reduced size, with the seed that never changes."""

from pathlib import Path

import pytest

from tests.support.programs import SEED, Programs

TESTS = Path(__file__).parents[1]
PROOFS = Programs("prove", TESTS / "proofs")
MEASUREMENTS = Programs("bench", TESTS / "load")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("programs", "name"),
    [(programs, name) for programs in (PROOFS, MEASUREMENTS) for name in programs.names()],
    ids=lambda value: value if isinstance(value, str) else value.verb,
)
def test_what_is_promised_holds_at_a_reduced_size(programs: Programs, name: str) -> None:
    table = programs.load(name)(SEED, True)

    assert not table.unmet, table.markdown()
