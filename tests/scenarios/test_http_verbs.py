"""The verbs of the command line, in the test's own process: what they say, and their exit codes."""

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.cap.reading import read
from alerts.cap.writing import as_cap
from matching.helpers.service import Helpers
from realtime.kernel.clock import SystemClock
from realtime.kernel.errors import Unavailable
from realtime.ledger import Reading
from web.cli import main

SHARED = Path(__file__).parents[3] / "shared/data"


class Shell:
    """Runs a verb, and keeps what it said."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.folder = folder

    def run(self, *words: str) -> tuple[int, str, str]:
        """The exit code, standard output, standard error."""
        self._monkeypatch.setattr("sys.argv", ["web", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Shell:
    monkeypatch.setenv("ENTRAIDE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    return Shell(monkeypatch, capsys, tmp_path)


def test_what_is_wrong_is_said_in_a_sentence_and_never_a_traceback(shell: Shell) -> None:
    bad, nothing = shell.folder / "bad.csv", shell.folder / "nothing.csv"
    bad.write_text("no,such,columns\n1,2,3\n")
    wrong = {
        ("import", "hotels", str(nothing)): (1, "file_missing (511)"),
        ("import", "hotels", str(bad)): (1, "wrong_header (516)"),
        ("import", "directory", str(bad)): (1, "not_directory (1055)"),
        ("import", "cap", str(nothing)): (1, "file_missing (511)"),
        ("import", "cap", str(bad)): (1, "not_a_warning (1150)"),
        ("import", "gtfs", str(nothing)): (1, "file_missing (511)"),
        ("import", "gtfs", str(bad)): (1, "not_a_feed (521)"),
        ("import", "gtfs", str(shell.folder), "--network", "A B"): (1, "bad_network_name (525)"),
        ("import", "traces", str(bad)): (1, "stations_first (524)"),
        ("import", "stations", str(bad), "--network", "tam"): (2, "names a network of GTFS"),
        ("import", "stations", str(bad), "--draw", "3"): (2, "invents rooms of hotels"),
        ("token", "--role", "anyone"): (2, "a session has a role"),
        ("token", "--role", "operator", "--tier", "1"): (2, "helpers are citizens"),
        ("token", "--count", "0"): (2, "count"),
        ("serve", "--port", "70000"): (2, "ENTRAIDE_PORT"),
        ("serve", "--workers", "2"): (2, "ENTRAIDE_BROKER"),
        ("nothing",): (2, "nothing"),
    }

    for words, (code, sentence) in wrong.items():
        got, _, errors = shell.run(*words)
        assert got == code, (words, errors)
        assert sentence in errors, (words, errors)
        assert "Traceback" not in errors


def test_a_database_that_goes_away_during_the_start_is_said_in_a_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(helpers: Helpers, reading: Reading) -> None:
        raise Unavailable

    # By then the node and its tasks are running.
    monkeypatch.setattr(Helpers, "load", away)
    # Those of the tests stay as they are.
    monkeypatch.setattr("web.cli.configure_logs", lambda **_: None)

    code, _, errors = shell.run("serve", "--no-demo", "--port", "0")

    assert code == 1
    assert errors == "unavailable (400): A service we depend on is not answering.\n"


def test_in_production_every_problem_is_named_before_anything_starts(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTRAIDE_PRODUCTION", "1")
    monkeypatch.setenv("ENTRAIDE_DEBUG", "1")
    monkeypatch.setenv("ENTRAIDE_DEMO", "1")

    code, _, errors = shell.run("serve")

    assert code == 2
    assert [line.split()[0] for line in errors.splitlines()][1:] == [
        "ENTRAIDE_DEBUG",
        "ENTRAIDE_DEMO",
        "ENTRAIDE_ORIGINS",
    ]
    assert "seal.key is missing" in errors.splitlines()[0]
    assert not (shell.folder / "data").exists()


def test_rooms_are_never_invented_in_production(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTRAIDE_PRODUCTION", "1")
    monkeypatch.setenv("ENTRAIDE_ORIGINS", "https://entraide.example")
    key = shell.folder / "data/keys/seal.key"
    key.parent.mkdir(parents=True)
    key.write_text(base64.b64encode(bytes(range(32))).decode())
    key.chmod(0o600)

    code, _, errors = shell.run("import", "hotels", "hotels.csv", "--draw", "3")

    assert (code, "never in production" in errors) == (2, True)


def test_the_demo_city_never_runs_in_production(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTRAIDE_PRODUCTION", "1")

    code, _, errors = shell.run("demo")

    assert code == 2
    assert errors


def test_an_import_counts_what_it_loaded_and_what_it_refused_and_why(shell: Shell) -> None:
    file = SHARED / "communes/communes_population_centroids.csv"

    code, said, _ = shell.run("import", "communes", str(file))

    assert code == 0
    assert "communes: 34888 loaded, 12 refused" in said
    assert "no_place: 12 (lines 4203, 4822," in said


def test_networks_are_imported_and_what_was_refused_is_said_by_file(shell: Shell) -> None:
    transit = SHARED / "transit"
    stations = transit / "idf_emplacement_des_gares_2026.csv"

    assert shell.run("import", "stations", str(stations))[0] == 0
    _, traces, _ = shell.run("import", "traces", str(transit / "idf_rail_traces.geojson"))
    code, angers, _ = shell.run(
        "import", "gtfs", str(transit / "gtfs_angers_irigo"), "--network", "irigo"
    )

    assert code == 0
    assert "irigo: 1899 stops, 0 lines, 0 courses; 0 rows refused" in angers
    assert "idfm: 1077 stops, 46 lines, 164 courses; 407 rows refused" in traces
    assert "idf_rail_traces.geojson\n  no_stations: 407 (lines 6, 7, 8," in traces


def test_a_token_is_one_line_of_256_bits(shell: Shell) -> None:
    code, said, _ = shell.run("token", "--tier", "1", "--count", "3")

    assert code == 0
    assert [len(line) for line in said.splitlines()] == [43, 43, 43]
    assert len(set(said.splitlines())) == 3


def test_the_doctor_sees_what_is_well_and_what_is_not(shell: Shell) -> None:
    _, before, _ = shell.run("doctor")
    shell.run("token")
    _, after, _ = shell.run("doctor")
    (shell.folder / "data/keys/seal.key").chmod(0o644)
    code, ill, _ = shell.run("doctor")

    assert "nothing yet" in before
    assert "ok   seal key: safe" in after
    assert "ok   audit: unbroken" in after
    assert "chmod 600" in ill
    assert code == 1


def test_a_directory_of_services_is_loaded_and_its_refusals_are_counted(shell: Shell) -> None:
    file = shell.folder / "directory.json"
    file.write_text(
        '[{"id": "a", "name": "A", "status": "active", "phones": [{"number": "3919"}]},'
        ' {"id": "b", "name": "B", "status": "defunct"}]'
    )

    code, out, _ = shell.run("import", "directory", str(file))

    assert code == 0
    assert "directory: 1 services, 1 refused" in out
    assert "unknown_value: 1 (lines 2)" in out


def test_hotels_join_and_each_gets_a_link_for_its_tablet(shell: Shell) -> None:
    listed, joining = shell.folder / "hotels.csv", shell.folder / "joining.csv"
    listed.write_text(
        "id,name,stars,address,postcode,city,rooms,capacity,insee,lat,lon,geo_precision\n"
        "7,HOTEL,3,1 rue X,75001,PARIS,20,40,75101,48.85,2.35,commune\n"
    )
    header = "hotel,people,cots,accessible,pets,ground_floor,price_cents,rooms\n"
    shell.run("import", "hotels", str(listed))

    joining.write_text(header + "7,two,0,0,0,0,6000,3\n")
    code, out, complaint = shell.run("join", str(joining))
    assert (code, out) == (1, "")
    assert "bad_number: 1 (lines 2)" in complaint

    joining.write_text(header + "7,2,0,0,0,0,6000,3\n")
    code, out, _ = shell.run("join", str(joining))
    number, path, figures = out.split()
    assert (code, number) == (0, "7")
    assert path.startswith("/bureau#")
    assert len(figures) == 6

    code, out, _ = shell.run("tablet", "7")
    assert (code, out.split() == [path, figures]) == (0, False)
    code, _, complaint = shell.run("tablet", "8")
    assert (code, "hotel_not_listed (911)" in complaint) == (1, True)


def test_an_authoritys_warning_is_mirrored_by_hand(shell: Shell) -> None:
    said = SHARED / "cap/google/weather.cap"
    now, hour = SystemClock().now(), timedelta(hours=1)
    message = read(said.read_bytes())
    info = replace(message.infos[0], expires=now + hour, web="https://weather.example/w.cap")
    fresh = shell.folder / "fresh.cap"
    fresh.write_bytes(as_cap(replace(message, sent=now - hour, infos=(info,))))

    assert "0 shown, 1 not to be shown" in shell.run("import", "cap", str(said))[1]
    assert "1 shown, 0 not to be shown" in shell.run("import", "cap", str(fresh))[1]
    _, index, _ = shell.run("import", "cap", str(SHARED / "cap/google/ny_index.rss"))
    assert "2 are only named here" in index
    _, wrong, _ = shell.run("import", "cap", str(SHARED / "cap/google/weather_invalid.atom"))
    assert "bad_name: 1" in wrong
    code, refused, _ = shell.run("import", "cap", str(SHARED / "cap/google/xee.cap"))
    assert (code, "refused, forbidden_xml" in refused) == (1, True)
