"""Every proof, at a reduced size, with the seed that never changes."""

from pathlib import Path

import pytest

from tests.support.programs import SEED, Programs

PROOFS = Programs("prove", Path(__file__).parent)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PROOFS.names())
def test_what_is_promised_holds_at_a_reduced_size(name: str) -> None:
    table = PROOFS.load(name)(SEED, True)

    assert not table.unmet, table.markdown()
