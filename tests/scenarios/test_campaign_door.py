"""Posters' links at the door: what is counted, what is not, and that nothing else is kept."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select

from programmes.campaign.codes import code_of
from programmes.campaign.counts.store import count
from realtime.ledger import Transaction
from tests.support.campaigning import LINE, PHONE, Studio, studio
from web.access.vocabulary import Role

UNPRINTED = code_of("nobody has printed this one")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(tmp_path) as made:
        yield made


async def links(desk: Studio, **changes: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.create(**changes))["links"]
    return found


async def counted(desk: Studio) -> list[tuple[str, str, int]]:
    async with desk.door.whole.durable.ledger.reading() as reading:
        rows = await reading.db.execute(select(count.c.code, count.c.what, count.c.many))
        return sorted((row.code, row.what, row.many) for row in rows)


async def test_a_link_for_each_place_design_and_language(desk: Studio) -> None:
    made = await links(desk)

    assert len(made) == 2 * 3 * 2
    assert len({it["code"] for it in made}) == len(made)
    assert {(it["place"], it["design"], it["language"]) for it in made} == {
        (place, design, language)
        for place in (0, 1)
        for design in ("calme", "ligne", "ensemble")
        for language in ("fr", "en")
    }


async def test_the_same_campaign_asked_for_twice_is_one(desk: Studio) -> None:
    assert await links(desk) == await links(desk)
    assert len((await desk.done("campaign.list"))["campaigns"]) == 1


async def test_a_tap_leads_to_the_page_and_is_counted_once(desk: Studio) -> None:
    first, second, *_ = await links(desk)

    answer = await desk.tap(first["code"])
    capitals = await desk.tap(second["code"].upper(), path="/T/")

    assert answer.status_code == capitals.status_code == 303
    assert answer.headers["location"] == f"/#t={first['code']}"
    assert capitals.headers["location"] == f"/#t={second['code']}"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert answer.content == b""
    assert await counted(desk) == sorted((it["code"], "tap", 1) for it in (first, second))


NOT_TAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("HEAD", {}),
    ("GET", {"user-agent": "WhatsApp/2.23.20.0"}),
    ("GET", {"user-agent": "facebookexternalhit/1.1"}),
    ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
    ("GET", {"user-agent": "curl/8.5.0"}),
    ("GET", {"user-agent": ""}),
    ("GET", {"sec-purpose": "prefetch;prerender"}),
    ("GET", {"sec-fetch-dest": "image"}),
)


async def test_what_is_no_tap_leads_there_and_is_not_counted(desk: Studio) -> None:
    (code, *_) = [it["code"] for it in await links(desk)]

    for verb, headers in NOT_TAPS:
        answer = await desk.tap(code, verb=verb, headers=PHONE | headers)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/#t={code}")
    assert await counted(desk) == []
    # The same without what gave them away.
    await desk.tap(code)
    assert await counted(desk) == [(code, "tap", 1)]


async def test_letters_that_nobody_printed_lead_to_the_first_page(desk: Studio) -> None:
    await links(desk)

    for code in (UNPRINTED, "x", "bcdfghj1", "%00", "é"):
        answer = await desk.tap(code)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), code
    assert await counted(desk) == []


async def test_other_verbs_are_refused(desk: Studio) -> None:
    (code, *_) = [it["code"] for it in await links(desk)]

    assert (await desk.tap(code, verb="POST")).status_code == 405
    assert await counted(desk) == []


async def test_one_phone_that_taps_again_and_again_is_counted_a_few_times(desk: Studio) -> None:
    (code, *_) = [it["code"] for it in await links(desk)]

    answers = [await desk.tap(code) for _ in range(30)]

    assert {it.status_code for it in answers} == {303}
    ((_, _, many),) = await counted(desk)
    assert many == 5


async def test_of_a_tap_a_number_is_kept_and_nothing_else(desk: Studio, tmp_path: Path) -> None:
    (code, *_) = [it["code"] for it in await links(desk)]
    before = await tables(desk)

    await desk.tap(code, headers={**PHONE, "user-agent": PHONE["user-agent"] + " Marque/77"})

    changed = {name for name, rows in (await tables(desk)).items() if rows != before[name]}
    assert changed == {"campaign_count"}
    assert {it.name for it in count.columns} == {"code", "day", "what", "many"}
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"Marque/77" not in file.read_bytes(), file


async def tables(desk: Studio) -> dict[str, list[str]]:
    """Everything in the database."""
    async with desk.door.whole.durable.ledger.reading() as reading:
        names = await reading.db.run_sync(lambda db: inspect(db).get_table_names())
        return {
            name: sorted(
                map(str, (await reading.db.exec_driver_sql(f"SELECT * FROM {name}")).all())  # noqa: S608
            )
            for name in names
            # Rows of the R*Tree are bytes of its own.
            if not name.startswith("sqlite")
        }


async def test_a_campaign_that_is_over_leads_on_and_counts_no_more(desk: Studio) -> None:
    made = await desk.create()
    code = made["links"][0]["code"]
    await desk.done("campaign.end", campaign=made["campaign"])

    answer = await desk.tap(code)

    assert answer.headers["location"] == f"/#t={code}"
    assert await counted(desk) == []
    assert (await desk.ask("campaign.end", campaign=made["campaign"]))[0] == 409


async def test_a_report_that_carries_a_code_is_counted(desk: Studio) -> None:
    (code, *_) = [it["code"] for it in await links(desk)]
    counting = desk.door.whole.services.campaign.counting

    async def report(tx: Transaction) -> None:
        for text in (code, code.upper(), UNPRINTED, "", "x" * 500, "é\x00"):
            await counting.reported(tx, text)

    await desk.door.whole.durable.ledger.write(report)

    assert await counted(desk) == [(code, "report", 2)]


async def test_what_somebody_reports_by_a_poster_is_counted_with_it(desk: Studio) -> None:
    """The whole way: a tap, the page's session, the report that carries the letters."""
    (code, *_) = [it["code"] for it in await links(desk)]
    await desk.tap(code)
    somebody = await desk.door.person()

    status, answer = await desk.ask(
        "witness.report",
        who=somebody,
        **{"as": "witness"},
        id="report-0001",
        kind="verbal",
        line=LINE,
        direction=0,
        code=code,
    )

    assert (status, answer.get("state")) == (200, "recorded"), answer
    assert await counted(desk) == [(code, "report", 1), (code, "tap", 1)]
    # Said again, on a bad line, it is the same report.
    await desk.ask(
        "witness.report",
        who=somebody,
        **{"as": "witness"},
        id="report-0001",
        kind="verbal",
        line=LINE,
        direction=0,
        code=code,
    )
    assert await counted(desk) == [(code, "report", 1), (code, "tap", 1)]


async def test_an_exercise_on_a_line_is_an_event_that_says_so(desk: Studio) -> None:
    begun = await desk.done("campaign.drill", line=LINE, direction=0, id="drill-00001")
    operator = await desk.door.person(Role.OPERATOR)

    status, board = await desk.ask("witness.board", who=operator)
    told = await desk.done("campaign.drills")

    assert status == 200
    (event,) = board["events"]
    assert (event["alert"], event["drill"]) == (begun["alert"], True)
    (drill,) = told["drills"]
    assert (drill["state"], drill["line_name"], drill["alert"]) == ("running", "T9", begun["alert"])
    assert await desk.done("campaign.drill", line=LINE, direction=0, id="drill-00001") == begun


async def test_where_letters_lead_is_told_to_everybody(desk: Studio) -> None:
    made = await links(desk)
    stop, venue = (next(it["code"] for it in made if it["place"] == place) for place in (0, 1))

    answer = await desk.door.post("/api/transit/code", {"code": stop.upper()})
    there = await desk.door.post("/api/transit/code", {"code": venue})
    nowhere = await desk.door.post("/api/transit/code", {"code": UNPRINTED})

    assert answer.json() == {
        "line": LINE,
        "line_name": "T9",
        "stop": "ville:2",
        "stop_name": "Gare du Nord",
        "mode": "tram",
        "colour": "C5007F",
    }
    assert there.json() == {"venue": "Café des Amies"}
    assert (nowhere.status_code, nowhere.json()["error"]["name"]) == (404, "unknown_code")


WRONG_PLACES: tuple[tuple[list[dict[str, object]], str], ...] = (
    ([{}], "no_place"),
    ([{"line": "ville:T8"}], "unknown_place"),
    ([{"stop": "ville:99"}], "unknown_place"),
    ([{"line": LINE, "direction": 1, "stop": "tam:1"}], "unknown_place"),
    ([{"venue": " "}], "no_place"),
    ([], "malformed"),
)


async def test_a_poster_hangs_somewhere(desk: Studio) -> None:
    for n, (places, name) in enumerate(WRONG_PLACES):
        status, answer = await desk.ask(
            "campaign.create",
            id=f"campaign-100{n}",
            name="?",
            languages=["fr"],
            designs=["calme"],
            places=places,
        )
        assert (status >= 400, answer["error"]["name"]) == (True, name)


async def test_figures_are_for_those_who_run_it(desk: Studio) -> None:
    made = await desk.create()

    for role in (Role.CITIZEN, Role.OPERATOR, Role.DUTY, Role.FUNDER):
        other = await desk.door.person(role)
        for method, fields in (
            ("campaign.list", {}),
            ("campaign.state", {"campaign": made["campaign"]}),
            ("campaign.drills", {}),
            ("campaign.end", {"campaign": made["campaign"]}),
        ):
            assert (await desk.ask(method, who=other, **fields))[0] == 403
