"""All that a browser asked for and complained of during a story, and the secrets that it held."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebSocket

#: Says aloud what a content security policy refused, and where.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy broken: ${event.violatedDirective} ${event.blockedURI}`));
"""
#: What Chromium says when the network is away: that is the story, not a fault of the page.
NETWORK = ("net::ERR_", "WebSocket connection to", "Failed to load resource")


@dataclass
class Watch:  # No slots: Playwright notes its own on whom it calls.
    #: Every address asked for, sockets too.
    addresses: list[str] = field(default_factory=list)
    #: What the console said that is no news of the network.
    complaints: list[str] = field(default_factory=list)
    #: Secrets, as they went out.
    bearers: set[str] = field(default_factory=set)
    tickets: set[str] = field(default_factory=set)
    #: The answers' headers, of the pages and of everything else.
    headers: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)

    async def follow(self, context: BrowserContext) -> None:
        await context.add_init_script(TELL_VIOLATIONS)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", self._opened)

    @property
    def secrets(self) -> set[str]:
        return self.bearers | self.tickets

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(address).netloc for address in self.addresses}

    @property
    def paths(self) -> set[str]:
        """Without the host: what could hold something."""
        return {
            urlsplit(address)._replace(scheme="", netloc="").geturl() for address in self.addresses
        }

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.addresses.append(request.url)
        with contextlib.suppress(KeyError):
            self.bearers.add(request.headers["authorization"].removeprefix("Bearer "))

    def _answered(self, response: Response) -> None:
        self.headers.append((response.request.resource_type, response.url, response.headers))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(it in message.text for it in NETWORK):
            self.complaints.append(message.text)

    def _opened(self, page: Page) -> None:
        page.on("websocket", self._connected)

    def _connected(self, socket: WebSocket) -> None:
        self.addresses.append(socket.url)
        socket.on("framesent", self._sent)

    def _sent(self, frame: str | bytes) -> None:
        for line in frame.splitlines():
            ticket = json.loads(line).get("connect", {}).get("token")
            if ticket is not None:
                self.tickets.add(ticket)
