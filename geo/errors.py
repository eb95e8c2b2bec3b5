"""What can go wrong with places: numbers 500 to 549.

The sentences never hold a place, a row or a file name: people read them, and logs keep them.
"""

from realtime.kernel.errors import AppError


class WhereaboutsFull(AppError):
    """Too many helpers are on duty here; try again later."""

    number, name, temporary, status = 500, "whereabouts_full", True, 503


class BadFile(AppError):
    """This file cannot be imported."""

    number, name, temporary, status = 510, "bad_file", False, 400


class FileMissing(BadFile):
    """This file cannot be read: it is missing, or it is not a file."""

    number, name = 511, "file_missing"


class FileEmpty(BadFile):
    """This file holds no rows."""

    number, name = 512, "file_empty"


class FileTooLarge(BadFile):
    """This file, or a line of it, is larger than an import of its kind may be."""

    number, name, status = 513, "file_too_large", 413


class FileNotText(BadFile):
    """This file is not text."""

    number, name = 514, "file_not_text"


class FileNotUtf8(BadFile):
    """This file is not written in UTF-8."""

    number, name = 515, "file_not_utf8"


class WrongHeader(BadFile):
    """The first line of this file does not name the columns that this kind of import needs."""

    number, name = 516, "wrong_header"


class FileCutShort(BadFile):
    """This file stops in the middle of a row."""

    number, name = 517, "file_cut_short"


class NotGeoJson(BadFile):
    """This file is not GeoJSON with lines or areas."""

    number, name = 518, "not_geojson"


class NothingToLoad(BadFile):
    """Not one row of this file can be loaded."""

    number, name = 519, "nothing_to_load"


class ImportOverlap(AppError):
    """Another import of the same kind was running; this one has changed nothing."""

    number, name, temporary, status = 520, "import_overlap", True, 409


class NotAFeed(BadFile):
    """This is neither a folder nor a zip that holds the stops of a network."""

    number, name = 521, "not_a_feed"


class ArchiveUnsafe(BadFile):
    """This zip holds names or entries that an honest one does not."""

    number, name = 522, "archive_unsafe"


class ArchiveTooLarge(BadFile):
    """This zip grows larger than an import may be."""

    number, name, status = 523, "archive_too_large", 413


class StationsFirst(BadFile):
    """Traces say nothing of stations: import the stations of this network first."""

    number, name = 524, "stations_first"


class BadNetworkName(BadFile):
    """A network is called by up to twenty small letters, digits and dashes."""

    number, name = 525, "bad_network_name"


class UnknownLine(AppError):
    """There is no such line."""

    number, name, temporary, status = 526, "unknown_line", False, 404
