"""``./run bench chart``: the picture and the figures of the first page, from what was kept."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.load.chart import drawn
from tests.load.kept import Kept, kept
from tests.load.peers.ours import NAME
from tests.support.circumstances import ROOT
from tests.support.programs import Programs

HERE = Path(__file__).parent
README, CHART = ROOT / "README.md", ROOT / "docs" / "speed.svg"
BEGIN, END = "<!-- figures: ./run bench chart -->", "<!-- end of figures -->"


def remake() -> None:
    found = kept()
    CHART.write_text(drawn(found), encoding="utf-8")
    README.write_text(with_figures(README.read_text(encoding="utf-8"), found), encoding="utf-8")


def with_figures(page: str, found: Mapping[str, Kept]) -> str:
    """The page, with what stands between the marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join((before + BEGIN, *_block(found), END + after))


def _block(found: Mapping[str, Kept]) -> Iterator[str]:
    if not found:
        return
    yield "![Processor time and memory beside other servers](docs/speed.svg)"
    yield ""
    yield "| `./run bench` | what | ours, × the floor | aims met | measured |"
    yield "|---|---|---|---|---|"
    for name, it in found.items():
        met = sum(aim.met for aim in it.aims)
        yield f"| `{name}` | {it.title} | {_times(it)} | {met} of {len(it.aims)} | {it.at} |"
    yield ""
    for machine in sorted({str(it.machine) for it in found.values()}):
        yield f"On {machine}."
    yield ""
    absent = [it for it in Programs("bench", HERE).names() if it not in found]
    if absent:
        yield f"Not kept: {', '.join(f'`{it}`' for it in absent)}."
        yield ""
    unmet = [(name, aim.sentence) for name, it in found.items() for aim in it.aims if not aim.met]
    yield "Not met here:" if unmet else "Every aim of these is met here."
    yield ""
    if unmet:
        yield from (f"* `{name}`: {sentence}" for name, sentence in unmet)
        yield ""


def _times(it: Kept) -> str:
    """Processor time beside a loop in C that only sends, or receives."""
    return str(it.column("× floor").get(NAME, "")) if "× floor" in it.columns else ""
