"""``/t/<seven letters>``: where a poster's QR code leads. One more tap of that poster, and away.

The answer is the same for everybody and sets nothing. Nothing is kept of who asked: a number by
link and day goes up, unless it is a machine that looks, or one address that asks again and again
(counted under a mark that is no address, by the limits that sessions have).
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from programmes.campaign import codes
from programmes.campaign.counting import Counting
from programmes.campaign.readers import is_person
from programmes.campaign.values import Code
from realtime.kernel.errors import TooManyRequests
from realtime.ledger import Ledger, Transaction
from web.api.commands import refusal
from web.auth.addresses import Addresses
from web.errors import WrongVerb, tamed

#: In capitals on paper: a QR code of capitals and figures has fewer, larger modules.
TAPS = ("/t/", "/T/")
#: A database that is slower than this counts nothing.
PATIENCE_S = 1.0
HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class TapDoor:
    def __init__(self, ledger: Ledger, counting: Counting, addresses: Addresses) -> None:
        self._ledger = ledger
        self._counting = counting
        self._addresses = addresses

    async def answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return refusal(WrongVerb())
        code = codes.read(str(request.path_params["code"]))
        counts = request.method == "GET" and is_person(request.headers)
        if code is None or not await self._led(request, code, counts=counts):
            return _to("/")
        return _to(f"/#t={code}")

    async def _led(self, request: Request, code: Code, *, counts: bool) -> bool:
        """Whether the link is one of ours, and one more tap of it.

        A count that cannot be made is lost, and a link that cannot be looked up is believed:
        nobody is kept waiting for a statistic.
        """

        async def work(tx: Transaction) -> None:
            await self._counting.tapped(tx, code)

        try:
            async with asyncio.timeout(PATIENCE_S):
                async with self._ledger.reading() as reading:
                    if not await self._counting.is_printed(reading, code):
                        return False
                if counts:
                    await self._addresses.tap(request.client.host if request.client else "", code)
                    await self._ledger.write(work)
        except (TooManyRequests, TimeoutError):
            return True
        except Exception as error:  # noqa: BLE001 - whatever it was, she is let through
            tamed(error, where="tap")
        return True


def _to(place: str) -> Response:
    return Response(status_code=303, headers={**HEADERS, "location": place})
