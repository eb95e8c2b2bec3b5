"""Words that must be found nowhere: looked for in every file, as bytes."""

from collections.abc import Iterable
from pathlib import Path


def found_in(folder: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """The files below a folder that hold a word in clear, in the encodings a database may use."""
    forms = {
        word: (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")) for word in words
    }
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found: dict[str, list[str]] = {}
    for path in files:
        content = path.read_bytes()
        for word, encoded in forms.items():
            if any(form in content for form in encoded):
                found.setdefault(word, []).append(path.name)
    return found
