"""What every conformance test is given."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.house import House, house_in


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[House]:
    async with house_in(tmp_path) as made:
        yield made
