"""Debian's Chromium, quiet: nothing of it leaves the machine, whatever a page asks for."""

import os

from tests.support.javascript import NODE
from tests.support.neutral_site import HOST

# The Node that Playwright brings wants a library (libatomic) that a bare Debian has not; ours is
# the one that has just built the pages.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

CHROMIUM = "/usr/bin/chromium"
#: What it would do unasked. The last such list is the one that counts: Playwright's is said again,
#: and its own menus (two pages of 160 MB beside each of ours) are left out.
WITHOUT = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "ThirdPartyStoragePartitioning,WebUIOmniboxAimPopup,WebUIOmniboxPopup"
)
#: Chromium's own chatter would leave the machine.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={WITHOUT}",
)
#: People's browsers keep pages alive behind Back; Playwright's own settings do not.
AS_PEOPLE_HAVE_IT = ("--disable-back-forward-cache",)


def with_neutral_site(port: int) -> list[str]:
    """Arguments with which the neutral site is ours, and no other host exists."""
    return [
        *QUIET,
        "--ignore-certificate-errors",
        f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{port}, MAP * ~NOTFOUND, "
        "EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
