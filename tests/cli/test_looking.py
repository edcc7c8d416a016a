"""Commands that look: schemes, Compacts, procedures, timers, figures, and whether the desk is well."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from breachdesk.cli.output import the_desk
from breachdesk.resources import folder, text
from breachdesk.store.tables import DetailRow, NoticeRow, TimerRow, table_of
from breachdesk.store.tables_desk import RoleRow

SLUG = "derby-and-derbyshire"


def broken(row, **values):
    """Change a table behind everybody's back."""
    with the_desk() as desk, desk.database.begin() as session:
        session.execute(table_of(row).update().values(**values))


def test_a_scheme_shows_what_it_operates_and_who_can_help(practice):
    scheme = json.loads(practice("scheme", "show", SLUG, "--json").stdout)

    assert scheme["operates"] == [{"edition": "V0.4", "from": "2016-12-08", "to": None}]
    assert (scheme["procedure"]["name"], scheme["procedure"]["version"], scheme["calendar"]["name"]) == (
        "compact-dispute", "1", "england-and-wales")
    assert {(one["sector"], one["area"]) for one in scheme["critical_friends"]} == {
        (sector, area) for sector in ("statutory", "voluntary") for area in ("Derby", "Derbyshire")}
    told = practice("scheme", "show", SLUG).stdout
    assert "V0.4     Thursday 8 December 2016  (still operated)" in told
    assert "Data controller: Amberdale Council" in told


def test_the_printed_example_sets_a_scheme_up_on_a_real_desk(run, written):
    run("desk", "create")
    file = written(run("scheme", "create", "--example").stdout, "scheme.yaml")

    assert "References begin with" in run("scheme", "create", "--file", file).stdout.replace("references", "References")
    assert json.loads(run("scheme", "list", "--json").stdout)[0]["slug"] == SLUG
    assert "already" in run("scheme", "create", "--file", file, expect=1).stderr


def test_showing_a_scheme_says_what_is_needed_before_its_first_case_and_ends_with_one_while_something_is_missing(practice, run, written):
    assert json.loads(practice("scheme", "show", SLUG, "--json").stdout)["set_up"]["complete"]
    broken(RoleRow, to_on=date(2026, 3, 1))

    told = run("scheme", "show", SLUG, expect=1).stdout

    assert "Seven things are needed before the first case, and five are there." in told
    assert "MISSING  Critical friends  Derby, Statutory sector: nobody yet; Derby, Vol" in told


def test_every_fault_of_a_scheme_file_has_its_place(practice, written):
    file = written(text("workflows", "schemes", f"{SLUG}.yaml").replace("calendar: england", "calender: england").replace(
        "edition: V0.4", "edition: V0.5"), "scheme.yaml")

    said = practice("scheme", "create", "--file", file, expect=1).stderr.splitlines()

    assert len(said) == 3
    assert all(line.startswith(f"{file}:") for line in said)
    assert any("“calender” is not known here; did you mean “calendar”?" in line for line in said)


def test_a_commitment_is_shown_word_for_word_without_a_desk(run):
    told = run("compact", "show", SLUG, "--commitment", "13.2").stdout

    assert "three months" in told
    assert "13.2 " in told
    assert "13.1 " not in told


def test_commitments_are_found_by_words_and_the_nearest_when_none_has_all(run):
    found = json.loads(run("compact", "show", SLUG, "--search", "three months notice", "--json").stdout)["commitments"]
    near = run("compact", "show", SLUG, "--search", "notice elephants").stdout

    assert "13.2" in [one["code"] for one in found]
    assert "No commitment has all these words. The nearest:" in near


def test_what_there_is_not_is_said_with_what_was_probably_meant(run):
    assert "did you mean “derby-and-derbyshire”?" in run("compact", "show", "derby-derbyshire", expect=1).stderr
    assert "There is no commitment 7.2" in run("compact", "show", SLUG, "--commitment", "7.2", expect=1).stderr


def test_the_shipped_compact_and_the_desks_are_told_apart(run, practice):
    listed = json.loads(practice("compact", "list", "--json").stdout)

    assert listed[0] == {"slug": SLUG, "title": "The Derby and Derbyshire Compact", "editions": ["V0.4"], "commitments": {"V0.4": 80},
                         "held": True}
    assert {one["slug"]: sum(one["commitments"].values()) for one in listed if not one["held"]}.items() >= {
        "herefordshire": 0, "high-peak": 43, "salford": 0, "south-derbyshire": 0}.items()
    assert "Draft 2 (no wording)" in practice("compact", "list").stdout


def test_a_compact_without_wording_says_so_and_what_to_do(run):
    told = run("compact", "show", "salford").stdout

    assert "the appendix is not in the source" in told
    assert "breachdesk compact import" in told


def test_numbers_that_the_desk_gave_are_marked(run):
    assert "The numbers are given by this desk; the text prints none." in run("compact", "show", "high-peak").stdout


def test_the_shipped_files_have_no_fault(run, written):
    file = written(run("workflow", "check", "--example").stdout, "procedure.yaml")
    compact = written(text("workflows", "compacts", f"{SLUG}.yaml"), "compact.yaml")
    scheme = written(text("workflows", "schemes", f"{SLUG}.yaml"), "scheme.yaml")

    told = run("workflow", "check", file, compact, scheme).stdout.splitlines()

    assert [line.split(": ")[1].split(" without")[0] for line in told] == ["a procedure", "a Compact", "a scheme"]


def test_a_check_says_how_long_a_case_takes_when_nobody_acts(run, written):
    file = written(run("workflow", "check", "--example").stdout, "procedure.yaml")

    [found] = json.loads(run("workflow", "check", file, "--json").stdout)

    steps = found["when_only_the_clock_acts"]
    assert f"within {found['ends_within_working_days']} working days" in found["says"]
    assert found["faults"] == []
    assert steps[-1] == {"working_day": found["ends_within_working_days"], "action": "end_panel_by_clock", "status": "closed"}


def test_every_fault_of_every_file_is_printed_with_its_place(run, written):
    wrong = written(text("workflows", "procedures", "compact-dispute.v1.yaml").replace("lasts: 5 working days", "lasts: 5 wd", 1).replace(
        "to: direct_open", "to: direct_opne", 1), "wrong.yaml")
    empty = written("", "empty.yaml")

    told = run("workflow", "check", wrong, empty, expect=1).stdout.splitlines()
    data = json.loads(run("workflow", "check", wrong, empty, "--json", expect=1).stdout)

    assert any("“5 wd” is not a limit" in line for line in told)
    assert any("there is no status “direct_opne”; did you mean “direct_open”?" in line for line in told)
    assert told[-1] == f"{empty}:1:1: the file is empty"
    assert [f"{one['file']}:{fault['line']}:{fault['column']}: {fault['message']}" for one in data for fault in one["faults"]] == told


@pytest.mark.parametrize("name", ["compact-dispute.v1", "file"])
def test_a_procedure_is_shown_in_words(run, written, name):
    told = run("workflow", "show", written(run("workflow", "check", "--example").stdout, "x.yaml") if name == "file" else name).stdout

    assert "Woking Compact (20 working days)" in told
    assert "Not settled with the critical friend" in told


def test_timers_are_listed_up_to_a_day(practice, lodged):
    assert practice("timers", "due").stdout == "Nothing falls due.\n"

    due = json.loads(practice("timers", "due", "--until", "2026-03-10", "--json").stdout)

    assert [(one["limit"], one["rung"], one["due_on"], one["fires_at"]) for one in due] == [
        ("acknowledge", -1, "2026-03-09", "2026-03-06T00:00:00+00:00"), ("forward", -5, "2026-03-16", "2026-03-09T00:00:00+00:00"),
        ("acknowledge", 0, "2026-03-09", "2026-03-10T00:00:00+00:00")]


def test_what_is_due_is_done_now(practice, lodged):
    broken(TimerRow, fires_at=None)
    with the_desk() as desk, desk.database.begin() as session:
        timers = table_of(TimerRow)
        session.execute(timers.update().where(timers.c.kind == "acknowledge", timers.c.rung == 0).values(fires_at=desk.now(session)))

    assert [one["did"] for one in json.loads(practice("timers", "fire", "--json").stdout)] == ["acknowledge_by_clock"]
    assert practice("timers", "fire").stdout == "Nothing was due.\n"


def test_the_years_figures_come_as_json_and_as_a_table(practice, lodged):
    figures = json.loads(practice("statistics", "--scheme", SLUG, "--year", "2025-26").stdout)
    rows = list(csv.DictReader(io.StringIO(practice("statistics", "--year", "2025-26", "--format", "csv").stdout)))

    assert (figures["year"], figures["edition"], figures["data_as_at"]) == ("2025-26", "steering", "2026-03-02")
    assert next(one["value"] for one in figures["measures"] if one["id"] == "A2") == 1
    assert [row["value"] for row in rows if row["id"] == "A2"] == ["1"]
    assert json.loads(practice("statistics", "--public").stdout)["edition"] == "public"


def test_a_year_that_is_none_is_wrong_usage(practice):
    assert "write it as 2025-26" in " ".join(practice("statistics", "--year", "2025", expect=2).stderr.split())


def test_a_record_that_is_whole_is_counted(practice, lodged):
    told = json.loads(practice("audit", "verify", "--json").stdout)

    assert (told["whole"], told["chains"], told["erased"]) == (True, 2, 0)


def test_a_record_that_was_changed_ends_with_1_and_the_first_bad_entry(practice, lodged):
    broken(DetailRow, value="something else")

    assert practice("audit", "verify", expect=1).stderr.startswith(f"{lodged}, entry 1: the words for “")


def test_a_desk_that_is_well_says_so(practice, lodged):
    told = practice("check").stdout

    assert "WRONG" not in told
    compacts, schemes = (len(list(folder("workflows").glob(f"{part}/*.yaml"))) for part in ("compacts", "schemes"))
    assert f", {compacts} Compacts, {schemes} schemes, 0 faults" in told
    assert "a practice desk with 1 open of 1 cases" in told


@pytest.mark.parametrize(("row", "values", "said"), [
    (TimerRow, {"tries": 1}, "WRONG  timers: "), (NoticeRow, {"tries": 3, "trouble": "The mail server is gone."}, "WRONG  messages: ")])
def test_what_is_in_trouble_makes_the_check_fail(practice, lodged, row, values, said):
    broken(row, **values)

    assert said in practice("check", expect=1).stdout


def test_without_a_desk_the_check_says_what_is_missing(run):
    told = run("check", expect=1).stdout

    assert "well   files" in told
    assert "WRONG  database: There is no desk here yet" in told


def test_the_files_are_checked_even_when_the_settings_are_wrong(run, monkeypatch):
    monkeypatch.setenv("BREACHDESK_BIND", "here")

    assert run("check", expect=1).stdout.splitlines()[1].startswith("WRONG  settings: BREACHDESK_BIND")


def test_somebody_new_can_sign_in_with_the_password_that_is_printed_once(practice):
    made = json.loads(practice("account", "add", "--email", "Nina@Riverside.example", "--name", "Nina Ferris", "--organisation",
                               "riverside-carers", "--role", "steering_group", "--json").stdout)

    accounts = {one["email"]: one for one in json.loads(practice("account", "list", "--json").stdout)}
    assert len(made["password"]) >= 12
    assert accounts["nina@riverside.example"]["roles"] == ["steering_group"]
    assert accounts["nina@riverside.example"]["organisations"] == ["Riverside Carers"]


def test_a_password_from_standard_input_is_not_printed(practice):
    words = ["account", "add", "--email", "nina@riverside.example", "--name", "Nina Ferris", "--password-stdin"]

    assert "a long password" not in practice(*words, typed="a long password\n").output
    assert "nothing came in" in practice(*words, typed="", expect=2).stderr


def test_each_field_of_an_account_that_cannot_be_is_named(practice):
    said = practice("account", "add", "--email", "nina", "--name", "Nina\nFerris", "--organisation", "riverside", "--role", "boss",
                    expect=1).stderr

    assert [line.split(":")[0] for line in said.splitlines()] == ["email", "name", "organisation", "role"]


def test_an_organisation_gets_a_short_name_for_files(practice):
    assert "it is called st-annes-hall" in practice("organisation", "add", "--name", "St Annes Hall", "--sector", "voluntary").stdout
    assert "There is no sector" in practice("organisation", "add", "--name", "Another", "--sector", "private", expect=1).stderr
    assert {"slug": "st-annes-hall", "name": "St Annes Hall", "sector": "voluntary"} in json.loads(
        practice("organisation", "list", "--json").stdout)


@pytest.mark.parametrize(("form", "begins"), [
    ("svg", "<?xml"), ("mermaid", "flowchart TB\n"), ("bpmn", "<?xml"), ("table", "What to do if things go wrong (")])
def test_a_procedure_is_drawn_and_printed_or_written_to_a_file(run, tmp_path, form, begins):
    printed = run("workflow", "show", "compact-dispute.v1", "--format", form).stdout
    file = tmp_path / "drawn"

    told = run("workflow", "show", "compact-dispute.v1", "--format", form, "--output", file).stdout

    assert printed.startswith(begins)
    assert "Ask for a critical friend" in printed
    assert file.read_text("utf-8") == printed
    assert told == f"Written to {file}.\n"


def test_the_edges_of_a_procedure_are_there_for_programs(run):
    edges = json.loads(run("workflow", "show", "compact-dispute.v1", "--json").stdout)["edges"]

    assert {"from": None, "to": "received", "by_clock": False, "actions": ["lodge"]} in edges
    assert {"from": "screening", "to": "cf_appointing", "by_clock": True, "actions": ["admit_by_clock"]} in edges
