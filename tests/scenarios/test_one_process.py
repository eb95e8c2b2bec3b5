"""What a start refuses: another process on the same database, a folder it cannot use."""

from pathlib import Path

import pytest

from tests.support.service import service
from web.settings import BadSettings


async def test_one_database_is_served_by_one_process(tmp_path: Path) -> None:
    async with service(tmp_path):
        with pytest.raises(BadSettings, match="another process"):
            async with service(tmp_path):
                pass

    async with service(tmp_path) as again:
        assert (await again.http.get("/readyz")).status_code == 200


async def test_a_data_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(BadSettings, match="data folder"):
        async with service(file / "data"):
            pass


async def test_a_node_with_the_key_of_another_deployment_is_refused(tmp_path: Path) -> None:
    async with service(tmp_path):
        pass
    (tmp_path / "keys" / "seal.key").unlink()

    # A new key is made in development: nobody could read what it would seal.
    with pytest.raises(BadSettings, match="not the key of this database"):
        async with service(tmp_path):
            pass
