"""Whether a person has opened a link, or a machine that only looks at what it leads to. Pure.

Only what the request says of itself is asked, and nothing of it is kept. Who lies is counted.
"""

import re
from collections.abc import Mapping

#: Robots and the previews of messengers, as they call themselves.
_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|embedly|vkshare|viber"
    r"|mastodon|synapse|zulip|iframely|headless|lighthouse|monitor|uptime"
    r"|curl|wget|python|java/|okhttp|go-http|libwww|httpclient|node-fetch|axios",
    re.IGNORECASE,
)
#: A browser fetches ahead of a tap that may never come.
_AHEAD = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def is_person(headers: Mapping[str, str]) -> bool:
    """Whether this looks like somebody's own browser, going there.

    >>> phone = {"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/156.0 Mobile Safari/537.36"}
    >>> is_person(phone), is_person({"user-agent": "WhatsApp/2.24"}), is_person({})
    (True, False, False)
    """
    agent = headers.get("user-agent", "")
    if not agent or _MACHINES.search(agent):
        return False
    if any("prefetch" in said or "preview" in said for said in _said(headers)):
        return False
    # A picture or a frame of another page that points here is nobody's tap.
    return headers.get("sec-fetch-dest", "document") == "document"


def _said(headers: Mapping[str, str]) -> list[str]:
    return [headers.get(name, "").lower() for name in _AHEAD]
