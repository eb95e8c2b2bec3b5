"""What the pages ask for is what the server answers: nothing ends in a 404 that nobody sees."""

import re
from pathlib import Path

from web.api.exports import EXPORTS
from web.commands.catalogue import registry

SOURCES = Path(__file__).resolve().parents[2] / "web" / "client" / "src"
#: An address written whole; one made of a command's name is said by that name.
ADDRESS = re.compile(r"""["'`](/api/[a-z_/]+[a-z])["'`?]""")
#: ``line.command<Type>("help.state", …``: over the socket, over HTTP, and where a name is given on.
COMMAND = re.compile(
    r"""\b(?:command|byHttp|say|#ask|held)(?:<[^(]*>)?\(\s*["'`]([a-z]+\.[a-z]+)["'`]"""
)


def text() -> str:
    return "\n".join(it.read_text() for it in sorted(SOURCES.rglob("*.ts*")))


def test_every_address_in_the_pages_is_one_of_the_servers() -> None:
    served = {it.path for it in registry()} | {it.path for it in EXPORTS}
    asked = set(ADDRESS.findall(text()))

    assert len(asked) > 10
    assert asked - served == set()


def test_every_command_in_the_pages_is_one_of_the_servers() -> None:
    asked = set(COMMAND.findall(text()))

    assert len(asked) > 40
    assert asked - {it.method for it in registry()} == set()
