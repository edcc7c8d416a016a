"""Everything that the desk holds is registered: what is personal, and what is not and why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from conftest import lodge
from rules.code_read import nodes
from rules.privacy_told import DOCUMENT, told

from breachdesk.casework.concerns import ASKS
from breachdesk.casework.files import Incoming
from breachdesk.casework.forgetting.personal_fields import COLUMNS, FILES, LOG_FIELDS, TEXTS, Erasure, all_kept, placed
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.rooms import say_in_room
from breachdesk.resources import folder
from breachdesk.store import migrating
from breachdesk.store.audit_log import DETAILS
from breachdesk.store.tables import METADATA
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.on_behalf import CAME_ON, CHANNEL, READ_BACK, READ_BACK_ON, READ_BACK_TO, SAID_BY


def test_every_column_of_every_table_is_registered_and_no_other():
    assert migrating.newest()     # Loading it loads every table.

    known = {f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.columns}

    assert placed(COLUMNS).keys() ^ known == set()


@pytest.mark.parametrize("file", sorted(folder("workflows").glob("procedures/*.yaml")), ids=lambda file: file.stem)
def test_every_question_that_a_shipped_procedure_asks_in_words_is_registered(file):
    procedure = load_procedure(file.read_text("utf-8"), file.name)

    asked = {ask.name for action in procedure.actions.values() for ask in action.asks if ask.personal}

    assert asked - placed(TEXTS).keys() == set()


def test_every_text_that_is_asked_beside_the_procedures_is_registered():
    beside = {ask.name for ask in ASKS if ask.personal} | {SAID_BY, READ_BACK_TO}

    assert beside - placed(TEXTS).keys() == set()
    assert not {CHANNEL, CAME_ON, READ_BACK, READ_BACK_ON} & placed(TEXTS).keys()


def calls(*names: str) -> Iterator[ast.Call]:
    """Every call of a function or method of one of these names in the product."""
    return (node for _, node in nodes(ast.Call) if {getattr(node.func, "id", ""), getattr(node.func, "attr", "")} & {*names})


def test_every_text_that_is_written_under_a_name_of_its_own_is_registered():
    literal = {one.args[0].value for one in calls("salted") if one.args and isinstance(one.args[0], ast.Constant)}

    assert literal
    assert literal - placed(TEXTS).keys() == set()


def test_what_is_said_in_a_room_and_what_a_file_is_called_is_registered(desk, cast):
    reference = lodge(desk, cast.ruth)
    say_in_room(desk, cast.ruth, reference, "shared", "Words.", file=Incoming("ours.txt", b"Words in a file."))

    with desk.database.read() as session:
        written = {row.name for row in session.all(DETAILS.select())}

    assert {"words", "file", "contact"} <= written
    assert written - placed(TEXTS).keys() == set()


def test_everything_in_the_desks_folder_is_registered(desk, cast):
    reference = lodge(desk, cast.ruth)
    say_in_room(desk, cast.ruth, reference, "shared", "Words.", file=Incoming("ours.txt", b"Words in a file."))
    send_waiting_notices(desk)

    there = {f"{path.name}/" if path.is_dir() else path.name.removesuffix("-wal").removesuffix("-shm").removesuffix("-journal")
             for path in desk.data_path.iterdir()}

    assert {"files/", "outbox/", "breachdesk.db"} <= there
    assert there - placed(FILES).keys() == set()


def test_every_field_of_the_programs_log_is_registered_and_no_other():
    written = {word.arg for one in calls("info", "warning", "error", "exception", "critical")
               if isinstance(one.func, ast.Attribute) and getattr(one.func.value, "id", "") == "log" for word in one.keywords}

    assert written ^ LOG_FIELDS.keys() == set()


def test_what_is_personal_says_whose_it_is_and_what_erasure_does_and_what_is_not_says_why():
    for one in all_kept():
        assert one.why, one.places
        assert one.personal == isinstance(one.erasure, Erasure), one.places


def test_the_record_of_processing_in_the_documents_is_made_from_the_registry():
    text = DOCUMENT.read_text("utf-8")

    assert told(text) == text, "make it anew: .venv/bin/python tests/rules/privacy_told.py"
