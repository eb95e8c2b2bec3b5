"""A copy of a database taken while it is written to, and put back elsewhere, as an operator does.

By the verbs of the command line, in processes of their own.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.server import ROOT

PATIENCE_S = 300


def copy(data_dir: Path, database: str, file: Path) -> None:
    """``./run backup``; an empty URL names the file of the data folder."""
    _verb("backup", data_dir, database, file)


def put_back(data_dir: Path, database: str, file: Path) -> None:
    """``./run restore``, into a database that is empty, or a folder that has none."""
    _verb("restore", data_dir, database, file)


def _verb(name: str, data_dir: Path, database: str, file: Path) -> None:
    said = subprocess.run(
        (sys.executable, "-m", "web", name, str(file), "--data-dir", str(data_dir)),
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            **({"ENTRAIDE_DATABASE": database} if database else {}),
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if said.returncode:
        raise RuntimeError(f"{name}: {said.stderr}")
