"""A procedure is published by two people, and new cases begin under it from a day on; those that have begun stay where they are."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from conftest import SCHEME, lodge
from two_versions import FIRST, SECOND, SHORT

from breachdesk.audit.chain import read_body
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.open_case import open_case
from breachdesk.casework.procedures import publishing
from breachdesk.casework.procedures.published_files import lock_faults, lock_file, read_lock, require_as_published
from breachdesk.errors import BadProcedure, LogBroken, NotFound, NotPermitted, Refused
from breachdesk.resources import folder
from breachdesk.store import procedures
from breachdesk.store.audit_log import DESK_SUBJECT, entries_of
from breachdesk.store.cases import read_case
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import ProcedureRow

NAME = "short-road"


def add(desk, text, file="file.yaml"):
    return desk.database.transact(lambda session: publishing.add_draft(session, desk, BY_OPERATOR, text, file))


def publish(desk, actor, version="1"):
    return desk.database.transact(lambda session: publishing.publish(session, desk, actor, NAME, version))


def published(desk, cast, *texts):
    """The versions, published by two people."""
    for text in texts:
        made = add(desk, text)
        publish(desk, cast.olive, made.version)
        publish(desk, cast.ops, made.version)


def use(desk, actor, version, day):
    desk.database.transact(lambda session: publishing.use_from(session, desk, actor, SCHEME, NAME, version, day))


def single_officer(desk, allowed=True):
    desk.database.transact(lambda session: publishing.allow_single_officer(session, desk, BY_OPERATOR, SCHEME, allowed))


def events(desk):
    with desk.database.read() as session:
        return [(event, read_body(body)["facts"]) for _, event, body, _ in entries_of(session, DESK_SUBJECT)]


def procedure_of(desk, reference):
    with desk.database.read() as session:
        return desk.procedure(session, read_case(session, reference=reference, to_change=False).head.procedure_digest)


def test_one_person_proposes_and_another_publishes(either_desk, cast):
    made = add(either_desk, FIRST)

    assert publish(either_desk, cast.olive).state == procedures.DRAFT
    assert publish(either_desk, cast.ops).state == procedures.PUBLISHED
    assert [(event, facts["digest"]) for event, facts in events(either_desk)[-3:]] == [
        ("procedure:added", made.digest), ("procedure:proposed", made.digest), ("procedure:published", made.digest)]
    assert events(either_desk)[-1][1]["single_officer"] == ""
    assert verify(either_desk).chains == 1


def test_whoever_proposed_it_cannot_publish_it(desk, cast):
    add(desk, FIRST)
    publish(desk, cast.olive)

    with pytest.raises(Refused, match="You proposed version 1 of “short-road” yourself"):
        publish(desk, cast.olive)


def test_a_single_officer_can_and_the_log_says_so_each_time(desk, cast):
    single_officer(desk)
    add(desk, FIRST)
    publish(desk, cast.olive)

    assert publish(desk, cast.olive).alone
    assert events(desk)[-1][1]["single_officer"] == SCHEME
    with desk.database.read() as session:
        told = [line.says for line in desk_log(session)[0]]
    assert "was published, by one person alone, in the single-officer mode of “derby-and-derbyshire”" in told[0]
    assert told[3] == "In the scheme “derby-and-derbyshire” one person may now do what otherwise takes two."


def test_what_one_person_published_is_not_enough_where_two_are_asked_for_until_a_second_stands_behind_it(desk, cast):
    single_officer(desk)
    add(desk, FIRST)
    publish(desk, cast.olive)
    publish(desk, cast.olive)
    single_officer(desk, allowed=False)

    with pytest.raises(Refused, match="published by one person alone"):
        use(desk, cast.olive, "1", date(2026, 3, 2))
    assert not publish(desk, cast.ops).alone
    use(desk, cast.olive, "1", date(2026, 3, 2))


@pytest.mark.parametrize("who", ["ruth", "maya", "sid"])
def test_nobody_else_may_publish_or_say_what_is_used(desk, cast, who):
    published(desk, cast, FIRST)
    add(desk, SECOND)

    with pytest.raises(NotPermitted):
        publish(desk, cast.at(f"{who}@desk.example"), "2")
    with pytest.raises(NotPermitted):
        use(desk, cast.at(f"{who}@desk.example"), "1", date(2026, 3, 2))


def test_a_published_file_cannot_be_replaced_and_a_draft_can(desk, cast):
    published(desk, cast, FIRST)
    add(desk, SECOND)
    publish(desk, cast.olive, "2")

    with pytest.raises(Refused, match="Version 1 of “short-road” is published, and a published file is never edited"):
        add(desk, FIRST.replace("25 working days", "26 working days"))
    add(desk, SECOND.replace("30 working days", "31 working days"))
    with desk.database.read() as session:
        found = {one.head.version: (one.head.state, one.proposed_by, one.published_by) for one in publishing.versions(session)
                 if one.head.name == NAME}
    assert found == {"1": ("published", "Olive", "Ops"), "2": ("draft", "", "")}, "what was proposed of the earlier draft is void"


def test_a_file_with_faults_is_not_taken_in(desk):
    with pytest.raises(BadProcedure, match="25 wd"):
        add(desk, FIRST.replace("25 working days", "25 wd"))
    with pytest.raises(NotFound, match=r"There is: compact-dispute 1\."), desk.database.read() as session:
        publishing.version_named(session, NAME, "1")


def test_new_cases_begin_under_a_version_from_its_day_and_old_ones_stay(desk, cast, clock):
    old = lodge(desk, cast.ruth)
    published(desk, cast, FIRST, SECOND)
    use(desk, cast.olive, "1", date(2026, 3, 2))
    first = open_case(desk, cast.ruth, SCHEME, SHORT).reference
    use(desk, cast.olive, "2", date(2026, 3, 4))
    between = open_case(desk, cast.ruth, SCHEME, SHORT).reference
    clock.move(days=2)
    second = open_case(desk, cast.ruth, SCHEME, SHORT).reference

    assert [(one.name, one.version) for one in (procedure_of(desk, reference) for reference in (old, first, between, second))] == [
        ("compact-dispute", "1"), (NAME, "1"), (NAME, "1"), (NAME, "2")]


def test_a_draft_and_a_day_that_has_passed_are_refused(desk, cast):
    add(desk, FIRST)

    with pytest.raises(Refused, match="is a draft"):
        use(desk, cast.olive, "1", date(2026, 3, 2))
    publish(desk, cast.olive)
    publish(desk, cast.ops)
    with pytest.raises(Refused, match="1 March 2026 has passed"):
        use(desk, cast.olive, "1", date(2026, 3, 1))


def test_a_text_that_was_changed_behind_the_desks_back_is_found_before_a_case_goes_by_it(desk, cast):
    published(desk, cast, FIRST)
    table = table_of(ProcedureRow)
    with desk.database.begin() as session:
        session.execute(table.update().where(table.c.name == NAME).values(file_text=FIRST.replace("25 working", "5 working")))
        digest = publishing.version_named(session, NAME, "1").digest

    with pytest.raises(LogBroken, match="it was changed afterwards"), desk.database.read() as session:
        desk.procedure(session, digest)


def test_no_published_file_that_comes_with_the_product_was_edited():
    shipped = folder("workflows") / "procedures"

    assert lock_faults(shipped) == []
    assert {one.file for one in read_lock(shipped)} <= {path.name for path in shipped.glob("*.yaml")}


def test_a_locked_file_that_is_edited_or_removed_is_found(tmp_path):
    file = tmp_path / "short-road.v1.yaml"
    file.write_text(FIRST, "utf-8")
    assert lock_file(file).version == "1"
    assert [(one.file, one.digest) for one in read_lock(tmp_path)] == [(file.name, sha256(FIRST.encode()).hexdigest())]
    require_as_published(tmp_path, "short-road.v1")

    file.write_text(f"{FIRST}# A remark.\n", "utf-8")

    with pytest.raises(Refused, match="is published and was edited since: undo that"):
        require_as_published(tmp_path, "short-road.v1")
    with pytest.raises(Refused, match="is locked as version 1"):
        lock_file(file)
    file.unlink()
    assert ["its file is gone" in fault.message for fault in lock_faults(tmp_path)] == [True]
