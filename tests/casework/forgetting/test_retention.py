"""What goes by itself when its time is over: files a year after the last step, every word six years after the case has closed."""

from __future__ import annotations

from datetime import date

import pytest
from casework.forgetting.test_erasing import closed_case, held, lifted, words
from casework.test_erased_for_good import bytes_with
from conftest import SCHEME, Cast, lodge
from sqlalchemy import insert

from breachdesk.casework.figures import year_figures
from breachdesk.casework.forgetting.retention import FILES, RECORD, disposal_log, dispose, due, let_go_now, look
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.periodic import RETENTION, do_jobs
from breachdesk.casework.scheme_settings import settle
from breachdesk.errors import NotFound, NotPermitted
from breachdesk.statistics.tables import as_json
from breachdesk.store.holds import LINKS, REMEDIES

LEGAL = {"kind": "legal", "reason": "A claim was announced.", "review_on": "2040-01-01"}


def waiting(desk):
    """What is due: the case, what of it, and since when."""
    with desk.database.read() as session:
        return [(one.reference, one.what, one.due_on) for one in due(session, desk, desk.scheme(session, SCHEME))]


def looked(desk, actor):
    return desk.database.transact(lambda session: look(session, desk, actor, SCHEME))


def kept(desk, actor, **answers):
    given = {"keep_files_months": "12", "keep_record_years": "6", "disposes_by_itself": "no", **answers}
    settle(desk, actor, SCHEME, "retention", given)


def test_files_are_due_a_year_after_the_last_step_and_words_six_years_after_closing(desk, cast, clock):
    reference = closed_case(desk, cast)

    clock.to(date(2027, 3, 1))
    assert waiting(desk) == []
    clock.to(date(2027, 3, 2))
    assert waiting(desk) == [(reference, FILES, date(2027, 3, 2))]
    clock.to(date(2032, 3, 1))
    assert waiting(desk) == [(reference, FILES, date(2027, 3, 2))]
    clock.to(date(2032, 3, 2))
    assert waiting(desk) == [(reference, RECORD, date(2032, 3, 2))]


def test_nothing_goes_before_a_coordinator_has_looked_at_the_list_on_which_it_stands(desk, cast, clock):
    first = closed_case(desk, cast)
    clock.to(date(2026, 6, 2))
    second = closed_case(desk, cast)
    clock.to(date(2027, 3, 2))
    assert dispose(desk) == {"files": 0, "record": 0, "held": 0}

    assert looked(desk, cast.olive) == 1
    clock.to(date(2027, 6, 2))
    assert dispose(desk) == {"files": 1, "record": 0, "held": 0}

    assert waiting(desk) == [(second, FILES, date(2027, 6, 2))]
    with desk.database.read() as session:
        assert [(one.reference, one.what, one.files) for one in disposal_log(session, cast.olive)] == [(first, FILES, 1)]


def test_a_scheme_may_let_it_go_by_itself_and_the_job_does_so_once_a_day(desk, cast, clock):
    reference = closed_case(desk, cast)
    kept(desk, cast.olive, disposes_by_itself="yes", keep_files_months="2", keep_record_years="1")

    clock.to(date(2026, 5, 2))
    assert do_jobs(desk, [RETENTION]) == ["retention"]
    assert list((desk.data_path / "files").iterdir()) == []
    assert words(desk, reference)

    clock.to(date(2027, 3, 2))
    assert do_jobs(desk, [RETENTION]) == ["retention"]
    assert words(desk, reference) == {}
    assert waiting(desk) == []
    assert verify(desk).erased > 0


def test_of_a_record_that_went_no_byte_is_left_and_the_figures_stay(desk, cast, clock):
    reference = closed_case(desk, cast, what_happened="A heronlike canary was here.", title="About a heronlike canary")
    with desk.database.read() as session:
        before = as_json(year_figures(session, desk, SCHEME, "2025-26"))
    kept(desk, cast.olive, disposes_by_itself="yes")
    assert bytes_with(desk.data_path, "heronlike")

    clock.to(date(2032, 3, 2))
    assert dispose(desk) == {"files": 0, "record": 1, "held": 0}

    assert bytes_with(desk.data_path, "heronlike") == []
    assert words(desk, reference) == {}
    assert replay(desk).differences == ()
    with desk.database.read() as session:
        after = as_json(year_figures(session, desk, SCHEME, "2025-26"))
    assert {**after, "data_as_at": before["data_as_at"]} == before


def test_a_hold_with_a_reason_and_a_day_of_review_keeps_everything_until_it_is_lifted(desk, cast, clock):
    reference = closed_case(desk, cast)
    held(desk, cast.olive, reference, LEGAL)
    clock.to(date(2032, 3, 2))
    looked(desk, cast.olive)

    assert dispose(desk) == {"files": 0, "record": 0, "held": 1}
    assert words(desk, reference)

    lifted(desk, cast.olive, reference, 1)
    assert dispose(desk) == {"files": 0, "record": 1, "held": 0}


def test_something_agreed_that_is_not_done_holds_a_case_and_so_does_a_linked_case_that_goes_on(desk, cast, clock):
    reference, going_on = closed_case(desk, cast), lodge(desk, cast.ruth)
    kept(desk, cast.olive, disposes_by_itself="yes")
    clock.to(date(2027, 3, 2))

    def add(table, **values):
        desk.database.transact(lambda session: session.execute(insert(table).values(**values)))
    add(REMEDIES, case_id=1, number=1, kind="apology", owner_id=2, state="open", added_seq=1)
    assert dispose(desk)["held"] == 1
    desk.database.transact(lambda session: session.execute(REMEDIES.update().values(state="done")))
    add(LINKS, case_id=2, other_id=1, kind="related")
    assert dispose(desk) == {"files": 0, "record": 0, "held": 1}, going_on

    with desk.database.read() as session:
        [one] = due(session, desk, desk.scheme(session, SCHEME))
    assert (one.reference, one.held) == (reference, ("a case that belongs to it goes on.",))


def test_a_case_that_goes_on_is_never_due(desk, cast, clock):
    lodge(desk, cast.ruth)

    clock.to(date(2035, 1, 1))

    assert waiting(desk) == []


def test_what_is_held_meanwhile_is_not_let_go_by_a_run_that_had_begun(desk, cast, clock):
    reference = closed_case(desk, cast)
    kept(desk, cast.olive, disposes_by_itself="yes")
    clock.to(date(2032, 3, 2))
    with desk.database.read() as session:
        [found] = due(session, desk, desk.scheme(session, SCHEME))

    held(desk, cast.olive, reference, LEGAL)

    assert not desk.database.transact(lambda session: let_go_now(session, desk, found))
    assert words(desk, reference)


@pytest.mark.parametrize("name", ["ruth", "omar", "maya", "sid", "ops"])
def test_only_a_coordinator_looks_at_the_list_and_holds_a_case_back(desk, cast: Cast, name):
    reference = closed_case(desk, cast)

    with pytest.raises((NotPermitted, NotFound)):
        looked(desk, getattr(cast, name))
    with pytest.raises((NotPermitted, NotFound)):
        held(desk, getattr(cast, name), reference, LEGAL)
