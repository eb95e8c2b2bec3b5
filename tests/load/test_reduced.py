"""Every measurement, at a reduced size, with the seed that never changes.

What is required of it is that it measures what it says; how fast that is is told, never asserted.
So each may run beside anything else.
"""

from pathlib import Path

import pytest

from tests.support.programs import SEED, Programs

MEASUREMENTS = Programs("bench", Path(__file__).parent)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MEASUREMENTS.names())
def test_what_is_measured_is_measured_at_a_reduced_size(name: str) -> None:
    table = MEASUREMENTS.load(name)(SEED, True)

    assert not table.unmet, table.markdown()
