"""Charts are drawn by a helper process, stand in a page under its strict policy, and never make a page fail."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from breachdesk.web import charts
from breachdesk.web.charts import bar_chart, chart_svg

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [("Resolved to both sides' satisfaction", 12), ("Not resolved", 3), ("Withdrawn", 0), ("Lapsed", None)]


@pytest.fixture(scope="module")
def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(bar_chart("How cases ended", ROWS)))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    chart_svg(bar_chart("The helper is awake", [("a", 1)]))
    monkeypatch.setattr(charts, "SECONDS", 0.2)


def test_the_picture_has_a_role_and_a_label_with_every_number(drawn: ElementTree.Element) -> None:
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == ("How cases ended. Bar chart. Resolved to both sides' satisfaction: 12; Not resolved: 3; "
                                       "Withdrawn: 0; Lapsed: not shown")


def test_labels_and_numbers_are_written_beside_the_bars(drawn: ElementTree.Element) -> None:
    written = [" ".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]

    assert written == ["Resolved to both sides' satisfaction", "Not resolved", "Withdrawn", "Lapsed", "12", "3", "0", "not shown"]


def test_each_bar_is_as_long_as_its_count_and_says_what_it_is(drawn: ElementTree.Element) -> None:
    bars = [path for path in drawn.iter(f"{SVG}path") if path.get("aria-roledescription") == "bar"]
    lengths = [float(re.match(r"M[^h]*h([\d.]+)", bar.attrib["d"])[1]) for bar in bars]  # type: ignore[index]

    assert lengths == pytest.approx([280, 70, 0, 0])
    assert {bar.get("fill") for bar in bars} == {charts.ACCENT}
    assert bars[1].get("aria-label") == "Not resolved: 3"


def test_nothing_in_it_needs_more_than_the_page_s_policy_allows(drawn: ElementTree.Element) -> None:
    tags = {element.tag.removeprefix(SVG) for element in drawn.iter()}
    attributes = {name for element in drawn.iter() for name in element.attrib}

    assert tags <= {"svg", "g", "path", "line", "text", "tspan"}
    assert not [name for name in attributes if name in ("style", "id") or name.startswith("on") or "href" in name]


def test_words_from_a_procedure_stay_words() -> None:
    hostile = "<b>alert('1')</b> & \"quoted\" \\ ` ${1} 😀"

    svg = ElementTree.fromstring(chart_svg(bar_chart(hostile, [(hostile, 1)])))

    assert svg.attrib["aria-label"].startswith(hostile)
    assert hostile in " ".join(" ".join(text.itertext()) for text in svg.iter(f"{SVG}text"))
    assert not list(svg.iter(f"{SVG}b"))


def test_equal_labels_stay_two_bars() -> None:
    svg = chart_svg(bar_chart("Two", [("Same", 1), ("Same", 2)]))

    assert svg.count('aria-roledescription="bar"') == 2


@pytest.mark.parametrize("rows", [[], [("Nothing", 0)], [("Nothing", 0), ("Hidden", None)], [("", 1)]])
def test_a_nil_return_has_a_picture_too(rows: list[tuple[str, int | None]]) -> None:
    assert ElementTree.fromstring(chart_svg(bar_chart("Nothing", rows))).get("role") == "img"


def test_the_library_is_not_loaded_where_pages_are_served() -> None:
    assert chart_svg(bar_chart("Elsewhere", [("a", 1)]))
    assert "vl_convert" not in sys.modules


def test_nothing_is_fetched_from_an_address_in_a_spec() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/rows.json"
        chart_svg({"mark": "bar", "data": {"url": address}, "encoding": {"x": {"field": "a", "type": "quantitative"}}})

        with pytest.raises(TimeoutError):
            server.accept()


def test_a_spec_that_makes_no_sense_gives_no_picture_and_no_error() -> None:
    assert chart_svg({"mark": "nonsense"}) == ""


def test_a_helper_that_died_is_replaced_at_once() -> None:
    chart_svg(bar_chart("Before", [("a", 1)]))
    os.kill(_helper(), signal.SIGKILL)

    assert chart_svg(bar_chart("After", [("a", 1)])).startswith("<svg ")


@pytest.mark.usefixtures("impatient")
def test_a_helper_that_hangs_costs_one_picture_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = _helper()
    os.kill(hanging, signal.SIGSTOP)

    began = time.monotonic()
    assert chart_svg(bar_chart("While it hangs", [("a", 1)])) == ""

    assert time.monotonic() - began < 5
    monkeypatch.undo()
    assert chart_svg(bar_chart("While it hangs", [("a", 1)])).startswith("<svg ")
    assert _helper() != hanging


def test_the_helper_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text("import multiprocessing, time\nfrom breachdesk.web.charts import bar_chart, chart_svg\n"
                       "if __name__ == '__main__':\n    chart_svg(bar_chart('a', [('a', 1)]))\n"
                       "    print(multiprocessing.active_children()[0].pid, flush=True)\n    time.sleep(60)\n")
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout
        helper = int(parent.stdout.readline())
        parent.kill()

    patience = time.monotonic() + 10
    while _lives(helper) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not _lives(helper)


def _helper() -> int:
    [pid] = [child.pid for child in multiprocessing.active_children()]
    assert pid
    return pid


def _lives(pid: int) -> bool:
    """Neither gone nor waiting to be collected by whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
