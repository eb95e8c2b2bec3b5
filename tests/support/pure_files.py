"""Which files decide and never wait, and whether tests have walked every branch of them.

The list is the import-linter contract ``pure`` in ``pyproject.toml``. Run after the tests, this
reads their coverage data: `./run test` fails when a branch of a pure file was never taken.
"""

import sys
import tomllib
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).parents[2]
PACKAGES = ("realtime", "geo", "matching", "alerts", "programmes", "web")


def pure_modules() -> list[str]:
    """As the contract names them: ``realtime.hub``, ``realtime.kernel``, ``**.rules``."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    found: list[str] = next(each for each in contracts if each.get("id") == "pure")[
        "source_modules"
    ]
    return found


def files_of(module: str) -> list[Path]:
    pattern = module.replace(".", "/")
    anywhere = pattern.startswith("**/")
    places = [f"{package}/{pattern}" for package in PACKAGES] if anywhere else [pattern]
    return sorted(
        path
        for place in places
        for path in (*ROOT.glob(f"{place}.py"), *ROOT.glob(f"{place}/**/*.py"))
    )


def main() -> int:
    coverage = Coverage(data_file=ROOT / ".coverage", config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    files = [str(path) for module in pure_modules() for path in files_of(module)]
    percent = coverage.report(include=files, file=sys.stdout)
    if percent < 100:
        sys.stderr.write(f"pure files: {percent:.1f} % of branches walked, 100 % is the rule\n")
    return 0 if percent == 100 else 1


if __name__ == "__main__":
    sys.exit(main())
