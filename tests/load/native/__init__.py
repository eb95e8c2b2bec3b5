"""The floor and the load client, built by the machine's own C compiler when they are asked for."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".cache" / "load"


def built(name: str) -> Path:
    """The program of ``name.c``, compiled once for each text of it."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("no C compiler: apt-get install gcc libc6-dev")
    shared = b"".join(it.read_bytes() for it in sorted(HERE.glob("*.h")))
    texts = shared + (HERE / f"{name}.c").read_bytes()
    program = CACHE / f"{name}-{hashlib.sha256(texts).hexdigest()[:12]}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=CACHE)
        os.close(handle)
        source = str(HERE / f"{name}.c")
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", unfinished, source], check=True
        )
        Path(unfinished).rename(program)
    return program
