"""Rules about the code itself that no other tool checks for us."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from realtime.kernel.errors import AppError, every_error
from tests.support.pure_files import PACKAGES, files_of, pure_modules

ROOT = Path(__file__).parents[2]
LONGEST = 400
#: What tools leave behind; nothing of it is committed.
LEFT_BEHIND = {"node_modules", "dist", "__pycache__", "data"}
TEXTS = {
    "", ".py", ".ts", ".tsx", ".js", ".css", ".html", ".md", ".toml", ".json", ".yaml", ".yml",
    ".in", ".lock", ".sh", ".svg", ".webmanifest", ".txt", ".csv",
}  # fmt: skip
LOCKS = ("requirements.lock", "requirements-dev.lock", "web/client/package-lock.json")

#: Where packages come from is the machine's affair, and so is where the checkout lies. Written
#: in halves, or this file would be found.
MACHINES = [
    left + right
    for left, right in [
        ("registry.", "npmjs"), ("pypi", ".org"), ("files.python", "hosted"),
        ("deb.", "debian.org"), ("/home", "/"), ("/work", "/main"), ("/work", "/shared"),
    ]
]  # fmt: skip


def walk(folder: Path) -> Iterator[Path]:
    """Every file that is ours."""
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_BEHIND or (path.name.startswith(".") and folder == ROOT):
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


FILES = [*walk(ROOT), *walk(ROOT / ".ci")]
SOURCES = [path for path in FILES if path.suffix == ".py"]
SCREENS = [path for path in FILES if path.suffix in {".ts", ".tsx"}]
FOLDERS = sorted(
    {
        folder
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in PACKAGES
        for folder in path.parents
        if folder != ROOT and folder.is_relative_to(ROOT)
    }
)


def name(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)


@pytest.mark.parametrize("path", [*SOURCES, *SCREENS], ids=name)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_folder_tells_its_story_and_its_decisions(folder: Path) -> None:
    for page in ("README.md", "DECISIONS.md"):
        assert (folder / page).is_file(), f"{name(folder)} has no {page}"


def all_errors() -> list[type[AppError]]:
    """The whole table: errors are declared in files named ``errors.py``."""
    for path in SOURCES:
        if path.name == "errors.py":
            import_module(name(path.with_suffix("")).replace("/", "."))
    return [error for error in every_error() if error.__module__.split(".")[0] in PACKAGES]


@pytest.mark.parametrize("what", ["number", "name"])
def test_no_two_errors_have_the_same(what: str) -> None:
    owners: dict[object, list[str]] = {}
    for error in all_errors():
        owners.setdefault(getattr(error, what), []).append(error.__qualname__)

    assert {value: classes for value, classes in owners.items() if len(classes) > 1} == {}


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.name)
def test_an_error_has_a_number_a_name_and_a_sentence(error: type[AppError]) -> None:
    assert 100 <= error.number < 2000
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", error.name)
    assert error().sentence.endswith(".")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_what_runs_is_also_what_is_tested() -> None:
    runs, tested = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in LOCKS[:2]
    )

    assert runs <= tested


@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_names_a_machine_of_ours(machine: str) -> None:
    found = [
        name(path)
        for path in FILES
        if path.suffix in TEXTS and machine in path.read_text(encoding="utf-8")
    ]

    assert found == []


@pytest.mark.parametrize("module", pure_modules())
def test_a_file_that_is_said_to_be_pure_exists(module: str) -> None:
    assert files_of(module)


def test_folders_import_only_what_they_may() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"

    checked = subprocess.run(
        [sys.executable, "-c", program, "--no-logo", "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout
