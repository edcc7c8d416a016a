"""The clock of a practice desk on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import PASSWORD, Cast, StoppedClock, fill, lodge, served
from web.page_reader import Element, Page, PageReader

from breachdesk.bootstrap import create_desk
from breachdesk.casework.desk import Desk
from breachdesk.settings import read_settings

Reader = Callable[[str], PageReader]


def made(folder: Path) -> Desk:
    """A practice desk with the cast and one complaint that nobody has acknowledged, on Monday 2 March 2026."""
    clock = StoppedClock()
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), practice=True, start=clock.now, wall=clock)
    fill(desk)
    lodge(desk, Cast(desk).ruth)
    return desk


def reader_of(desk: Desk) -> Reader:
    app = served(desk)
    known: dict[str, PageReader] = {}

    def of(name: str) -> PageReader:
        if name not in known:
            known[name] = PageReader(app)
            known[name].sign_in(f"{name}@desk.example", PASSWORD)
        return known[name]
    return of


@pytest.fixture
def practising(tmp_path: Path) -> Iterator[Reader]:
    """People on a practice desk whose clock this test may move."""
    desk = made(tmp_path / "practice")
    yield reader_of(desk)
    desk.database.close()


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """People on a practice desk who only look; they stay signed in from test to test."""
    desk = made(tmp_path_factory.mktemp("practice"))
    yield reader_of(desk)
    desk.database.close()


def mover(page: Page) -> Element:
    """The form that moves the clock to the day that the page names."""
    [form] = [form for form in page.one("main").all("form") if form["method"] == "post"]
    return form


def test_what_will_fall_due_is_shown_before_the_clock_moves(looking: Reader) -> None:
    page = looking("olive").open("/practice/clock?by=5")

    assert "By Monday 9 March 2026" in page.main
    assert [row.text for row in page.one("tbody").all("tr")] == [
        "Friday 6 March 2026 DD-2026-0001 Reminder: The coordinator acknowledges the complaint",
        "Monday 9 March 2026 DD-2026-0001 Reminder: Amberdale Council is told"]
    assert "Today is Monday 2 March 2026 here." in page.main


def test_after_moving_it_says_what_the_clock_did_in_order(practising: Reader) -> None:
    olive = practising("olive")

    page = olive.send(mover(olive.open("/practice/clock?by=10")))

    assert "It was Monday 2 March 2026 here. Now it is Monday 16 March 2026." in page.main
    assert [row.text for row in page.one("tbody").all("tr")] == [
        "Friday 6 March 2026 DD-2026-0001 Sent a reminder: The coordinator acknowledges the complaint.",
        "Monday 9 March 2026 DD-2026-0001 Sent a reminder: Amberdale Council is told.",
        "End of Monday 9 March 2026 DD-2026-0001 Time was up: The coordinator acknowledges the complaint. "
        "The clock took this step: Acknowledgement by the clock."]


def test_the_end_of_a_day_comes_before_the_morning_of_the_next(tmp_path: Path) -> None:
    desk = made(tmp_path / "practice")
    lodge(desk, Cast(desk).olive, received_on="2026-02-26", channel="post")
    olive = reader_of(desk)("olive")

    before = olive.open("/practice/clock?by=5")
    after = olive.send(mover(before))
    desk.database.close()

    for page in (before, after):
        moments = [row.all("td")[0].text for row in page.one("tbody").all("tr")]
        assert moments[moments.index("End of Thursday 5 March 2026"):][:2] == ["End of Thursday 5 March 2026", "Friday 6 March 2026"]


def test_somebody_sees_only_what_happens_in_their_own_cases(practising: Reader) -> None:
    hana = practising("hana")

    before = hana.open("/practice/clock?by=10")
    after = hana.send(mover(before))

    assert "Nothing falls due by then in the cases that you can see." in before.main
    assert "Nothing fell due in the cases that you can see." in after.main
    assert "In cases that you cannot see, the clock did three more things." in after.main
    assert "DD-2026-0001" not in before.main + after.main


@pytest.mark.parametrize(("query", "says"), [
    ("by=", "Choose how far to move."),
    ("by=7", "Choose how far to move."),
    ("by=other&number=0", "Give a whole number of working days, from 1 to 500."),
    ("by=other&number=-3", "Give a whole number of working days, from 1 to 500."),
    ("by=other&number=%C2%B2", "Give a whole number of working days, from 1 to 500."),
    ("by=other&number=" + "9" * 400, "Give a whole number of working days, from 1 to 500."),
    ("by=date", "Give a date, for example 27 3 2026."),
    ("by=date&day-day=31&day-month=2&day-year=2026", "Give a date, for example 27 3 2026."),
    ("by=date&day-day=1&day-month=3&day-year=2026", "Give a day after today. The clock moves only forward."),
    ("by=date&day-day=1&day-month=3&day-year=2031", "Give a day within the next two years, so that you can see what happens."),
])
def test_what_cannot_be_is_said_at_its_field(looking: Reader, query: str, says: str) -> None:
    page = looking("ruth").open(f"/practice/clock?{query}", 422)

    assert page.errors() == [says]


def test_a_day_may_be_written_with_the_months_name(looking: Reader) -> None:
    page = looking("ruth").open("/practice/clock?by=date&day-day=27&day-month=march&day-year=2026")

    assert "Move to Friday 27 March 2026" in [button.text for button in page.all("button")]


@pytest.mark.parametrize(("to", "status"), [
    ("", 404), ("soon", 404), ("2026-03-02T08:00:00+00:00", 409), ("9999-12-31T23:59:59-14:00", 409), ("2026-03-01", 409),
    ("0001-01-01T00:00:00+14:00", 409)])
def test_a_moment_that_was_made_up_is_refused_and_nothing_moves(looking: Reader, to: str, status: int) -> None:
    olive = looking("olive")

    olive.send(mover(olive.open("/practice/clock?by=1")), {"to": to}, expect=status)

    assert "Today is Monday 2 March 2026 here." in olive.open("/practice/clock").main


def test_looking_moves_nothing(looking: Reader) -> None:
    olive = looking("olive")
    olive.open("/practice/clock?by=20")

    assert "Today is Monday 2 March 2026 here." in olive.open("/practice/clock").main


def test_a_real_desk_has_no_such_page(reader: Reader) -> None:
    assert "nobody can move it" in reader("olive").open("/practice/clock?by=1", 404).main
