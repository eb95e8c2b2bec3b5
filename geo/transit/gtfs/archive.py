"""The files of a feed, from a folder or a zip, read as streams and never written anywhere.

A zip comes from outside: names that lead elsewhere, entries that grow a hundredfold, encryption and
doubles are refused before a byte of it is read.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from geo.errors import (
    ArchiveTooLarge,
    ArchiveUnsafe,
    FileCutShort,
    FileMissing,
    NotAFeed,
)
from geo.transit.rules import (
    ALWAYS_SMALL,
    LARGEST_FEED,
    LARGEST_TIMES,
    MOST_ENTRIES,
)
from realtime.kernel.errors import translating

#: What is read of a feed.
FILES = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "shapes.txt")
_ENCRYPTED = 1


class Feed:
    """A folder's files."""

    def __init__(self, files: dict[str, Path]) -> None:
        self._files = files

    def __contains__(self, name: str) -> bool:
        return name in self._files

    @property
    def size(self) -> int:
        with translating(OSError, into=FileMissing):
            return sum(path.stat().st_size for path in self._files.values())

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with translating(OSError, into=FileMissing), self._files[name].open("rb") as file:
            yield file

    def close(self) -> None:
        """Nothing is held open."""


class ZippedFeed:
    """A zip's entries."""

    def __init__(self, archive: ZipFile, entries: dict[str, ZipInfo]) -> None:
        self._archive = archive
        self._entries = entries

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def size(self) -> int:
        return sum(entry.file_size for entry in self._entries.values())

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        try:
            with self._archive.open(self._entries[name]) as file:
                yield file  # type: ignore[misc]  # it reads lines as any file does
        except (BadZipFile, EOFError, zlib.error, OSError) as error:
            raise FileCutShort from error
        except (NotImplementedError, RuntimeError) as error:
            raise ArchiveUnsafe from error

    def close(self) -> None:
        self._archive.close()


def open_feed(path: Path) -> Feed | ZippedFeed:
    """The feed in a folder or a zip; the caller closes it."""
    try:
        if path.is_dir():
            return _folder(path)
        if not path.is_file():
            raise FileMissing
    except (OSError, ValueError) as error:
        raise FileMissing from error
    return _zip(path)


def _folder(path: Path) -> Feed:
    # A link could lead to any file of the machine.
    files = {
        name: path / name
        for name in FILES
        if (path / name).is_file() and not (path / name).is_symlink()
    }
    if "stops.txt" not in files:
        raise NotAFeed
    feed = Feed(files)
    if feed.size > LARGEST_FEED:
        raise ArchiveTooLarge
    return feed


def _zip(path: Path) -> ZippedFeed:
    with translating(OSError, into=FileMissing), path.open("rb") as file:
        begins = file.read(4)
    try:
        archive = ZipFile(path)
    except (BadZipFile, LargeZipFile, NotImplementedError, OSError, ValueError) as error:
        raise (FileCutShort if begins == b"PK\x03\x04" else NotAFeed) from error
    try:
        return ZippedFeed(archive, _wanted(archive.infolist()))
    except BaseException:
        archive.close()
        raise


def _wanted(entries: Iterable[ZipInfo]) -> dict[str, ZipInfo]:
    """The entries to read, by name; all in one folder."""
    wanted: dict[str, ZipInfo] = {}
    folders: set[PurePosixPath] = set()
    for many, entry in enumerate(entries, 1):
        if many > MOST_ENTRIES or not _is_plain(entry.filename):
            raise ArchiveUnsafe
        name = PurePosixPath(entry.filename)
        if name.name in FILES and not entry.is_dir():
            if name.name in wanted or entry.flag_bits & _ENCRYPTED or len(name.parts) > 2:
                raise ArchiveUnsafe
            wanted[name.name] = entry
            folders.add(name.parent)
    if "stops.txt" not in wanted:
        raise NotAFeed
    if len(folders) > 1:
        raise ArchiveUnsafe
    _check_sizes(wanted.values())
    return wanted


def _check_sizes(entries: Iterable[ZipInfo]) -> None:
    total = 0
    for entry in entries:
        total += entry.file_size
        grows = entry.file_size > LARGEST_TIMES * max(1, entry.compress_size)
        if total > LARGEST_FEED or (grows and entry.file_size > ALWAYS_SMALL):
            raise ArchiveTooLarge


def _is_plain(name: str) -> bool:
    r"""Whether a name leads nowhere but into the archive.

    >>> [_is_plain(it) for it in ("gtfs/stops.txt", "../stops.txt", "/stops.txt", "C:x", "a\\b")]
    [True, False, False, False, False]
    """
    path = PurePosixPath(name)
    return not (
        path.is_absolute()
        or ".." in path.parts
        or any(each in name for each in "\\:\0")
        or not name.isprintable()
    )
