"""What can go wrong with the directory. Numbers 1055 to 1059."""

from geo.errors import BadFile


class NotDirectory(BadFile):
    """This file is no directory of services as HSDS 3 describes them, in JSON or in CSV."""

    number, name = 1055, "not_directory"
